import { committed } from "../durability/committed.ts";
import { MAX_BLOCK_BYTES, blockKey, crcOf, encodeEntry, releaseChunk } from "./block.ts";
import type { Chunk } from "./block.ts";
import type { Blocks, ShardLog } from "./shard-log.ts";

/** A chunk on its way into a shard. */
export interface Append {
  readonly shard: ShardLog;
  readonly chunk: Chunk;
}

/** Where a chunk came to lie: its records have the indexes from `firstIndex` on. */
export interface Placement {
  readonly firstIndex: number;
  /** Epoch ms. */
  readonly arrivedAt: number;
}

/** Appends to the logs of shards. */
export interface LogWriter {
  /**
   * Stores chunks, which it takes over, in one transaction and resolves, in the same order, once that has committed: from then on a killed
   * process loses none of them. Rejects if the transaction failed, with nothing stored.
   */
  append(appends: readonly Append[]): Promise<readonly Placement[]>;
  /** Resolves once everything appended so far has settled. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly appends: readonly Append[];
  readonly resolve: (placements: readonly Placement[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A block that is about to be stored. */
interface BlockDraft {
  readonly shard: ShardLog;
  /** Index of its first record. */
  readonly first: number;
  readonly chunks: readonly Chunk[];
}

/**
 * A writer that commits what has gathered while the commit before it was under way, so that many small puts share one
 * transaction and one block a shard. `onCommit` hears which shards grew.
 */
export function createLogWriter(options: {
  readonly blocks: Blocks;
  readonly now: () => number;
  readonly onCommit: (shards: Iterable<ShardLog>) => void;
  /** Brings records to the disk before their transaction, for a database that brings its transactions there. */
  readonly syncsFirst?: boolean;
}): LogWriter {
  const { blocks, now, onCommit, syncsFirst = false } = options;
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await commit(batch);
    }
    running = undefined;
  };

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    const byShard = new Map<ShardLog, { readonly chunk: Chunk; readonly place: (placement: Placement) => void }[]>();
    const settle = batch.map(({ appends, resolve }) => {
      const placements = new Array<Placement>(appends.length);
      appends.forEach(({ shard, chunk }, position) => {
        const entry = { chunk, place: (placement: Placement) => void (placements[position] = placement) };
        const entries = byShard.get(shard);
        if (entries) entries.push(entry);
        else byShard.set(shard, [entry]);
      });
      return () => resolve(placements);
    });
    try {
      const drafts: BlockDraft[] = [];
      for (const [shard, entries] of byShard) {
        shard.lastArrivedAt = Math.max(now(), shard.lastArrivedAt);
        for (const group of groupBySize(entries)) {
          drafts.push({ shard, first: shard.nextIndex, chunks: group.map(({ chunk }) => chunk) });
          for (const { chunk, place } of group) {
            place({ firstIndex: shard.nextIndex, arrivedAt: shard.lastArrivedAt });
            shard.nextIndex += chunk.count;
          }
        }
      }
      await store(drafts);
    } catch (error) {
      for (const shard of byShard.keys()) shard.nextIndex = shard.committedNext;
      for (const { reject } of batch) reject(error);
      return;
    } finally {
      for (const { appends } of batch) for (const { chunk } of appends) releaseChunk(chunk);
    }
    for (const shard of byShard.keys()) shard.committedNext = shard.nextIndex;
    for (const resolve of settle) resolve();
    onCommit(byShard.keys());
  };

  /** First the bytes, then their entries in one transaction: what a kill cuts short between the two is never seen. */
  const store = async (drafts: readonly BlockDraft[]): Promise<void> => {
    const byStream = new Map<number, BlockDraft[]>();
    for (const draft of drafts) {
      const group = byStream.get(draft.shard.streamId);
      if (group) group.push(draft);
      else byStream.set(draft.shard.streamId, [draft]);
    }
    const writes = [...byStream].map(([streamId, group]) => appendBytes(streamId, group));
    // Of streams that are written together one may fail: the others' bytes are still on their way then.
    await Promise.allSettled(writes);
    const placed = (await Promise.all(writes)).flat();
    if (placed.length === 0) return;
    if (syncsFirst) await blocks.files.sync();
    const writing = blocks.index.batch(() => {
      for (const { key, entry } of placed) void blocks.index.put(key, entry);
    });
    await committed(writing);
  };

  const appendBytes = async (streamId: number, drafts: readonly BlockDraft[]) => {
    const buffers = drafts.flatMap(({ chunks }) => chunks.map(({ bytes }) => bytes));
    const { segment, offset } = await blocks.files.append(streamId, buffers);
    let position = offset;
    return drafts.map(({ shard, first, chunks }) => {
      let length = 0;
      let count = 0;
      for (const chunk of chunks) {
        length += chunk.bytes.length;
        count += chunk.count;
      }
      const place = { segment, offset: position, length, crc: crcOf(chunks) };
      position += length;
      return {
        key: blockKey(streamId, shard.shardIndex, first),
        entry: encodeEntry(count, shard.lastArrivedAt, place),
      };
    });
  };

  const append = (appends: readonly Append[]): Promise<readonly Placement[]> =>
    new Promise((resolve, reject) => {
      waiting.push({ appends, resolve, reject });
      running ??= new Promise<void>((started) => setImmediate(started)).then(run);
    });

  return {
    append,
    async settled() {
      await append([]);
    },
  };
}

function groupBySize<Entry extends { readonly chunk: Chunk }>(entries: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    bytes += entry.chunk.bytes.length;
    if (bytes > MAX_BLOCK_BYTES) {
      groups.push([]);
      bytes = entry.chunk.bytes.length;
    }
    groups.at(-1)?.push(entry);
  }
  return groups;
}
