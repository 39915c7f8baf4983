import { comparePositions, countUpTo, type Position } from "./position.ts";
import type { StreamSource } from "./stream-source.ts";

/** How many records the stream holds in one shard, seen from a position. */
export interface ShardTally {
  /** Records from the oldest that was readable at the first read up to and with the asked position. */
  readonly upTo: number;
  /** Records behind the asked position that were read; more may follow when `atTip` is false. */
  readonly beyond: number;
  /** The oldest record that was readable at the first read; `undefined` while the shard gave none. */
  readonly first: Position | undefined;
  /** The whole shard was read, as far as it went at that moment. */
  readonly atTip: boolean;
}

/** Counts a stream's records by reading it, each record once. */
export interface StreamCounter {
  /** The shards of the stream, from the stream itself. */
  listShards(): Promise<readonly string[]>;
  /**
   * Reads the shard on until the count up to `position` is certain (a record at or past it was read, or the tip was reached),
   * and further while fewer than `maxBeyond` records past it are remembered. `undefined` counts nothing as reached.
   * Positions of one shard may only grow from call to call; `TypeError` otherwise.
   */
  tally(shardId: string, position: Position | undefined, signal?: AbortSignal): Promise<ShardTally>;
  /** Forgets a shard: the next tally reads it from its oldest record again. */
  forget(shardId: string): void;
}

interface ShardProgress {
  settled: number;
  reached: Position | undefined;
  beyond: Position[];
  first: Position | undefined;
  last: Position | undefined;
}

/**
 * A counter over `source`. Memory is bounded: of each shard it keeps a number and at most `maxBeyond` (default 20,000) plus
 * one page of sequence numbers that lie past the last asked position. `pause` is awaited between two reads of a shard, so that
 * the reads that Redshift needs stay free; by default it does not wait.
 */
export function createStreamCounter(options: {
  readonly source: StreamSource;
  readonly maxBeyond?: number;
  readonly pause?: (signal?: AbortSignal) => Promise<void>;
}): StreamCounter {
  const { source, maxBeyond = 20_000, pause = () => Promise.resolve() } = options;
  const shards = new Map<string, ShardProgress>();

  function progressOf(shardId: string): ShardProgress {
    let progress = shards.get(shardId);
    if (progress === undefined) {
      progress = { settled: 0, reached: undefined, beyond: [], first: undefined, last: undefined };
      shards.set(shardId, progress);
    }
    return progress;
  }

  return {
    listShards: () => source.listShards(),

    forget: (shardId) => void shards.delete(shardId),

    async tally(shardId, position, signal) {
      const progress = progressOf(shardId);
      moveTo(shardId, progress, position);
      let atTip = false;
      for (let reads = 0; !atTip && progress.beyond.length < maxBeyond; reads += 1) {
        signal?.throwIfAborted();
        if (reads > 0) await pause(signal);
        const read = await source.read(shardId, progress.last);
        take(progress, read.positions);
        atTip = read.atTip;
      }
      return { upTo: progress.settled, beyond: progress.beyond.length, first: progress.first, atTip };
    },
  };
}

/** Counts one shard once, from its oldest record to its end, and remembers no sequence numbers. */
export async function tallyOnce(
  source: StreamSource,
  shardId: string,
  position: Position | undefined,
  signal?: AbortSignal,
): Promise<ShardTally> {
  let [upTo, beyond] = [0, 0];
  let [first, last]: (Position | undefined)[] = [];
  for (let atTip = false; !atTip;) {
    signal?.throwIfAborted();
    const read = await source.read(shardId, last);
    const passed = position === undefined ? 0 : countUpTo(read.positions, position);
    upTo += passed;
    beyond += read.positions.length - passed;
    first ??= read.positions[0];
    last = read.positions.at(-1) ?? last;
    atTip = read.atTip;
  }
  return { upTo, beyond, first, atTip: true };
}

function moveTo(shardId: string, progress: ShardProgress, position: Position | undefined): void {
  if (position === undefined) {
    if (progress.reached === undefined) return;
    throw new TypeError(
      `positions of ${shardId} must not go back: got none after ${progress.reached} (stream counter)`,
    );
  }
  if (progress.reached !== undefined && comparePositions(position, progress.reached) < 0) {
    throw new TypeError(
      `positions of ${shardId} must not go back: got ${position} after ${progress.reached} (stream counter)`,
    );
  }
  progress.reached = position;
  const passed = countUpTo(progress.beyond, position);
  progress.settled += passed;
  progress.beyond = progress.beyond.slice(passed);
}

function take(progress: ShardProgress, positions: readonly Position[]): void {
  if (positions.length === 0) return;
  progress.first ??= positions[0];
  progress.last = positions.at(-1);
  const passed = progress.reached === undefined ? 0 : countUpTo(positions, progress.reached);
  progress.settled += passed;
  for (const position of positions.slice(passed)) progress.beyond.push(position);
}
