import { plainTypeText, precisionOf, scaleOf, varchar } from "../../sql/sql-type.ts";
import { int4, name as text, type SystemView, type SystemViews } from "./system-view.ts";

const kindWords = { table: "BASE TABLE", view: "VIEW", "materialized view": "BASE TABLE" } as const;

const tables: SystemView = {
  columns: [
    ["table_catalog", text],
    ["table_schema", text],
    ["table_name", text],
    ["table_type", text],
  ],
  rows: (world) =>
    world.catalogue.relations.map((relation) => [
      world.settings.databaseName,
      relation.schema,
      relation.name,
      kindWords[relation.kind],
    ]),
};

const columns: SystemView = {
  columns: [
    ["table_catalog", text],
    ["table_schema", text],
    ["table_name", text],
    ["column_name", text],
    ["ordinal_position", int4],
    ["column_default", text],
    ["is_nullable", varchar(3)],
    ["data_type", text],
    ["character_maximum_length", int4],
    ["numeric_precision", int4],
    ["numeric_scale", int4],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.columns.map((column, index) => [
        world.settings.databaseName,
        relation.schema,
        relation.name,
        column.name,
        index + 1,
        column.default ?? null,
        column.nullable ? "YES" : "NO",
        plainTypeText(column.type),
        column.type.length ?? null,
        column.type.name.startsWith("int") || column.type.name === "numeric" ? precisionOf(column.type) : null,
        column.type.name.startsWith("int") || column.type.name === "numeric" ? scaleOf(column.type) : null,
      ]),
    ),
};

const schemata: SystemView = {
  columns: [
    ["catalog_name", text],
    ["schema_name", text],
    ["schema_owner", text],
  ],
  rows: (world) => world.catalogue.schemas.map((schema) => [world.settings.databaseName, schema.name, schema.owner]),
};

/** Tables and columns as the SQL standard names them. */
export const informationSchemaViews: SystemViews = {
  "information_schema.columns": columns,
  "information_schema.schemata": schemata,
  "information_schema.tables": tables,
  svv_columns: columns,
  svv_tables: tables,
};
