import { typeText, varchar } from "../../sql/sql-type.ts";
import type { SchemaObject } from "../catalogue-object.ts";
import { streamColumns } from "../streaming/stream-relation.ts";
import { userId } from "./owners.ts";
import {
  int4,
  streamingViews,
  name,
  oid,
  text,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

const externalSchemasOf = (world: SystemWorld) =>
  world.catalogue.schemas.filter(
    (schema): schema is SchemaObject & Required<Pick<SchemaObject, "kinesis">> => schema.kinesis !== undefined,
  );

/** `eskind` 6 stands for streams (UNCONFIRMED: the documented kinds end before). */
const kinesisKind = 6;

const optionsOf = ({ kinesis }: Required<Pick<SchemaObject, "kinesis">>) =>
  JSON.stringify({ REGION: kinesis.region, IAM_ROLE: kinesis.roleArn });

const externalSchemas: SystemView = {
  columns: [
    ["esoid", oid],
    ["eskind", int4],
    ["schemaname", name],
    ["esowner", int4],
    ["databasename", text],
    ["esoptions", text],
  ],
  rows: (world) =>
    externalSchemasOf(world).map((schema) => [
      schema.oid,
      kinesisKind,
      schema.name,
      userId(schema.owner, world),
      "",
      optionsOf(schema),
    ]),
};

/** The schema's part that the catalogue of PostgreSQL lacks. */
const pgExternalSchema: SystemView = {
  columns: [
    ["esoid", oid],
    ["eskind", int4],
    ["esdbname", name],
    ["esoptions", text],
  ],
  rows: (world) => externalSchemasOf(world).map((schema) => [schema.oid, kinesisKind, "", optionsOf(schema)]),
};

/** Streams that a materialized view reads, by schema; AWS does not say whether it lists any (UNCONFIRMED). */
function streamsOf(world: SystemWorld): readonly (readonly [schema: string, stream: string])[] {
  const streams = streamingViews(world).flatMap((view) => {
    const schema = world.catalogue.get(view.source.schemaOid);
    return schema?.kind === "schema" ? [[schema.name, view.source.streamName] as const] : [];
  });
  return [...new Map(streams.map((stream) => [JSON.stringify(stream), stream])).values()];
}

const externalTables: SystemView = {
  columns: [
    ["redshift_database_name", varchar(128)],
    ["schemaname", text],
    ["tablename", text],
    ["tabletype", text],
    ["location", text],
    ["input_format", text],
    ["output_format", text],
    ["serialization_lib", text],
    ["serde_parameters", text],
    ["compressed", int4],
    ["parameters", text],
  ],
  rows: (world) =>
    streamsOf(world).map(([schema, stream]) => [
      world.settings.databaseName,
      schema,
      stream,
      "",
      "",
      "",
      "",
      "",
      "",
      0,
      "",
    ]),
};

const externalColumns: SystemView = {
  columns: [
    ["redshift_database_name", varchar(128)],
    ["schemaname", text],
    ["tablename", text],
    ["columnname", text],
    ["external_type", text],
    ["columnnum", int4],
    ["part_key", int4],
    ["is_nullable", text],
  ],
  rows: (world) =>
    streamsOf(world).flatMap(([schema, stream]) =>
      streamColumns.map((column, index) => [
        world.settings.databaseName,
        schema,
        stream,
        column.name,
        typeText(column.type),
        index + 1,
        0,
        "",
      ]),
    ),
};

/** External schemas and what is in them. */
export const externalViews: SystemViews = {
  pg_external_schema: pgExternalSchema,
  svv_external_columns: externalColumns,
  svv_external_schemas: externalSchemas,
  svv_external_tables: externalTables,
};
