import { blockKey } from "./block.ts";
import { findByTime, startOfBlockWith } from "./log-reader.ts";
import { FIRST_INDEX } from "./shard-log.ts";
import type { BlockDatabase, ShardLog } from "./shard-log.ts";

/** Blocks removed in one transaction, so that puts wait no longer than one of these takes. */
const BLOCKS_PER_TRANSACTION = 1000;

/**
 * Removes the blocks of a shard whose records all arrived before a time (epoch ms). The last block stays: it is what
 * tells where the log stands. Resolves to the number of blocks removed.
 */
export async function trimLog(blocks: BlockDatabase, shard: ShardLog, notBefore: number): Promise<number> {
  blocks.resetReadTxn();
  const last = startOfBlockWith(blocks, shard, Math.max(FIRST_INDEX, shard.committedNext - 1));
  const kept = Math.min(findByTime(blocks, shard, notBefore), last);
  const { streamId, shardIndex } = shard;
  return removeBlocks(blocks, blockKey(streamId, shardIndex, 0), blockKey(streamId, shardIndex, kept));
}

/** Removes every block of a stream. */
export function removeStreamLog(blocks: BlockDatabase, streamId: number): Promise<number> {
  return removeBlocks(blocks, blockKey(streamId, 0, 0), blockKey(streamId + 1, 0, 0));
}

async function removeBlocks(blocks: BlockDatabase, start: Buffer, end: Buffer): Promise<number> {
  let removed = 0;
  for (;;) {
    blocks.resetReadTxn();
    const keys = [...blocks.getKeys({ start, end, limit: BLOCKS_PER_TRANSACTION })];
    if (keys.length === 0) return removed;
    await Promise.all(keys.map((key) => blocks.remove(key)));
    removed += keys.length;
  }
}
