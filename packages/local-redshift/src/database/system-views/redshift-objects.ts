import { plainTypeText, varchar } from "../../sql/sql-type.ts";
import type { SchemaObject } from "../catalogue-object.ts";
import { routineSignature } from "../functions/find-function.ts";
import { databaseName, listing, type ListedColumn } from "./listing.ts";
import { ownerId } from "./owners.ts";
import { columnPlace, relationPlace } from "./place-columns.ts";
import {
  defaultOf,
  encodingOf,
  isDistributionKey,
  knownColumns,
  knownRelations,
  sortKeyPlace,
} from "./relation-facts.ts";
import { bool, int4, type SystemViews } from "./system-view.ts";
import { numericPrecision, numericScale, textLength } from "./type-catalog.ts";

const wide = varchar(128);

const databases = listing({
  of: (world) => [world.catalogue.database],
  columns: [
    ["database_name", wide, databaseName],
    ["database_owner", int4, ownerId],
    ["database_type", varchar(32), "local"],
    ["database_acl", varchar(128), null],
    ["database_options", varchar(128), null],
    ["database_isolation_level", varchar(128), "Snapshot Isolation"],
  ],
});

const schemaColumns: readonly ListedColumn<SchemaObject>[] = [
  ["database_name", wide, databaseName],
  ["schema_name", wide, (schema) => schema.name],
  ["schema_owner", int4, ownerId],
  ["schema_type", varchar(128), (schema) => (schema.kinesis === undefined ? "local" : "external")],
  ["schema_acl", varchar(128), null],
];

const schemas = listing({
  of: (world) => world.catalogue.schemas.filter((schema) => schema.kinesis === undefined),
  columns: [...schemaColumns, ["schema_option", varchar(128), null]],
});

const allSchemas = listing({
  of: (world) => world.catalogue.schemas,
  columns: [...schemaColumns, ["source_database", varchar(128), null], ["schema_option", varchar(256), null]],
});

const tables = listing({
  of: knownRelations,
  columns: [...relationPlace, ["remarks", wide, (relation) => relation.comment ?? null]],
});

const columns = listing({
  of: knownColumns,
  columns: [
    ...columnPlace,
    ["data_type", varchar(32), ({ column }) => plainTypeText(column.type)],
    ["column_default", varchar(4_000), ({ column }) => defaultOf(column)],
    ["is_nullable", varchar(3), ({ column }) => (column.nullable ? "YES" : "NO")],
    ["encoding", varchar(128), ({ column }) => encodingOf(column)],
    ["distkey", bool, ({ column, relation }) => isDistributionKey(column, relation)],
    ["sortkey", int4, ({ column, relation }) => sortKeyPlace(column, relation)],
    ["column_acl", wide, null],
    ["remarks", varchar(256), null],
  ],
});

const allColumns = listing({
  of: knownColumns,
  columns: [
    ...columnPlace,
    ["column_default", varchar(4_000), ({ column }) => defaultOf(column)],
    ["is_nullable", varchar(3), ({ column }) => (column.nullable ? "YES" : "NO")],
    ["data_type", wide, ({ column }) => plainTypeText(column.type)],
    ["character_maximum_length", int4, ({ column }) => textLength(column.type)],
    ["numeric_precision", int4, ({ column }) => numericPrecision(column.type)],
    ["numeric_scale", int4, ({ column }) => numericScale(column.type)],
    ["remarks", varchar(256), null],
  ],
});

const functions = listing({
  of: (world) => [...world.catalogue.procedures, ...world.catalogue.functions],
  columns: [
    ["database_name", wide, databaseName],
    ["schema_name", wide, (routine) => routine.schema],
    ["function_name", wide, (routine) => routine.name],
    ["function_type", wide, (routine) => (routine.kind === "function" ? "REGULAR FUNCTION" : "STORED PROCEDURE")],
    ["argument_type", varchar(512), routineSignature],
    ["result_type", wide, (routine) => (routine.kind === "function" ? plainTypeText(routine.returns) : "")],
  ],
});

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
