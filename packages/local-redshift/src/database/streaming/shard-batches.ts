import { SqlError } from "../../sql/sql-error.ts";
import type { StreamingViewObject } from "../catalogue-object.ts";
import type { DatabaseCore } from "../database-core.ts";
import type { ShardScan } from "./refresh-history.ts";
import { fromStream, isLostPosition, lostPosition } from "./stream-errors.ts";
import { startOf, type ShardPosition, type SkippedRecord } from "./stream-positions.ts";
import {
  StreamPositionError,
  type StreamAnswer,
  type StreamReader,
  type StreamRecord,
  type StreamShard,
} from "./stream-reader.ts";
import { maxRecordBytes } from "./stream-relation.ts";

/** Most records of one shard in one transaction, and most bytes, as GetRecords has them. Source: KDS service-sizes-and-limits. */
const maxRecordsPerRead = 10_000;
const maxBytesPerRead = 10 * 1_048_576;

/**
 * What is done when a shard does not have the record that was read last, because its stream was deleted and made again, or has lost
 * records in a power cut: `refuse` fails every refresh until the view is dropped and created again, so that nobody takes a view with gaps
 * or doubles for a whole one; `start over` reads what the stream has from its oldest record. What Redshift does is UNCONFIRMED.
 */
const onLostPosition = "refuse" as "refuse" | "start over";

/** What was read of one shard. */
export interface ShardBatch {
  readonly before: ShardPosition;
  readonly after: ShardPosition;
  readonly records: readonly StreamRecord[];
  readonly skipped: readonly SkippedRecord[];
  readonly scan: ShardScan | undefined;
  readonly more: boolean;
}

/** Where each shard was read to, by shard. */
type Positions = ReadonlyMap<string, ShardPosition>;

/**
 * Reads what the shards of a view's stream have after `positions`: parents before children, each up to the bounds of one transaction. Rejects with an
 * `SqlError` when the stream, the role or a position is not there.
 */
export async function readBatches(
  { catalogue, settings }: DatabaseCore,
  view: StreamingViewObject,
  positions: Positions,
  now: number,
): Promise<readonly ShardBatch[]> {
  const { streamName } = view.source;
  const { streams } = settings;
  if ((await fromStream(streamName, () => streams.describe(streamName))) === undefined)
    throw new SqlError(`Kinesis stream "${streamName}" does not exist, or the role may not read it`);
  const schema = catalogue.get(view.source.schemaOid);
  const roleArn = schema?.kind === "schema" ? schema.kinesis?.roleArn.split(",")[0] : undefined;
  if (roleArn === undefined || !settings.isRoleAttached(roleArn))
    throw new SqlError(`The requested role ${roleArn} is not associated to the namespace`, { sqlState: "42501" });
  const shards = await fromStream(streamName, () => streams.listShards(streamName));
  const ended = new Set(shards.filter((shard) => hasEnded(streamName, shard, positions)).map((shard) => shard.shardId));
  const present = new Set(shards.map((shard) => shard.shardId));
  const isRead = (parent: string | undefined) => parent === undefined || !present.has(parent) || ended.has(parent);
  const readable = shards.filter(
    (shard) => !ended.has(shard.shardId) && isRead(shard.parentShardId) && isRead(shard.adjacentParentShardId),
  );
  const batches = await Promise.all(
    readable.map(async ({ shardId }) => {
      const before = positions.get(shardId) ?? startOf(shardId);
      return batchOf(before, await readShard(settings.streams, streamName, before), now);
    }),
  );
  // What comes after a shard that has ended may be in no list yet: who has read the end looks again.
  return batches.map((batch) => ({ ...batch, more: batch.more || batch.after.ended }));
}

/** Whether a shard has been read to its end. One that is open again belongs to a stream that was made anew. */
function hasEnded(streamName: string, { shardId, closed }: StreamShard, positions: Positions): boolean {
  const position = positions.get(shardId);
  if (position?.ended !== true) return false;
  if (closed) return true;
  if (onLostPosition === "start over") return false;
  throw lostPosition(streamName, new StreamPositionError(streamName, shardId, position.sequenceNumber));
}

function readShard(streams: StreamReader, streamName: string, before: ShardPosition): Promise<StreamAnswer> {
  const readAfter = ({ shardId, sequenceNumber }: ShardPosition) =>
    streams.read({
      streamName,
      shardId,
      ...(sequenceNumber === undefined ? {} : { afterSequenceNumber: sequenceNumber }),
      maxRecords: maxRecordsPerRead,
      maxBytes: maxBytesPerRead,
    });
  return fromStream(streamName, async () => {
    try {
      return await readAfter(before);
    } catch (error) {
      if (!isLostPosition(error) || onLostPosition === "refuse") throw error;
      return readAfter(startOf(before.shardId));
    }
  });
}

function batchOf(before: ShardPosition, answer: StreamAnswer, now: number): ShardBatch {
  const { shardId } = before;
  const last = answer.records.at(-1);
  const more = !answer.atTip && !answer.ended;
  if (last === undefined) {
    const after = answer.ended ? { ...before, ended: true } : before;
    return { before, after, records: [], skipped: [], scan: undefined, more };
  }
  const isTooLarge = (record: StreamRecord) => record.data.byteLength > maxRecordBytes;
  const skipped = answer.records.filter(isTooLarge).map((record) => ({
    shardId,
    sequenceNumber: record.sequenceNumber,
    arrivedAt: record.arrivedAt,
    recordedAt: now,
  }));
  const records = skipped.length === 0 ? answer.records : answer.records.filter((record) => !isTooLarge(record));
  const bytes = answer.records.reduce((sum, record) => sum + record.data.byteLength, 0);
  const scan: ShardScan = {
    shardId,
    position: last.sequenceNumber,
    rows: records.length,
    skipped: skipped.length,
    bytes,
    firstArrival: answer.records[0]!.arrivedAt,
    lastArrival: last.arrivedAt,
  };
  const after: ShardPosition = {
    shardId,
    sequenceNumber: last.sequenceNumber,
    ended: answer.ended,
    rows: before.rows + scan.rows,
    skipped: before.skipped + scan.skipped,
    bytes: before.bytes + bytes,
    firstArrival: before.sequenceNumber === undefined ? scan.firstArrival : before.firstArrival,
    lastArrival: scan.lastArrival,
  };
  return { before, after, records, skipped, scan, more };
}
