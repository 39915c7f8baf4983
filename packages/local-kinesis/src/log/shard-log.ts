import type { Database } from "lmdb";
import { blockKey, indexOfKey, readEntry } from "./block.ts";
import type { SegmentFiles } from "./segment-files.ts";

/** All blocks of all streams. */
export interface Blocks {
  /** The entries and keys of `block.ts`: what is in here is committed. */
  readonly index: Database<Buffer, Buffer>;
  readonly files: SegmentFiles;
}

/** Where the log of one shard stands. Only the writer changes it. */
export interface ShardLog {
  readonly streamId: number;
  readonly shardIndex: number;
  /** The index the next record gets. */
  nextIndex: number;
  /** As `nextIndex`, of committed records alone. */
  committedNext: number;
  /** Arrival of the newest record, epoch ms; arrivals never go back. */
  lastArrivedAt: number;
}

/** Index of a shard's first record. */
export const FIRST_INDEX = 1;

/** Finds where a shard's log stands: its last entry is never removed, so that alone tells. */
export function openShardLog({ index }: Blocks, streamId: number, shardIndex: number): ShardLog {
  const last = index.getRange({
    start: blockKey(streamId, shardIndex, Number.MAX_SAFE_INTEGER),
    end: blockKey(streamId, shardIndex, 0),
    reverse: true,
    limit: 1,
  });
  for (const { key, value } of last) {
    const { count, arrivedAt } = readEntry(value);
    const next = indexOfKey(key) + count;
    return { streamId, shardIndex, nextIndex: next, committedNext: next, lastArrivedAt: arrivedAt };
  }
  return { streamId, shardIndex, nextIndex: FIRST_INDEX, committedNext: FIRST_INDEX, lastArrivedAt: 0 };
}
