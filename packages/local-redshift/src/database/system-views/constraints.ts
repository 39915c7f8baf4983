import { varchar } from "../../sql/sql-type.ts";
import { isRelation } from "../catalogue.ts";
import type { RelationObject, TableConstraint, TableObject } from "../catalogue-object.ts";
import { knownRelations } from "./relation-facts.ts";
import {
  bool,
  char,
  int4,
  name,
  oid,
  text,
  type Cell,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

/** Constraints have no numbers of their own: theirs are made of their table's. */
const numbersOfTable = 1000;

interface KnownConstraint {
  readonly table: TableObject;
  readonly constraint: TableConstraint;
  /** From 1. */
  readonly place: number;
}

/** The constraints of tables that the asking user may know of. */
const knownConstraints = (world: SystemWorld): readonly KnownConstraint[] =>
  knownRelations(world)
    .filter((relation) => relation.kind === "table")
    .flatMap((table) =>
      (table.constraints ?? []).map((constraint, index) => ({ table, constraint, place: index + 1 })),
    );

const pgConstraint: SystemView = {
  columns: [
    ["oid", oid],
    ["conname", name],
    ["connamespace", oid],
    ["contype", char(1)],
    ["condeferrable", bool],
    ["condeferred", bool],
    ["conrelid", oid],
    ["contypid", oid],
    ["confrelid", oid],
    ["confupdtype", char(1)],
    ["confdeltype", char(1)],
    ["confmatchtype", char(1)],
    ["conkey", text],
    ["confkey", text],
    ["conbin", text],
    ["consrc", text],
  ],
  rows: (world) =>
    knownConstraints(world).map(({ table, constraint, place }) => [
      table.oid * numbersOfTable + place,
      constraint.name,
      world.catalogue.schema(table.schema)?.oid ?? 0,
      { "primary key": "p", unique: "u", "foreign key": "f" }[constraint.kind],
      false,
      false,
      table.oid,
      0,
      constraint.references?.oid ?? 0,
      " ",
      " ",
      " ",
      columnNumbers(table, constraint.columns),
      referencedNumbers(constraint, world),
      null,
      null,
    ]),
};

/** `{1,2}`. */
function columnNumbers(relation: RelationObject, columns: readonly string[]): string {
  return `{${columns.map((column) => relation.columns.findIndex((other) => other.name === column) + 1).join(",")}}`;
}

function referencedNumbers({ references }: TableConstraint, world: SystemWorld): string | null {
  const table = references && world.catalogue.get(references.oid);
  if (references === undefined || table === undefined || !isRelation(table)) return null;
  return columnNumbers(table, references.columns);
}

const tableConstraints: SystemView = {
  columns: [
    ["constraint_catalog", name],
    ["constraint_schema", name],
    ["constraint_name", name],
    ["table_catalog", name],
    ["table_schema", name],
    ["table_name", name],
    ["constraint_type", varchar(32)],
    ["is_deferrable", varchar(3)],
    ["initially_deferred", varchar(3)],
  ],
  rows: (world) =>
    knownConstraints(world).map(({ table, constraint }) => [
      ...constraintPlace(table, constraint, world),
      constraint.kind.toUpperCase(),
      "NO",
      "NO",
    ]),
};

const keyColumnUsage: SystemView = {
  columns: [
    ["constraint_catalog", name],
    ["constraint_schema", name],
    ["constraint_name", name],
    ["table_catalog", name],
    ["table_schema", name],
    ["table_name", name],
    ["column_name", name],
    ["ordinal_position", int4],
  ],
  rows: (world) =>
    knownConstraints(world).flatMap(({ table, constraint }) =>
      constraint.columns.map((column, index) => [...constraintPlace(table, constraint, world), column, index + 1]),
    ),
};

/** Catalogue, schema and name of a constraint, and of its table. */
function constraintPlace(table: TableObject, constraint: TableConstraint, world: SystemWorld): readonly Cell[] {
  const { databaseName } = world.settings;
  return [databaseName, table.schema, constraint.name, databaseName, table.schema, table.name];
}

/** Primary keys, unique constraints and foreign keys. */
export const constraintViews: SystemViews = {
  "information_schema.key_column_usage": keyColumnUsage,
  "information_schema.table_constraints": tableConstraints,
  pg_constraint: pgConstraint,
};
