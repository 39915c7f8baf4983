import type { Database } from "lmdb";
import { blockKey, indexOfKey, readBlockHeader } from "./block.ts";

/** All blocks of all streams, by the keys of `block.ts`. */
export type BlockDatabase = Database<Buffer, Buffer>;

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

/** Finds where a shard's log stands: its last block is never trimmed, so that alone tells. */
export function openShardLog(blocks: BlockDatabase, streamId: number, shardIndex: number): ShardLog {
  const last = blocks.getRange({
    start: blockKey(streamId, shardIndex, Number.MAX_SAFE_INTEGER),
    end: blockKey(streamId, shardIndex, 0),
    reverse: true,
    limit: 1,
  });
  for (const { key, value } of last) {
    const { count, arrivedAt } = readBlockHeader(value);
    const next = indexOfKey(key) + count;
    return { streamId, shardIndex, nextIndex: next, committedNext: next, lastArrivedAt: arrivedAt };
  }
  return { streamId, shardIndex, nextIndex: FIRST_INDEX, committedNext: FIRST_INDEX, lastArrivedAt: 0 };
}
