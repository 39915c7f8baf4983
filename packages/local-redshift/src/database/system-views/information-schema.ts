import { plainTypeText } from "../../sql/sql-type.ts";
import type { RelationObject } from "../catalogue-object.ts";
import { databaseName, listing } from "./listing.ts";
import { defaultOf, knownColumns, knownRelations, withDefinitions, type KnownColumn } from "./relation-facts.ts";
import { int4, name, text, type SystemViews } from "./system-view.ts";
import { numericPrecision, numericScale, textLength } from "./type-catalog.ts";

/** A materialized view is a view to the catalogue, and tools tell it by its definition. */
const tableTypes = { table: "BASE TABLE", view: "VIEW", "materialized view": "VIEW" } as const;

const tableType = (relation: RelationObject) =>
  relation.kind === "table" && relation.temporary === true ? "LOCAL TEMPORARY" : tableTypes[relation.kind];

const tables = listing({
  of: knownRelations,
  columns: [
    ["table_catalog", name, databaseName],
    ["table_schema", name, (relation) => relation.schema],
    ["table_name", name, (relation) => relation.name],
    ["table_type", text, tableType],
    ["self_referencing_column_name", name, null],
    ["reference_generation", text, null],
    ["user_defined_type_catalog", name, null],
    ["user_defined_type_schema", name, null],
    ["user_defined_type_name", name, null],
  ],
});

const svvTables = listing({
  of: knownRelations,
  columns: [
    ["table_catalog", text, databaseName],
    ["table_schema", text, (relation) => relation.schema],
    ["table_name", text, (relation) => relation.name],
    ["table_type", text, tableType],
    ["remarks", text, (relation) => relation.comment ?? null],
  ],
});

/** Digits are those of 10 or of 2. */
function precisionRadix({ column: { type } }: KnownColumn): number | null {
  if (numericPrecision(type) === null) return null;
  return type.name === "numeric" ? 10 : 2;
}

/** What SVV_COLUMNS has; the information schema's own view goes on with columns that PostgreSQL 8.0 fills for other purposes. */
const columns = listing({
  of: knownColumns,
  columns: [
    ["table_catalog", text, databaseName],
    ["table_schema", text, ({ relation }) => relation.schema],
    ["table_name", text, ({ relation }) => relation.name],
    ["column_name", text, ({ column }) => column.name],
    ["ordinal_position", int4, ({ position }) => position],
    ["column_default", text, ({ column }) => defaultOf(column)],
    ["is_nullable", text, ({ column }) => (column.nullable ? "YES" : "NO")],
    ["data_type", text, ({ column }) => plainTypeText(column.type)],
    ["character_maximum_length", int4, ({ column }) => textLength(column.type)],
    ["numeric_precision", int4, ({ column }) => numericPrecision(column.type)],
    ["numeric_precision_radix", int4, precisionRadix],
    ["numeric_scale", int4, ({ column }) => numericScale(column.type)],
    ["datetime_precision", int4, ({ column }) => (column.type.name.startsWith("time") ? 6 : null)],
    ["interval_type", text, null],
    ["interval_precision", text, null],
    ["character_set_catalog", text, null],
    ["character_set_schema", text, null],
    ["character_set_name", text, null],
    ["collation_catalog", text, null],
    ["collation_schema", text, null],
    ["collation_name", text, null],
    ["domain_name", text, null],
    ["remarks", text, null],
  ],
});

const views = listing({
  of: (world) => withDefinitions(knownRelations(world), world),
  columns: [
    ["table_catalog", name, databaseName],
    ["table_schema", name, ({ relation }) => relation.schema],
    ["table_name", name, ({ relation }) => relation.name],
    ["view_definition", text, ({ definition }) => definition],
    ["check_option", text, "NONE"],
    ["is_updatable", text, "NO"],
    ["is_insertable_into", text, "NO"],
  ],
});

const schemata = listing({
  of: (world) => world.catalogue.schemas,
  columns: [
    ["catalog_name", name, databaseName],
    ["schema_name", name, (schema) => schema.name],
    ["schema_owner", name, (schema) => schema.owner],
    ["default_character_set_catalog", name, null],
    ["default_character_set_schema", name, null],
    ["default_character_set_name", name, null],
    ["sql_path", text, null],
  ],
});

/** Tables and columns as the SQL standard names them. */
export const informationSchemaViews: SystemViews = {
  "information_schema.columns": columns,
  "information_schema.schemata": schemata,
  "information_schema.tables": tables,
  "information_schema.views": views,
  svv_columns: columns,
  svv_tables: svvTables,
};
