import type { StreamingViewObject } from "../catalogue-object.ts";
import type { ShardScan } from "../streaming/refresh-history.ts";
import { maxRecordBytes } from "../streaming/stream-relation.ts";
import {
  int4,
  int8,
  isSeen,
  moment,
  name as text,
  streamingViews,
  timestamp,
  type Cell,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

function schemaName(view: StreamingViewObject, world: SystemWorld): string {
  const schema = world.catalogue.get(view.source.schemaOid);
  return schema?.kind === "schema" ? schema.name : "";
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

/** What streaming views read of their streams. */
export const streamViews: SystemViews = { sys_stream_scan_errors: scanErrors, sys_stream_scan_states: scanStates };
