import { typeText, varchar } from "../../sql/sql-type.ts";
import type { SchemaObject } from "../catalogue-object.ts";
import { streamColumns } from "../streaming/stream-relation.ts";
import { databaseName, listing } from "./listing.ts";
import { ownerId } from "./owners.ts";
import { int4, streamingViews, name, oid, text, type SystemViews, type SystemWorld } from "./system-view.ts";

const externalSchemasOf = (world: SystemWorld) =>
  world.catalogue.schemas.filter(
    (schema): schema is SchemaObject & Required<Pick<SchemaObject, "kinesis">> => schema.kinesis !== undefined,
  );

const optionsOf = ({ kinesis }: Required<Pick<SchemaObject, "kinesis">>) =>
  JSON.stringify({ REGION: kinesis.region, IAM_ROLE: kinesis.roleArn });

/** `eskind` 6 stands for streams (UNCONFIRMED: the documented kinds end before). */
const kinesisKind = 6;

const externalSchemas = listing({
  of: externalSchemasOf,
  columns: [
    ["esoid", oid, (schema) => schema.oid],
    ["eskind", int4, kinesisKind],
    ["schemaname", name, (schema) => schema.name],
    ["esowner", int4, ownerId],
    ["databasename", text, ""],
    ["esoptions", text, optionsOf],
  ],
});

/** The schema's part that the catalogue of PostgreSQL lacks. */
const pgExternalSchema = listing({
  of: externalSchemasOf,
  columns: [
    ["esoid", oid, (schema) => schema.oid],
    ["eskind", int4, kinesisKind],
    ["esdbname", name, ""],
    ["esoptions", text, optionsOf],
  ],
});

/** Streams that a materialized view reads, by schema; AWS does not say whether it lists any (UNCONFIRMED). */
function streamsOf(world: SystemWorld): readonly (readonly [schema: string, stream: string])[] {
  const streams = streamingViews(world).flatMap((view) => {
    const schema = world.catalogue.get(view.source.schemaOid);
    return schema?.kind === "schema" ? [[schema.name, view.source.streamName] as const] : [];
  });
  return [...new Map(streams.map((stream) => [JSON.stringify(stream), stream])).values()];
}

const externalTables = listing({
  of: streamsOf,
  columns: [
    ["redshift_database_name", varchar(128), databaseName],
    ["schemaname", text, ([schema]) => schema],
    ["tablename", text, ([, stream]) => stream],
    ["tabletype", text, ""],
    ["location", text, ""],
    ["input_format", text, ""],
    ["output_format", text, ""],
    ["serialization_lib", text, ""],
    ["serde_parameters", text, ""],
    ["compressed", int4, 0],
    ["parameters", text, ""],
  ],
});

const externalColumns = listing({
  of: (world) =>
    streamsOf(world).flatMap(([schema, stream]) =>
      streamColumns.map((column, index) => ({ schema, stream, column, position: index + 1 })),
    ),
  columns: [
    ["redshift_database_name", varchar(128), databaseName],
    ["schemaname", text, ({ schema }) => schema],
    ["tablename", text, ({ stream }) => stream],
    ["columnname", text, ({ column }) => column.name],
    ["external_type", text, ({ column }) => typeText(column.type)],
    ["columnnum", int4, ({ position }) => position],
    ["part_key", int4, 0],
    ["is_nullable", text, ""],
  ],
});

/** External schemas and what is in them. */
export const externalViews: SystemViews = {
  pg_external_schema: pgExternalSchema,
  svv_external_columns: externalColumns,
  svv_external_schemas: externalSchemas,
  svv_external_tables: externalTables,
};
