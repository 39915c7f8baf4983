import { blockKey, indexOfKey, readBlock, readEntry } from "./block.ts";
import type { LoggedRecord } from "./block.ts";
import { FIRST_INDEX } from "./shard-log.ts";
import type { Blocks, ShardLog } from "./shard-log.ts";

/** What to read of a shard's log. */
export interface ReadRange {
  /** Index of the first record wanted. */
  readonly from: number;
  /** Records that arrived before this (epoch ms) are passed over: retention. */
  readonly notBefore: number;
  readonly maxRecords: number;
  /** Most bytes of data and keys; one record comes whatever its size. */
  readonly maxBytes: number;
}

/** What was read. */
export interface LogSlice {
  readonly records: readonly LoggedRecord[];
  /** Where to read on. */
  readonly next: number;
  /** Nothing further is committed. */
  readonly atTip: boolean;
}

/** Reads committed records in order. Holds at most the blocks that the answer is made of. */
export function readLog(blocks: Blocks, shard: ShardLog, range: ReadRange): LogSlice {
  // lmdb-js keeps a snapshot for the turn of the event loop; what was committed since must be seen.
  blocks.index.resetReadTxn();
  const records: LoggedRecord[] = [];
  let next = range.from;
  let bytes = 0;
  let start = startOfBlockWith(blocks, shard, range.from);
  if (isExpiredAt(blocks, shard, start, range.notBefore)) {
    next = Math.max(next, findByTime(blocks, shard, range.notBefore));
    start = startOfBlockWith(blocks, shard, next);
  }
  const end = blockKey(shard.streamId, shard.shardIndex, Number.MAX_SAFE_INTEGER);
  for (const { key, value } of blocks.index.getRange({
    start: blockKey(shard.streamId, shard.shardIndex, start),
    end,
  })) {
    const first = indexOfKey(key);
    const entry = readEntry(value);
    if (entry.place && entry.arrivedAt >= range.notBefore) {
      const block = Buffer.isBuffer(entry.place) ? entry.place : blocks.files.read(shard.streamId, entry.place);
      for (const record of readBlock(block, entry, first, range.from)) {
        bytes += record.data.length + record.partitionKey.length;
        if (records.length >= range.maxRecords || (records.length > 0 && bytes > range.maxBytes)) {
          return { records, next, atTip: false };
        }
        records.push(record);
        next = record.index + 1;
      }
    }
    next = Math.max(next, first + entry.count);
  }
  return { records, next, atTip: true };
}

/** Index of the first record that arrived at or after a time (epoch ms), or of the next one to come. */
export function findByTime(blocks: Blocks, shard: ShardLog, time: number): number {
  let low = FIRST_INDEX;
  let high = shard.committedNext;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const start = startOfBlockWith(blocks, shard, middle);
    const value = blocks.index.get(blockKey(shard.streamId, shard.shardIndex, start));
    const entry = value && readEntry(value);
    if (entry && entry.arrivedAt >= time) high = start;
    // No entry: what lay here was trimmed, so it is older than anything kept.
    else low = entry ? Math.max(start + entry.count, middle + 1) : middle + 1;
  }
  return low;
}

/** The first index of the block that holds a record, or the index itself where no block does. */
export function startOfBlockWith(blocks: Blocks, shard: ShardLog, index: number): number {
  const start = blockKey(shard.streamId, shard.shardIndex, index);
  if (blocks.index.doesExist(start)) return index;
  const end = blockKey(shard.streamId, shard.shardIndex, 0);
  for (const key of blocks.index.getKeys({ start, end, reverse: true, limit: 1 })) return indexOfKey(key);
  return index;
}

function isExpiredAt(blocks: Blocks, shard: ShardLog, start: number, notBefore: number): boolean {
  const end = blockKey(shard.streamId, shard.shardIndex, Number.MAX_SAFE_INTEGER);
  const first = blocks.index.getRange({ start: blockKey(shard.streamId, shard.shardIndex, start), end, limit: 1 });
  for (const { value } of first) return readEntry(value).arrivedAt < notBefore;
  return false;
}
