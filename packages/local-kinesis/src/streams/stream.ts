import type { DailyChange } from "./daily-allowance.ts";
import { divideHashKeys } from "./hash-key.ts";
import type { HashKeyRange } from "./hash-key.ts";
import { openShardLog } from "../log/shard-log.ts";
import type { Blocks, ShardLog } from "../log/shard-log.ts";
import { createSequencer, formatSequenceNumber } from "../records/sequence-number.ts";
import type { ShardLimits } from "../physics/shard-limits.ts";

/** Capacity mode. */
export type StreamMode = "PROVISIONED" | "ON_DEMAND";

/** Who chooses the shard of a record: the service, or the partition key. */
export type RecordDistribution = "AUTO" | "USER_PARTITION_KEY";

/** What is kept of a stream, as plain JSON. */
export interface StreamState {
  /** Number of the stream in this directory, never used twice. */
  readonly id: number;
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly mode: StreamMode;
  readonly retentionHours: number;
  /** Arrivals before this have left for good: a longer retention period does not bring them back. Epoch ms. */
  readonly trimmedBefore?: number;
  /** Key of the KMS encryption; absent without encryption. Nothing is encrypted here. */
  readonly keyId?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Resource-based policy, JSON; absent without one. */
  readonly policy?: string | undefined;
  /** Shard-level metrics that are on. */
  readonly shardLevelMetrics?: readonly string[];
  /** Default `USER_PARTITION_KEY`. */
  readonly recordDistribution?: RecordDistribution;
  /** What the stream was last asked to take, MiB/s. */
  readonly warmThroughputMiBps?: number | undefined;
  /** When there were changes that may come only so often, epoch ms. */
  readonly recentChanges?: Readonly<Partial<Record<DailyChange, readonly number[]>>>;
  /** Most KiB of one record, key included. */
  readonly maxRecordSizeKiB: number;
  readonly shards: readonly ShardState[];
  /** Absent while the stream is ACTIVE. */
  readonly transition?: StreamTransition | undefined;
}

/** A state that a stream passes through. */
export interface StreamTransition {
  readonly status: "CREATING" | "UPDATING" | "DELETING";
  /** When it ends, epoch ms. */
  readonly until: number;
  /** Set while a stream is DELETING that was CREATING before. */
  readonly neverActive?: true;
  /** What becomes of the shards at its end. */
  readonly change?: ShardChange;
}

/** A change of a stream's shards, in terms of their indexes. Hash keys as in `HashKeyRange`. */
export type ShardChange =
  | { readonly kind: "split"; readonly shardIndex: number; readonly secondStart: string }
  | { readonly kind: "merge"; readonly left: number; readonly right: number }
  | { readonly kind: "halve"; readonly shardIndexes: readonly number[] }
  | { readonly kind: "rescale"; readonly count: number };

/** What is kept of a shard. */
export interface ShardState extends HashKeyRange {
  readonly index: number;
  /** Later than those of any stream of the same name before, so that sequence numbers of a stream and of its successor never meet. */
  readonly createdSecond: number;
  /** Epoch ms. */
  readonly openedAt: number;
  readonly parentIndex?: number;
  readonly adjacentParentIndex?: number;
  /** Set when the shard is closed: the index after its last record, and when, epoch ms. */
  readonly closed?: { readonly nextIndex: number; readonly at: number };
}

/** A stream in use. */
export interface Stream {
  readonly state: StreamState;
  /** In order of their index. */
  readonly shards: readonly Shard[];
  /** The shards that take records, in order of their hash keys. */
  readonly openShards: readonly Shard[];
  /** Whose turn it was last where records are spread evenly over the open shards. */
  readonly rotation: { turn: number };
}

/** A shard in use. */
export interface Shard {
  readonly id: string;
  readonly state: ShardState;
  readonly log: ShardLog;
  readonly limits: ShardLimits;
  /** The sequence number of a record, from its index and arrival. */
  readonly sequenceNumber: (index: number, arrivedAt: number) => string;
}

/** Shards of a new on-demand stream. Source: Kinesis developer guide, on-demand mode. */
export const ON_DEMAND_SHARD_COUNT = 4;
/** Source: Kinesis API reference, CreateStream. */
export const DEFAULT_MAX_RECORD_SIZE_KIB = 1024;

/** The shards of a new stream. */
export function createShardStates(count: number, createdSecond: number, openedAt: number): ShardState[] {
  return divideHashKeys(count).map((range, index) => ({ ...range, index, createdSecond, openedAt }));
}

/** A stream in use, from what is kept of it. Shards it had before keep their logs and what was used of their limits. */
export function openStream(
  state: StreamState,
  blocks: Blocks,
  newShardLimits: () => ShardLimits,
  before?: Stream,
): Stream {
  const shards = state.shards.map((shard): Shard => {
    const known = before?.shards[shard.index];
    return {
      id: formatShardId(shard.index),
      state: shard,
      log: known?.log ?? openShardLog(blocks, state.id, shard.index),
      limits: known?.limits ?? newShardLimits(),
      sequenceNumber: known?.sequenceNumber ?? createSequencer(shard.createdSecond, shard.index),
    };
  });
  const openShards = shards
    .filter((shard) => shard.state.closed === undefined)
    .sort((left, right) => (left.state.end < right.state.end ? -1 : 1));
  return { state, shards, openShards, rotation: before?.rotation ?? { turn: 0 } };
}

/** The open shard whose turn it is. */
export function nextShard({ openShards, rotation }: Stream): Shard {
  rotation.turn = (rotation.turn + 1) % openShards.length;
  return openShards[rotation.turn] as Shard;
}

/** The open shard whose range holds a hash key. */
export function findOpenShard(stream: Stream, hashKey: string): Shard {
  const shards = stream.openShards;
  let low = 0;
  let high = shards.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shards[middle] as Shard).state.end < hashKey) low = middle + 1;
    else high = middle;
  }
  return shards[low] as Shard;
}

/** `shardId-000000000001` for 1; `shardId--00000000001` for -1, which AWS reads in some sequence numbers. */
export function formatShardId(index: number): string {
  return index < 0 ? `shardId--${String(-index).padStart(11, "0")}` : `shardId-${String(index).padStart(12, "0")}`;
}

/**
 * The index in a shard id. AWS takes any length and any word before the hyphen, or none (mhart/kinesalite:test/getShardIterator.js).
 * `undefined` for what is none.
 */
export function parseShardId(id: string): number | undefined {
  const digits = /^(?:[^-]*-)?(\d+)$/.exec(id)?.[1];
  const index = digits === undefined ? NaN : Number(digits);
  return index <= 0x7fffffff ? index : undefined;
}

/** The sequence number a shard starts with; every record's is greater. */
export function startingSequenceNumber({ createdSecond, index }: ShardState): string {
  return formatSequenceNumber({ createdSecond, shardIndex: index, index: 0, arrivedSecond: createdSecond });
}

/** `StreamStatus` of the API. */
export function streamStatus({ transition }: StreamState): "ACTIVE" | StreamTransition["status"] {
  return transition?.status ?? "ACTIVE";
}

/** Whether a stream has been ACTIVE: before that it shows no shards and takes no records. */
export function hasBeenActive({ transition }: StreamState): boolean {
  return transition?.status !== "CREATING" && transition?.neverActive !== true;
}

/** Whether a stream was created in this second, since the epoch; clients know its creation no better than AWS shows it. */
export function isCreatedAt({ createdAt }: Pick<StreamState, "createdAt">, second: number): boolean {
  return Math.floor(createdAt / 1000) === Math.floor(second);
}

/** Arrivals before this have left the stream, epoch ms. */
export function retentionStart({ retentionHours, trimmedBefore = 0 }: StreamState, now: number): number {
  return Math.max(trimmedBefore, now - retentionHours * 3_600_000);
}

/**
 * Whether a shard is EXPIRED: it was closed so long ago that all its records have left. Such a shard is kept, so that
 * its number is never given again, but it is listed no more, nor known by its id. Source: Kinesis developer guide,
 * shard state after a reshard; that its id is no longer known is not confirmed.
 */
export function isExpired({ closed }: ShardState, retainedFrom: number): boolean {
  return closed !== undefined && closed.at < retainedFrom;
}
