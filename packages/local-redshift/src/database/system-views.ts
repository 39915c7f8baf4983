import { quoteText, type OutputColumn } from "../sql/bound.ts";
import { SqlError } from "../sql/sql-error.ts";
import { duckType, plainTypeText, precisionOf, scaleOf, types, varchar, type SqlType } from "../sql/sql-type.ts";
import type { Catalogue } from "./catalogue.ts";
import type { MaterializedViewObject } from "./catalogue-object.ts";
import type { DatabaseSettings, DatabaseUser } from "./database.ts";
import type { Refreshes } from "./streaming/refreshes.ts";
import type { ShardScan } from "./streaming/refresh-history.ts";
import { maxRecordBytes } from "./streaming/stream-relation.ts";

/** What system views tell about. */
export interface SystemWorld {
  readonly catalogue: Catalogue;
  readonly user: DatabaseUser;
  readonly refreshes: Refreshes;
  readonly settings: DatabaseSettings;
}

type Cell = string | number | boolean | null;
interface SystemView {
  readonly columns: readonly (readonly [name: string, type: SqlType])[];
  rows(world: SystemWorld): readonly (readonly Cell[])[];
}

/**
 * A system view as DuckDB text, with its rows as they are now; `undefined` when there is none of that name.
 * Throws for STV_MV_INFO, which Serverless denies [GH dbt-labs/dbt-redshift#641].
 */
export function systemView(
  schema: string,
  name: string,
  world: SystemWorld,
): { sql: string; columns: readonly OutputColumn[] } | undefined {
  if (schema === "pg_catalog" && name === "stv_mv_info")
    throw new SqlError(`permission denied for relation ${name}`, { sqlState: "42501" });
  const view = schema === "pg_catalog" || schema === "information_schema" ? views[`${schema}.${name}`] : undefined;
  if (view === undefined) return undefined;
  const columns = view.columns.map(([column, type]): OutputColumn => ({
    name: column,
    type,
    origin: { schema, table: name, nullable: true },
  }));
  return { sql: relationText(view, view.rows(world)), columns };
}

function relationText(view: SystemView, rows: readonly (readonly Cell[])[]): string {
  const names = view.columns.map(([name]) => `"${name}"`).join(", ");
  const row = (cells: readonly Cell[]) =>
    `(${cells.map((cell, index) => `CAST(${cellText(cell)} AS ${duckType(view.columns[index]![1])})`).join(", ")})`;
  const nothing = view.columns.map(() => null);
  const values = rows.length === 0 ? row(nothing) : rows.map(row).join(", ");
  return `(SELECT * FROM (VALUES ${values}) AS v(${names})${rows.length === 0 ? " WHERE false" : ""})`;
}

function cellText(cell: Cell): string {
  if (cell === null) return "NULL";
  return typeof cell === "string" ? quoteText(cell) : String(cell);
}

const moment = (millis: number) => new Date(millis).toISOString().replace("T", " ").replace("Z", "");
const text = varchar(128);
const { int4, int8, timestamp, bool } = types;

const streamingViews = (world: SystemWorld) =>
  world.catalogue.relations.filter((relation) => relation.kind === "materialized view");

function schemaName(view: MaterializedViewObject, world: SystemWorld): string {
  return world.catalogue.get(view.source.schemaOid)?.name ?? "";
}

/** Users see their own rows, superusers all. Source: Database Developer Guide, cm_chap_system-tables. */
const isSeen = (view: MaterializedViewObject | undefined, world: SystemWorld) =>
  view !== undefined && (world.user.superuser || view.owner === world.user.name);

function viewOf(oid: number, world: SystemWorld): MaterializedViewObject | undefined {
  const view = world.catalogue.get(oid);
  return view?.kind === "materialized view" ? view : undefined;
}

const scanColumns = [
  ["external_schema_name", text],
  ["stream_name", text],
  ["mv_name", text],
  ["transaction_id", int8],
  ["query_id", int8],
  ["record_time", timestamp],
  ["partition_id", text],
] as const;

/**
 * One row for each of the latest scans, and one for each shard that sums up what came before them, so that sums over the table are
 * always true; the sums have transaction and query 0.
 */
const scanStates: SystemView = {
  columns: [
    ...scanColumns,
    ["latest_position", text],
    ["scanned_rows", int8],
    ["skipped_rows", int8],
    ["scanned_bytes", int8],
    ["stream_record_time_min", timestamp],
    ["stream_record_time_max", timestamp],
  ],
  rows: (world) =>
    streamingViews(world)
      .filter((view) => isSeen(view, world))
      .flatMap((view) => {
        const runs = world.refreshes.history.runs.filter((run) => run.viewOid === view.oid);
        const row = (transaction: number, recorded: number, scan: ShardScan): Cell[] => [
          schemaName(view, world),
          view.source.streamName,
          view.name,
          transaction,
          transaction,
          moment(recorded),
          scan.shardId,
          scan.position,
          scan.rows,
          scan.skipped,
          scan.bytes,
          moment(scan.firstArrival),
          moment(scan.lastArrival),
        ];
        const recent = runs.flatMap((run) => run.shards.map((scan) => ({ run, scan })));
        const earlier = world.refreshes.positionsOf(view.oid).flatMap((position) => {
          const later = recent.filter(({ scan }) => scan.shardId === position.shardId).map(({ scan }) => scan);
          const rest = (pick: (scan: { rows: number; skipped: number; bytes: number }) => number) =>
            pick(position) - later.reduce((sum, scan) => sum + pick(scan), 0);
          const [rows, skipped, bytes] = [rest((s) => s.rows), rest((s) => s.skipped), rest((s) => s.bytes)];
          if (rows + skipped <= 0) return [];
          const { shardId, sequenceNumber = "", firstArrival, lastArrival } = position;
          const upTo = later[0]?.firstArrival ?? lastArrival;
          const scan = { shardId, rows, skipped, bytes, firstArrival, lastArrival: upTo };
          return [row(0, upTo, { ...scan, position: later.length === 0 ? sequenceNumber : "0" })];
        });
        return [...earlier, ...recent.map(({ run, scan }) => row(run.transactionId, run.endedAt, scan))];
      }),
};

/** The code and the reason's wording are ours (UNCONFIRMED). */
const scanErrors: SystemView = {
  columns: [
    ...scanColumns,
    ["position", text],
    ["error_code", int4],
    ["error_reason", text],
    ["stream_timestamp_type", text],
    ["stream_timestamp", timestamp],
  ],
  rows: (world) =>
    streamingViews(world)
      .filter((view) => isSeen(view, world))
      .flatMap((view) =>
        world.refreshes
          .skippedOf(view.oid)
          .map((record) => [
            schemaName(view, world),
            view.source.streamName,
            view.name,
            0,
            0,
            moment(record.recordedAt),
            record.shardId,
            record.sequenceNumber,
            1,
            `Record is larger than ${maxRecordBytes} bytes and was skipped`,
            "ARRIVAL_TIME",
            moment(record.arrivedAt),
          ]),
      ),
};

const refreshHistory: SystemView = {
  columns: [
    ["user_id", int4],
    ["session_id", int4],
    ["transaction_id", int8],
    ["database_name", text],
    ["schema_name", text],
    ["mv_id", int8],
    ["mv_name", text],
    ["refresh_type", text],
    ["status", varchar(256)],
    ["start_time", timestamp],
    ["end_time", timestamp],
    ["duration", int8],
    ["consumer_account", text],
    ["consumer_region", text],
    ["consumer_namespace", text],
  ],
  rows: (world) =>
    world.refreshes.history.runs
      .filter((run) => isSeen(viewOf(run.viewOid, world), world))
      .map((run) => [
        100,
        run.pid,
        run.transactionId,
        world.settings.databaseName,
        viewOf(run.viewOid, world)!.schema,
        run.viewOid,
        viewOf(run.viewOid, world)!.name,
        run.type,
        run.status,
        moment(run.startedAt),
        moment(run.endedAt),
        Math.round((run.endedAt - run.startedAt) * 1000),
        null,
        null,
        null,
      ]),
};

/** A streaming view without auto refresh may be stale; we do not look, so it says `u`. */
const mvInfo: SystemView = {
  columns: [
    ["database_name", text],
    ["schema_name", text],
    ["user_name", text],
    ["name", text],
    ["is_stale", varchar(1)],
    ["state", int4],
    ["autorewrite", bool],
    ["autorefresh", bool],
  ],
  rows: (world) =>
    streamingViews(world).map((view) => [
      world.settings.databaseName,
      view.schema,
      view.owner,
      view.name,
      "u",
      1,
      false,
      view.autoRefresh,
    ]),
};

/** `eskind` 6 stands for streams (UNCONFIRMED: the documented kinds end before). */
const externalSchemas: SystemView = {
  columns: [
    ["esoid", int8],
    ["eskind", int4],
    ["schemaname", text],
    ["esowner", text],
    ["databasename", text],
    ["esoptions", varchar(65_535)],
  ],
  rows: (world) =>
    world.catalogue.schemas.flatMap((schema) =>
      schema.kinesis === undefined
        ? []
        : [
            [
              schema.oid,
              6,
              schema.name,
              schema.owner,
              "",
              JSON.stringify({ REGION: schema.kinesis.region, IAM_ROLE: schema.kinesis.roleArn }),
            ],
          ],
    ),
};

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

const pgTables: SystemView = {
  columns: [
    ["schemaname", text],
    ["tablename", text],
    ["tableowner", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "view" ? [] : [[relation.schema, relation.name, relation.owner]],
    ),
};

const pgViews: SystemView = {
  columns: [
    ["schemaname", text],
    ["viewname", text],
    ["viewowner", text],
    ["definition", varchar(65_535)],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "view" ? [[relation.schema, relation.name, relation.owner, relation.sql]] : [],
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

const pgNamespace: SystemView = {
  columns: [
    ["oid", int8],
    ["nspname", text],
  ],
  rows: (world) => world.catalogue.schemas.map((schema) => [schema.oid, schema.name]),
};

const views: Readonly<Record<string, SystemView>> = {
  "information_schema.columns": columns,
  "information_schema.schemata": schemata,
  "information_schema.tables": tables,
  "pg_catalog.pg_namespace": pgNamespace,
  "pg_catalog.pg_tables": pgTables,
  "pg_catalog.pg_views": pgViews,
  "pg_catalog.svv_columns": columns,
  "pg_catalog.svv_external_schemas": externalSchemas,
  "pg_catalog.svv_mv_info": mvInfo,
  "pg_catalog.svv_tables": tables,
  "pg_catalog.sys_mv_refresh_history": refreshHistory,
  "pg_catalog.sys_stream_scan_errors": scanErrors,
  "pg_catalog.sys_stream_scan_states": scanStates,
};
