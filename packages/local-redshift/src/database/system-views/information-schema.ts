import { plainTypeText } from "../../sql/sql-type.ts";
import type { RelationObject } from "../catalogue-object.ts";
import { defaultOf, knownRelations, viewDefinition } from "./relation-facts.ts";
import { int4, name, text, type SystemView, type SystemViews } from "./system-view.ts";
import { numericPrecision, numericScale, textLength } from "./type-catalog.ts";

/** A materialized view is a view to the catalogue, and tools tell it by its definition. */
const tableTypes = { table: "BASE TABLE", view: "VIEW", "materialized view": "VIEW" } as const;

const tableType = (relation: RelationObject) =>
  relation.kind === "table" && relation.temporary === true ? "LOCAL TEMPORARY" : tableTypes[relation.kind];

const tables: SystemView = {
  columns: [
    ["table_catalog", name],
    ["table_schema", name],
    ["table_name", name],
    ["table_type", text],
    ["self_referencing_column_name", name],
    ["reference_generation", text],
    ["user_defined_type_catalog", name],
    ["user_defined_type_schema", name],
    ["user_defined_type_name", name],
  ],
  rows: (world) =>
    knownRelations(world).map((relation) => [
      world.settings.databaseName,
      relation.schema,
      relation.name,
      tableType(relation),
      null,
      null,
      null,
      null,
      null,
    ]),
};

const svvTables: SystemView = {
  columns: [
    ["table_catalog", text],
    ["table_schema", text],
    ["table_name", text],
    ["table_type", text],
    ["remarks", text],
  ],
  rows: (world) =>
    knownRelations(world).map((relation) => [
      world.settings.databaseName,
      relation.schema,
      relation.name,
      tableType(relation),
      relation.comment ?? null,
    ]),
};

/** What SVV_COLUMNS has; the information schema's own view goes on with columns that PostgreSQL 8.0 fills for other purposes. */
const columns: SystemView = {
  columns: [
    ["table_catalog", text],
    ["table_schema", text],
    ["table_name", text],
    ["column_name", text],
    ["ordinal_position", int4],
    ["column_default", text],
    ["is_nullable", text],
    ["data_type", text],
    ["character_maximum_length", int4],
    ["numeric_precision", int4],
    ["numeric_precision_radix", int4],
    ["numeric_scale", int4],
    ["datetime_precision", int4],
    ["interval_type", text],
    ["interval_precision", text],
    ["character_set_catalog", text],
    ["character_set_schema", text],
    ["character_set_name", text],
    ["collation_catalog", text],
    ["collation_schema", text],
    ["collation_name", text],
    ["domain_name", text],
    ["remarks", text],
  ],
  rows: (world) =>
    knownRelations(world).flatMap((relation) =>
      relation.columns.map((column, index) => {
        const { type } = column;
        const precision = numericPrecision(type);
        return [
          world.settings.databaseName,
          relation.schema,
          relation.name,
          column.name,
          index + 1,
          defaultOf(column),
          column.nullable ? "YES" : "NO",
          plainTypeText(type),
          textLength(type),
          precision,
          precision === null ? null : type.name === "numeric" ? 10 : 2,
          numericScale(type),
          type.name.startsWith("time") ? 6 : null,
          ...Array.from({ length: 10 }, () => null),
        ];
      }),
    ),
};

const views: SystemView = {
  columns: [
    ["table_catalog", name],
    ["table_schema", name],
    ["table_name", name],
    ["view_definition", text],
    ["check_option", text],
    ["is_updatable", text],
    ["is_insertable_into", text],
  ],
  rows: (world) =>
    knownRelations(world).flatMap((relation) => {
      const definition = viewDefinition(relation);
      if (definition === undefined) return [];
      return [[world.settings.databaseName, relation.schema, relation.name, definition, "NONE", "NO", "NO"]];
    }),
};

const schemata: SystemView = {
  columns: [
    ["catalog_name", name],
    ["schema_name", name],
    ["schema_owner", name],
    ["default_character_set_catalog", name],
    ["default_character_set_schema", name],
    ["default_character_set_name", name],
    ["sql_path", text],
  ],
  rows: (world) =>
    world.catalogue.schemas.map((schema) => [
      world.settings.databaseName,
      schema.name,
      schema.owner,
      null,
      null,
      null,
      null,
    ]),
};

/** Tables and columns as the SQL standard names them. */
export const informationSchemaViews: SystemViews = {
  "information_schema.columns": columns,
  "information_schema.schemata": schemata,
  "information_schema.tables": tables,
  "information_schema.views": views,
  svv_columns: columns,
  svv_tables: svvTables,
};
