import { committed } from "../durability/committed.ts";
import { blockKey, encodeEntry, readEntry } from "./block.ts";
import { findByTime, startOfBlockWith } from "./log-reader.ts";
import { FIRST_INDEX } from "./shard-log.ts";
import type { Blocks, ShardLog } from "./shard-log.ts";

/** Entries removed in one transaction, so that puts wait no longer than one of these takes. */
const ENTRIES_PER_TRANSACTION = 1000;

/** The shards of a stream, by what is trimmed of them. */
export interface TrimmedShards {
  /** Closed, with no record left: everything goes. */
  readonly expired: readonly ShardLog[];
  /** The others: what has expired goes. */
  readonly kept: readonly ShardLog[];
}

/**
 * Removes the blocks of a stream's shards whose records all arrived before a time (epoch ms), then the files that hold nothing else. The last
 * entry of a kept shard stays, without its records: it is what tells where the log stands. Resolves to the number of entries removed.
 */
export async function trimLogs(
  blocks: Blocks,
  streamId: number,
  { expired, kept }: TrimmedShards,
  notBefore: number,
): Promise<number> {
  let removed = 0;
  for (const { shardIndex } of expired) {
    removed += await removeEntries(blocks, blockKey(streamId, shardIndex, 0), blockKey(streamId, shardIndex + 1, 0));
  }
  for (const shard of kept) removed += await trimLog(blocks, shard, notBefore);
  const needed = Math.min(...kept.map((shard) => firstSegment(blocks, shard)), Infinity);
  await blocks.files.removeBefore(streamId, needed);
  return removed;
}

/** Removes every block of a stream. */
export async function removeStreamLog(blocks: Blocks, streamId: number): Promise<number> {
  const removed = await removeEntries(blocks, blockKey(streamId, 0, 0), blockKey(streamId + 1, 0, 0));
  await blocks.files.removeAll(streamId);
  return removed;
}

async function trimLog(blocks: Blocks, shard: ShardLog, notBefore: number): Promise<number> {
  const { streamId, shardIndex } = shard;
  blocks.index.resetReadTxn();
  const last = startOfBlockWith(blocks, shard, Math.max(FIRST_INDEX, shard.committedNext - 1));
  const kept = Math.min(findByTime(blocks, shard, notBefore), last);
  const removed = await removeEntries(blocks, blockKey(streamId, shardIndex, 0), blockKey(streamId, shardIndex, kept));
  const lastKey = blockKey(streamId, shardIndex, last);
  const value = blocks.index.get(lastKey);
  if (value) {
    const { count, arrivedAt, place } = readEntry(value);
    if (place && arrivedAt < notBefore) await committed(blocks.index.put(lastKey, encodeEntry(count, arrivedAt)));
  }
  return removed;
}

/** The first file that holds records of a shard. Files come in the order of a shard's blocks. */
function firstSegment(blocks: Blocks, { streamId, shardIndex }: ShardLog): number {
  blocks.index.resetReadTxn();
  const range = {
    start: blockKey(streamId, shardIndex, 0),
    end: blockKey(streamId, shardIndex, Number.MAX_SAFE_INTEGER),
  };
  for (const { value } of blocks.index.getRange(range)) {
    const { place } = readEntry(value);
    if (place && !Buffer.isBuffer(place)) return place.segment;
  }
  return Infinity;
}

async function removeEntries({ index }: Blocks, start: Buffer, end: Buffer): Promise<number> {
  let removed = 0;
  for (;;) {
    index.resetReadTxn();
    const keys = [...index.getKeys({ start, end, limit: ENTRIES_PER_TRANSACTION })];
    if (keys.length === 0) return removed;
    const removing = index.batch(() => {
      for (const key of keys) void index.remove(key);
    });
    await committed(removing);
    removed += keys.length;
  }
}
