import { MAX_BLOCK_BYTES, blockKey, indexOfKey, readEntry, toRecord, walkBlock } from "./block.ts";
import type { LoggedRecord, RecordSpan } from "./block.ts";
import type { Extent } from "./segment-files.ts";
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

/** How far a reader came. */
export interface LogScan {
  /** Where to read on. */
  readonly next: number;
  /** Nothing further is committed. */
  readonly atTip: boolean;
  /** Of data and keys. */
  readonly bytes: number;
  /** Arrival of the last record that was read, epoch ms; `undefined` if none was. */
  readonly lastArrivedAt: number | undefined;
}

/** What was read. */
export interface LogSlice extends LogScan {
  readonly records: readonly LoggedRecord[];
}

/** What blocks are read into, one after the other, for those who copy what they need out of them at once. */
let scratch: Buffer | undefined;

/** Reads committed records in order. Holds at most the blocks that the answer is made of. */
export function readLog(blocks: Blocks, shard: ShardLog, range: ReadRange): LogSlice {
  const records: LoggedRecord[] = [];
  const read = (extent: Extent): Buffer => blocks.files.read(shard.streamId, extent);
  const scan = walkLog(blocks, shard, range, { read, visit: (span) => void records.push(toRecord(span)) });
  return { ...scan, records };
}

/** Visits committed records in order. A visitor that keeps anything of a span copies it: the next block overwrites it. */
export function scanLog(blocks: Blocks, shard: ShardLog, range: ReadRange, visit: (span: RecordSpan) => void): LogScan {
  scratch ??= Buffer.allocUnsafeSlow(MAX_BLOCK_BYTES);
  const read = (extent: Extent): Buffer => blocks.files.read(shard.streamId, extent, scratch);
  return walkLog(blocks, shard, range, { read, visit });
}

function walkLog(
  blocks: Blocks,
  shard: ShardLog,
  range: ReadRange,
  { read, visit }: { readonly read: (extent: Extent) => Buffer; readonly visit: (span: RecordSpan) => void },
): LogScan {
  // lmdb-js keeps a snapshot for the turn of the event loop; what was committed since must be seen.
  blocks.index.resetReadTxn();
  let next = range.from;
  let count = 0;
  let bytes = 0;
  let lastArrivedAt: number | undefined;
  const visitInRange = (span: RecordSpan): boolean => {
    if (span.index < range.from) return true;
    const size = span.dataEnd - span.keyStart;
    if (count >= range.maxRecords || (count > 0 && bytes + size > range.maxBytes)) return false;
    visit(span);
    count += 1;
    bytes += size;
    next = span.index + 1;
    lastArrivedAt = span.arrivedAt;
    return true;
  };
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
      // No need to read what no record is wanted of.
      if (count >= range.maxRecords) return { next, atTip: false, bytes, lastArrivedAt };
      const block = Buffer.isBuffer(entry.place) ? entry.place : read(entry.place);
      if (!walkBlock(block, entry, first, visitInRange)) return { next, atTip: false, bytes, lastArrivedAt };
    }
    next = Math.max(next, first + entry.count);
  }
  return { next, atTip: true, bytes, lastArrivedAt };
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
