import { divideHashKeys, hashKeyBefore, middleHashKey } from "./hash-key.ts";
import type { HashKeyRange } from "./hash-key.ts";
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
  const result = [...shards];
  const parent = shards[index] as ShardState;
  replace(result, [parent], splitRange(parent, secondStart), turn);
  return result;
}

/** Splits each of these shards in the middle of its range; one whose range is a single key stays as it is. */
export function halveShards(shards: readonly ShardState[], indexes: readonly number[], turn: Turn): ShardState[] {
  const result = [...shards];
  for (const index of indexes) {
    const shard = shards[index] as ShardState;
    if (shard.start < shard.end) replace(result, [shard], splitRange(shard, middleHashKey(shard)), turn);
  }
  return result;
}

/** Closes two neighbours and opens one in their place. */
export function mergeShards(shards: readonly ShardState[], left: number, right: number, turn: Turn): ShardState[] {
  const result = [...shards];
  const [first, second] = [shards[left] as ShardState, shards[right] as ShardState];
  replace(result, [first, second], [{ start: first.start, end: second.end }], turn);
  return result;
}

/**
 * Splits and merges until there are `count` open shards of even ranges: first a split wherever the wanted ranges meet
 * within a shard, then a merge wherever shards meet within a wanted range. What is opened between is closed again
 * without a record, like the short-lived shards of AWS (Kinesis API reference, UpdateShardCount).
 */
export function rescaleShards(shards: readonly ShardState[], count: number, turn: Turn): ShardState[] {
  const result = [...shards];
  const starts = divideHashKeys(count).map(({ start }) => start);
  let next = 0;
  const pieces: ShardState[] = [];
  for (let shard of openShards(shards)) {
    for (; next < starts.length && (starts[next] as string) <= shard.end; next += 1) {
      const start = starts[next] as string;
      if (start <= shard.start) continue;
      const [low, high] = replace(result, [shard], splitRange(shard, start), turn) as [ShardState, ShardState];
      pieces.push(low);
      shard = high;
    }
    pieces.push(shard);
  }

  const wanted = new Set(starts);
  let last: ShardState | undefined;
  for (const piece of pieces) {
    if (last === undefined || wanted.has(piece.start)) last = piece;
    else [last] = replace(result, [last, piece], [{ start: last.start, end: piece.end }], turn);
  }
  return result;
}

function openShards(shards: readonly ShardState[]): ShardState[] {
  return shards
    .filter((shard) => shard.closed === undefined)
    .sort((left, right) => (left.start < right.start ? -1 : 1));
}

function splitRange({ start, end }: HashKeyRange, secondStart: string): HashKeyRange[] {
  return [
    { start, end: hashKeyBefore(secondStart) },
    { start: secondStart, end },
  ];
}

/**
 * Closes one or two shards of a list and opens others at its end, which it answers. A child is dated a second later than
 * all its parents, as on AWS (mhart/kinesalite:actions/splitShard.js), so that its sequence numbers are greater.
 */
function replace(
  shards: ShardState[],
  parents: readonly [ShardState, ShardState?],
  ranges: readonly HashKeyRange[],
  { at, nextIndexOf }: Turn,
): ShardState[] {
  const [parent, adjacentParent] = parents;
  let createdSecond = Math.floor(at / 1000);
  for (const shard of parents) {
    if (!shard) continue;
    shards[shard.index] = { ...shard, closed: { at, nextIndex: nextIndexOf(shard.index) } };
    createdSecond = Math.max(createdSecond, shard.createdSecond);
  }
  const heir = {
    createdSecond: createdSecond + 1,
    openedAt: at,
    parentIndex: parent.index,
    ...(adjacentParent ? { adjacentParentIndex: adjacentParent.index } : {}),
  };
  const children = ranges.map((range, offset) => ({ ...heir, ...range, index: shards.length + offset }));
  shards.push(...children);
  return children;
}
