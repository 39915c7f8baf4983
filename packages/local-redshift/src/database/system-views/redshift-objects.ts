import { plainTypeText, varchar } from "../../sql/sql-type.ts";
import { userId } from "./owners.ts";
import { defaultOf, encodingOf, isDistributionKey, knownRelations, sortKeyPlace } from "./relation-facts.ts";
import { bool, int4, type Cell, type SystemView, type SystemViews, type SystemWorld } from "./system-view.ts";
import { numericPrecision, numericScale, textLength } from "./type-catalog.ts";

const wide = varchar(128);

const databases: SystemView = {
  columns: [
    ["database_name", wide],
    ["database_owner", int4],
    ["database_type", varchar(32)],
    ["database_acl", varchar(128)],
    ["database_options", varchar(128)],
    ["database_isolation_level", varchar(128)],
  ],
  rows: (world) => [
    [
      world.settings.databaseName,
      userId(world.catalogue.database.owner, world),
      "local",
      null,
      null,
      "Snapshot Isolation",
    ],
  ],
};

const schemaCells = (world: SystemWorld, external: boolean) =>
  world.catalogue.schemas
    .filter((schema) => external || schema.kinesis === undefined)
    .map((schema): Cell[] => [
      world.settings.databaseName,
      schema.name,
      userId(schema.owner, world),
      schema.kinesis === undefined ? "local" : "external",
      null,
    ]);

const schemas: SystemView = {
  columns: [
    ["database_name", wide],
    ["schema_name", wide],
    ["schema_owner", int4],
    ["schema_type", varchar(128)],
    ["schema_acl", varchar(128)],
    ["schema_option", varchar(128)],
  ],
  rows: (world) => schemaCells(world, false).map((cells) => [...cells, null]),
};

const allSchemas: SystemView = {
  columns: [
    ["database_name", wide],
    ["schema_name", wide],
    ["schema_owner", int4],
    ["schema_type", varchar(128)],
    ["schema_acl", varchar(128)],
    ["source_database", varchar(128)],
    ["schema_option", varchar(256)],
  ],
  rows: (world) => schemaCells(world, true).map((cells) => [...cells, null, null]),
};

const tables: SystemView = {
  columns: [
    ["database_name", wide],
    ["schema_name", wide],
    ["table_name", wide],
    ["table_type", wide],
    ["table_acl", wide],
    ["remarks", wide],
  ],
  rows: (world) =>
    knownRelations(world).map((relation) => [
      world.settings.databaseName,
      relation.schema,
      relation.name,
      relation.kind === "table" ? "TABLE" : "VIEW",
      null,
      relation.comment ?? null,
    ]),
};

const columns: SystemView = {
  columns: [
    ["database_name", wide],
    ["schema_name", wide],
    ["table_name", wide],
    ["column_name", wide],
    ["ordinal_position", int4],
    ["data_type", varchar(32)],
    ["column_default", varchar(4_000)],
    ["is_nullable", varchar(3)],
    ["encoding", varchar(128)],
    ["distkey", bool],
    ["sortkey", int4],
    ["column_acl", wide],
    ["remarks", varchar(256)],
  ],
  rows: (world) =>
    knownRelations(world).flatMap((relation) =>
      relation.columns.map((column, index) => [
        world.settings.databaseName,
        relation.schema,
        relation.name,
        column.name,
        index + 1,
        plainTypeText(column.type),
        defaultOf(column),
        column.nullable ? "YES" : "NO",
        encodingOf(column),
        isDistributionKey(column, relation),
        sortKeyPlace(column, relation),
        null,
        null,
      ]),
    ),
};

const allColumns: SystemView = {
  columns: [
    ["database_name", wide],
    ["schema_name", wide],
    ["table_name", wide],
    ["column_name", wide],
    ["ordinal_position", int4],
    ["column_default", varchar(4_000)],
    ["is_nullable", varchar(3)],
    ["data_type", wide],
    ["character_maximum_length", int4],
    ["numeric_precision", int4],
    ["numeric_scale", int4],
    ["remarks", varchar(256)],
  ],
  rows: (world) =>
    knownRelations(world).flatMap((relation) =>
      relation.columns.map((column, index) => [
        world.settings.databaseName,
        relation.schema,
        relation.name,
        column.name,
        index + 1,
        defaultOf(column),
        column.nullable ? "YES" : "NO",
        plainTypeText(column.type),
        textLength(column.type),
        numericPrecision(column.type),
        numericScale(column.type),
        null,
      ]),
    ),
};

const functions: SystemView = {
  columns: [
    ["database_name", wide],
    ["schema_name", wide],
    ["function_name", wide],
    ["function_type", wide],
    ["argument_type", varchar(512)],
    ["result_type", wide],
  ],
  rows: (world) =>
    world.catalogue.procedures.map((procedure) => [
      world.settings.databaseName,
      procedure.schema,
      procedure.name,
      "STORED PROCEDURE",
      procedure.args
        .filter((argument) => argument.mode !== "out")
        .map((argument) => plainTypeText(argument.type))
        .join(", "),
      "",
    ]),
};

/** Objects of this database, local ones alone and with those of external schemas. */
export const redshiftObjectViews: SystemViews = {
  svv_all_columns: allColumns,
  svv_all_schemas: allSchemas,
  svv_all_tables: tables,
  svv_redshift_columns: columns,
  svv_redshift_databases: databases,
  svv_redshift_functions: functions,
  svv_redshift_schemas: schemas,
  svv_redshift_tables: tables,
};
