import { varchar } from "../../sql/sql-type.ts";
import { isRelation } from "../catalogue.ts";
import type { RelationObject, TableConstraint, TableObject } from "../catalogue-object.ts";
import { databaseName, listing, type ListedColumn } from "./listing.ts";
import { schemaOid } from "./pg-catalog/namespaces.ts";
import { knownRelations } from "./relation-facts.ts";
import { bool, char, int4, name, oid, text, type SystemViews, type SystemWorld } from "./system-view.ts";

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

/** `{1,2}`. */
function columnNumbers(relation: RelationObject, columns: readonly string[]): string {
  return `{${columns.map((column) => relation.columns.findIndex((other) => other.name === column) + 1).join(",")}}`;
}

function referencedNumbers({ references }: TableConstraint, world: SystemWorld): string | null {
  const table = references && world.catalogue.get(references.oid);
  if (references === undefined || table === undefined || !isRelation(table)) return null;
  return columnNumbers(table, references.columns);
}

const kindLetters = { "primary key": "p", unique: "u", "foreign key": "f" } as const;

const pgConstraint = listing({
  of: knownConstraints,
  columns: [
    ["oid", oid, ({ table, place }) => table.oid * numbersOfTable + place],
    ["conname", name, ({ constraint }) => constraint.name],
    ["connamespace", oid, ({ table }, world) => schemaOid(table.schema, world)],
    ["contype", char(1), ({ constraint }) => kindLetters[constraint.kind]],
    ["condeferrable", bool, false],
    ["condeferred", bool, false],
    ["conrelid", oid, ({ table }) => table.oid],
    ["contypid", oid, 0],
    ["confrelid", oid, ({ constraint }) => constraint.references?.oid ?? 0],
    ["confupdtype", char(1), " "],
    ["confdeltype", char(1), " "],
    ["confmatchtype", char(1), " "],
    ["conkey", text, ({ table, constraint }) => columnNumbers(table, constraint.columns)],
    ["confkey", text, ({ constraint }, world) => referencedNumbers(constraint, world)],
    ["conbin", text, null],
    ["consrc", text, null],
  ],
});

/** A constraint and its table. */
const placeColumns: readonly ListedColumn<KnownConstraint>[] = [
  ["constraint_catalog", name, databaseName],
  ["constraint_schema", name, ({ table }) => table.schema],
  ["constraint_name", name, ({ constraint }) => constraint.name],
  ["table_catalog", name, databaseName],
  ["table_schema", name, ({ table }) => table.schema],
  ["table_name", name, ({ table }) => table.name],
];

const tableConstraints = listing({
  of: knownConstraints,
  columns: [
    ...placeColumns,
    ["constraint_type", varchar(32), ({ constraint }) => constraint.kind.toUpperCase()],
    ["is_deferrable", varchar(3), "NO"],
    ["initially_deferred", varchar(3), "NO"],
  ],
});

const keyColumnUsage = listing({
  of: (world) =>
    knownConstraints(world).flatMap((known) =>
      known.constraint.columns.map((column, index) => ({ ...known, column, position: index + 1 })),
    ),
  columns: [
    ...placeColumns,
    ["column_name", name, ({ column }) => column],
    ["ordinal_position", int4, ({ position }) => position],
  ],
});

/** Primary keys, unique constraints and foreign keys. */
export const constraintViews: SystemViews = {
  "information_schema.key_column_usage": keyColumnUsage,
  "information_schema.table_constraints": tableConstraints,
  pg_constraint: pgConstraint,
};
