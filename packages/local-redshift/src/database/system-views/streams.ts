import type { StreamingViewObject } from "../catalogue-object.ts";
import type { ShardScan } from "../streaming/refresh-history.ts";
import { maxRecordBytes } from "../streaming/stream-relation.ts";
import { listing, type ListedColumn } from "./listing.ts";
import {
  int4,
  int8,
  isSeen,
  moment,
  name as text,
  streamingViews,
  timestamp,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

function schemaName(view: StreamingViewObject, world: SystemWorld): string {
  const schema = world.catalogue.get(view.source.schemaOid);
  return schema?.kind === "schema" ? schema.name : "";
}

const seenViews = (world: SystemWorld) => streamingViews(world).filter((view) => isSeen(view, world));

/** What a view read of a shard, in one refresh or in several that are summed up. */
interface Scan {
  readonly view: StreamingViewObject;
  /** 0 in sums. */
  readonly transaction: number;
  readonly recordedAt: number;
  readonly shard: ShardScan;
}

/** What was read before the latest scans, summed up for each shard. */
function earlierScans(view: StreamingViewObject, recent: readonly Scan[], world: SystemWorld): Scan[] {
  return world.refreshes.positionsOf(view.oid).flatMap((position) => {
    const later = recent.map(({ shard }) => shard).filter(({ shardId }) => shardId === position.shardId);
    const rest = (pick: (scan: { rows: number; skipped: number; bytes: number }) => number) =>
      pick(position) - later.reduce((sum, scan) => sum + pick(scan), 0);
    const [rows, skipped, bytes] = [rest((s) => s.rows), rest((s) => s.skipped), rest((s) => s.bytes)];
    if (rows + skipped <= 0) return [];
    const { shardId, sequenceNumber = "", firstArrival, lastArrival } = position;
    const upTo = later[0]?.firstArrival ?? lastArrival;
    const sums = { shardId, rows, skipped, bytes, firstArrival, lastArrival: upTo };
    const shard = { ...sums, position: later.length === 0 ? sequenceNumber : "0" };
    return [{ view, transaction: 0, recordedAt: upTo, shard }];
  });
}

function scansOf(view: StreamingViewObject, world: SystemWorld): Scan[] {
  const runs = world.refreshes.history.runs.filter((run) => run.viewOid === view.oid);
  const recent = runs.flatMap((run) =>
    run.shards.map((shard): Scan => ({ view, transaction: run.transactionId, recordedAt: run.endedAt, shard })),
  );
  return [...earlierScans(view, recent, world), ...recent];
}

/** A stream and the view that reads it. */
const viewColumns: readonly ListedColumn<{ readonly view: StreamingViewObject }>[] = [
  ["external_schema_name", text, ({ view }, world) => schemaName(view, world)],
  ["stream_name", text, ({ view }) => view.source.streamName],
  ["mv_name", text, ({ view }) => view.name],
];

/**
 * One row for each of the latest scans, and one for each shard that sums up what came before them, so that sums over the table are
 * always true; the sums have transaction and query 0.
 */
const scanStates = listing({
  of: (world) => seenViews(world).flatMap((view) => scansOf(view, world)),
  columns: [
    ...viewColumns,
    ["transaction_id", int8, ({ transaction }) => transaction],
    ["query_id", int8, ({ transaction }) => transaction],
    ["record_time", timestamp, ({ recordedAt }) => moment(recordedAt)],
    ["partition_id", text, ({ shard }) => shard.shardId],
    ["latest_position", text, ({ shard }) => shard.position],
    ["scanned_rows", int8, ({ shard }) => shard.rows],
    ["skipped_rows", int8, ({ shard }) => shard.skipped],
    ["scanned_bytes", int8, ({ shard }) => shard.bytes],
    ["stream_record_time_min", timestamp, ({ shard }) => moment(shard.firstArrival)],
    ["stream_record_time_max", timestamp, ({ shard }) => moment(shard.lastArrival)],
  ],
});

/** The code and the reason's wording are ours (UNCONFIRMED). */
const scanErrors = listing({
  of: (world) =>
    seenViews(world).flatMap((view) => world.refreshes.skippedOf(view.oid).map((record) => ({ view, record }))),
  columns: [
    ...viewColumns,
    ["transaction_id", int8, 0],
    ["query_id", int8, 0],
    ["record_time", timestamp, ({ record }) => moment(record.recordedAt)],
    ["partition_id", text, ({ record }) => record.shardId],
    ["position", text, ({ record }) => record.sequenceNumber],
    ["error_code", int4, 1],
    ["error_reason", text, `Record is larger than ${maxRecordBytes} bytes and was skipped`],
    ["stream_timestamp_type", text, "ARRIVAL_TIME"],
    ["stream_timestamp", timestamp, ({ record }) => moment(record.arrivedAt)],
  ],
});

/** What streaming views read of their streams. */
export const streamViews: SystemViews = { sys_stream_scan_errors: scanErrors, sys_stream_scan_states: scanStates };
