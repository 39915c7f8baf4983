import { divideHashKeys, hashKeyBefore, middleHashKey } from "./hash-key.ts";
import type { ShardState } from "./stream.ts";

/** The moment at which shards are closed and others opened. */
export interface Turn {
  /** Epoch ms. */
  readonly at: number;
  /** The index after the last record of a shard. */
  readonly nextIndexOf: (shardIndex: number) => number;
}

/** Closes a shard and opens two in its place, the second from `secondStart` on. */
export function splitShard(
  shards: readonly ShardState[],
  index: number,
  secondStart: string,
  turn: Turn,
): ShardState[] {
  const parent = shards[index] as ShardState;
  const child = { ...heir([parent], turn), parentIndex: index };
  return [
    ...close(shards, [index], turn),
    { ...child, index: shards.length, start: parent.start, end: hashKeyBefore(secondStart) },
    { ...child, index: shards.length + 1, start: secondStart, end: parent.end },
  ];
}

/** Splits each of these shards in the middle of its range; one whose range is a single key stays as it is. */
export function halveShards(shards: readonly ShardState[], indexes: readonly number[], turn: Turn): ShardState[] {
  let result = [...shards];
  for (const index of indexes) {
    const { start, end } = shards[index] as ShardState;
    if (start < end) result = splitShard(result, index, middleHashKey({ start, end }), turn);
  }
  return result;
}

/** Closes two neighbours and opens one in their place. */
export function mergeShards(shards: readonly ShardState[], left: number, right: number, turn: Turn): ShardState[] {
  const [first, second] = [shards[left] as ShardState, shards[right] as ShardState];
  const child = { ...heir([first, second], turn), parentIndex: left, adjacentParentIndex: right };
  return [
    ...close(shards, [left, right], turn),
    { ...child, index: shards.length, start: first.start, end: second.end },
  ];
}

/**
 * Splits and merges until there are `count` open shards of even ranges: first a split wherever the wanted ranges meet
 * within a shard, then a merge wherever shards meet within a wanted range. What is opened between is closed again
 * without a record, like the short-lived shards of AWS (Kinesis API reference, UpdateShardCount).
 */
export function rescaleShards(shards: readonly ShardState[], count: number, turn: Turn): ShardState[] {
  const wanted = divideHashKeys(count);
  const starts = new Set(wanted.map(({ start }) => start));
  let result = [...shards];
  for (const start of starts) {
    const holder = openShards(result).find((shard) => shard.start < start && start <= shard.end);
    if (holder) result = splitShard(result, holder.index, start, turn);
  }
  for (;;) {
    const open = openShards(result);
    const position = open.findIndex((shard) => !starts.has(shard.start));
    if (position <= 0) return result;
    result = mergeShards(result, (open[position - 1] as ShardState).index, (open[position] as ShardState).index, turn);
  }
}

function openShards(shards: readonly ShardState[]): ShardState[] {
  return shards
    .filter((shard) => shard.closed === undefined)
    .sort((left, right) => (left.start < right.start ? -1 : 1));
}

/** A child is dated a second later than all its parents, as on AWS (mhart/kinesalite:actions/splitShard.js), so that its sequence numbers are greater. */
function heir(parents: readonly ShardState[], { at }: Turn) {
  const seconds = parents.map(({ createdSecond }) => createdSecond);
  return { createdSecond: Math.max(Math.floor(at / 1000), ...seconds) + 1, openedAt: at };
}

function close(shards: readonly ShardState[], indexes: readonly number[], { at, nextIndexOf }: Turn): ShardState[] {
  return shards.map((shard) =>
    indexes.includes(shard.index) ? { ...shard, closed: { at, nextIndex: nextIndexOf(shard.index) } } : shard,
  );
}
