import { createHash } from "node:crypto";

/*
 * A Kinesis stream as its documentation describes it, in memory and in whole numbers: the oracle of the property tests. It
 * shares no code with what it judges. Sources: Kinesis API reference (PutRecord, SplitShard, MergeShards,
 * UpdateShardCount, GetShardIterator, Increase- and DecreaseStreamRetentionPeriod) and the developer guide, resharding.
 */

/** Both ends inclusive. */
export interface HashRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** A shard as a listing shows it. */
export interface ListedShard extends HashRange {
  readonly id: string;
  readonly parent?: string | undefined;
  readonly adjacentParent?: string | undefined;
  readonly startingSequenceNumber: bigint;
  /** Of closed shards alone. */
  readonly endingSequenceNumber?: bigint | undefined;
}

/** A record that was put. */
export interface ModelRecord {
  readonly partitionKey: string;
  readonly text: string;
  readonly hashKey: bigint;
  /** Epoch ms. */
  readonly arrivedAt: number;
  readonly sequenceNumber: bigint;
}

/** A shard and all that was ever put into it, expired or not. */
export interface ModelShard extends ListedShard {
  readonly records: readonly ModelRecord[];
  /** Epoch ms; absent while it is open. */
  readonly closedAt?: number | undefined;
}

/** The model of one stream. Times are epoch ms. */
export interface StreamModel {
  /** Every shard there ever was, in order of its number. */
  readonly shards: readonly ModelShard[];
  readonly retentionHours: number;
  /** Records that arrived earlier are gone for good: no longer retention brings them back. */
  readonly trimmedBefore: number;
}

/** Hash keys are the numbers below this. */
export const HASH_KEY_COUNT = 2n ** 128n;
const HOUR_MS = 3_600_000;

/** A new stream, of the shards that its first listing shows. */
export function createStreamModel(listed: readonly ListedShard[]): StreamModel {
  return { shards: listed.map((shard) => ({ ...shard, records: [] })), retentionHours: 24, trimmedBefore: 0 };
}

/** The MD5 of a partition key, as a number from 0 to 2^128 - 1. */
export function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash("md5").update(partitionKey, "utf8").digest("hex")}`);
}

/** The shards that take records, in order of their hash keys. */
export function openShards(model: StreamModel): readonly ModelShard[] {
  return model.shards
    .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined)
    .sort((left, right) => (left.start < right.start ? -1 : 1));
}

/** The one open shard that a hash key belongs to. */
export function ownerOf(model: StreamModel, hashKey: bigint): ModelShard {
  const owners = openShards(model).filter(({ start, end }) => start <= hashKey && hashKey <= end);
  if (owners.length === 1) return owners[0] as ModelShard;
  throw new Error(`${owners.length} open shards hold the hash key ${hashKey}, expected one`);
}

/** With a record put into a shard. */
export function withRecord(model: StreamModel, shardId: string, record: ModelRecord): StreamModel {
  return {
    ...model,
    shards: model.shards.map((shard) =>
      shard.id === shardId ? { ...shard, records: [...shard.records, record] } : shard,
    ),
  };
}

/** With another retention period from a moment on. */
export function withRetention(model: StreamModel, retentionHours: number, now: number): StreamModel {
  return { ...model, retentionHours, trimmedBefore: horizon(model, now) };
}

/** With the shards that a listing showed after a change of them at a moment. */
export function withShards(model: StreamModel, listed: readonly ListedShard[], now: number): StreamModel {
  const before = new Map(model.shards.map((shard) => [shard.id, shard]));
  const changed = listed.map((shard): ModelShard => {
    const known = before.get(shard.id);
    const wasOpen = known?.endingSequenceNumber === undefined;
    const closedAt = wasOpen && shard.endingSequenceNumber !== undefined ? now : known?.closedAt;
    return { ...shard, records: known?.records ?? [], closedAt };
  });
  const listedIds = new Set(listed.map(({ id }) => id));
  return { ...model, shards: [...model.shards.filter(({ id }) => !listedIds.has(id)), ...changed] };
}

/** The records of a shard from a position on that a reader may still see. Positions count every record ever put. */
export function visibleRecords(
  model: StreamModel,
  shard: ModelShard,
  position: number,
  now: number,
): readonly { readonly record: ModelRecord; readonly position: number }[] {
  return shard.records
    .map((record, index) => ({ record, position: index }))
    .filter((entry) => entry.position >= position && entry.record.arrivedAt >= horizon(model, now));
}

/** The shards that are listed: a closed one goes when all its records have gone. */
export function listedShards(model: StreamModel, now: number): readonly ModelShard[] {
  return model.shards.filter(({ closedAt }) => closedAt === undefined || closedAt >= horizon(model, now));
}

/** The shards that follow a closed one. */
export function childrenOf(model: StreamModel, shardId: string): readonly ModelShard[] {
  return model.shards.filter(({ parent, adjacentParent }) => parent === shardId || adjacentParent === shardId);
}

/** Even ranges for so many shards; the rest of the division is the last one's. */
export function evenRanges(count: number): readonly HashRange[] {
  const width = HASH_KEY_COUNT / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: width * BigInt(index),
    end: index === count - 1 ? HASH_KEY_COUNT - 1n : width * BigInt(index + 1) - 1n,
  }));
}

function horizon({ retentionHours, trimmedBefore }: StreamModel, now: number): number {
  return Math.max(trimmedBefore, now - retentionHours * HOUR_MS);
}
