import { HASH_KEY_COUNT } from "./stream-model.ts";
import type { HashRange, ListedShard, StreamModel } from "./stream-model.ts";

/**
 * What is wrong with a listing that follows the shards a model knows: each sentence names a rule that is broken. The
 * rules are those of the developer guide's chapter on resharding.
 */
export function findLineageFaults(model: StreamModel, listed: readonly ListedShard[]): string[] {
  const before = new Map<string, ListedShard>(model.shards.map((shard) => [shard.id, shard]));
  const all = new Map([...before, ...listed.map((shard) => [shard.id, shard] as const)]);
  const created = listed.filter(({ id }) => !before.has(id));
  const closed = listed.filter((shard) => isClosed(shard) && !isClosed(before.get(shard.id)));
  return [
    ...listed.flatMap((shard) => faultsOfKept(before.get(shard.id), shard)),
    ...faultsOfNumbers([...before.keys()], created),
    ...created.flatMap((child) => faultsOfChild(child, all)),
    ...closed.flatMap((parent) => faultsOfParent(parent, created)),
    ...faultsOfRanges([...all.values()].filter((shard) => !isClosed(shard))),
  ];
}

/** A shard never changes but for being closed. */
function faultsOfKept(before: ListedShard | undefined, after: ListedShard): string[] {
  if (!before) return [];
  const members = ["start", "end", "parent", "adjacentParent", "startingSequenceNumber"] as const;
  return [
    ...members
      .filter((member) => before[member] !== after[member])
      .map((member) => `${after.id} changed its ${member}`),
    ...(isClosed(before) && !isClosed(after) ? [`${after.id} was closed and is open again`] : []),
  ];
}

/** New shards have the numbers that follow the highest there was. */
function faultsOfNumbers(before: readonly string[], created: readonly ListedShard[]): string[] {
  const next = Math.max(...before.map(numberOf)) + 1;
  const numbers = created.map(({ id }) => numberOf(id)).sort((left, right) => left - right);
  return numbers.every((number, index) => number === next + index)
    ? []
    : [`new shards have the numbers ${numbers.join(", ")}, expected them from ${next} on`];
}

/** A child has closed parents, starts after they end, and after a merge holds what both held. */
function faultsOfChild(child: ListedShard, all: ReadonlyMap<string, ListedShard>): string[] {
  const parents = [child.parent, child.adjacentParent].flatMap((id) => (id === undefined ? [] : (all.get(id) ?? [])));
  const [left, right] = parents;
  const faults = parents.flatMap((parent) => [
    ...(isClosed(parent) ? [] : [`${parent.id} has the child ${child.id} and is open`]),
    ...((parent.endingSequenceNumber ?? 0n) < child.startingSequenceNumber
      ? []
      : [`${child.id} starts before its parent ${parent.id} ends`]),
  ]);
  if (!left) faults.push(`${child.id} has no parent`);
  const isUnion = (one: HashRange, other: HashRange): boolean =>
    one.end + 1n === other.start && child.start === one.start && child.end === other.end;
  if (left && right && !isUnion(left, right)) faults.push(`${child.id} is not its two parents, one after the other`);
  return faults;
}

/** A closed shard was split in two parts, or merged. */
function faultsOfParent(parent: ListedShard, created: readonly ListedShard[]): string[] {
  const [left, right, ...others] = created
    .filter((child) => child.parent === parent.id || child.adjacentParent === parent.id)
    .sort(byStart);
  const isMerged = left?.adjacentParent !== undefined && right === undefined;
  const isSplit =
    left?.start === parent.start && left.end + 1n === right?.start && right.end === parent.end && others.length === 0;
  return [
    ...(isMerged || isSplit ? [] : [`${parent.id} was closed and is neither split in two nor merged`]),
    ...(parent.startingSequenceNumber <= (parent.endingSequenceNumber ?? 0n)
      ? []
      : [`${parent.id} ends before it starts`]),
  ];
}

/** The ranges of open shards meet without a gap and hold all hash keys. */
function faultsOfRanges(open: readonly HashRange[]): string[] {
  const faults: string[] = [];
  let next = 0n;
  for (const { start, end } of [...open].sort(byStart)) {
    if (start !== next) faults.push(`a range starts at ${start}, expected ${next}`);
    if (end < start) faults.push(`a range ends at ${end}, before its start ${start}`);
    next = end + 1n;
  }
  if (next !== HASH_KEY_COUNT) faults.push(`the last range ends at ${next - 1n}, expected ${HASH_KEY_COUNT - 1n}`);
  return faults;
}

function isClosed(shard: ListedShard | undefined): boolean {
  return shard?.endingSequenceNumber !== undefined;
}

function byStart(left: HashRange, right: HashRange): number {
  return left.start < right.start ? -1 : 1;
}

function numberOf(shardId: string): number {
  const digits = /^shardId-(\d{12})$/.exec(shardId)?.[1];
  if (digits === undefined) throw new Error(`${shardId} is no shard id`);
  return Number(digits);
}
