import type { KinesisContext } from "../context.ts";
import { formatHashKey } from "./hash-key.ts";
import type { LoggedRecord } from "../log/block.ts";
import { LAST_INDEX, createSequencer } from "../records/sequence-number.ts";
import { formatStreamArn } from "./stream-address.ts";
import {
  formatShardId,
  hasBeenActive,
  isExpired,
  retentionStart,
  startingSequenceNumber,
  streamStatus,
} from "./stream.ts";
import type { Shard, Stream } from "./stream.ts";

/** What all descriptions of a stream have in common. */
export function describeBasics(context: KinesisContext, { state }: Stream) {
  return {
    StreamName: state.name,
    StreamARN: formatStreamArn(context, state.name),
    StreamStatus: streamStatus(state),
    StreamModeDetails: { StreamMode: state.mode },
    StreamCreationTimestamp: new Date(state.createdAt),
  };
}

/** What `DescribeStream` and `DescribeStreamSummary` have in common. */
export function describeStreamState(context: KinesisContext, stream: Stream) {
  const { state } = stream;
  return {
    ...describeBasics(context, stream),
    RetentionPeriodHours: state.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: state.shardLevelMetrics ?? [] }],
    EncryptionType: encryptionType(stream),
    KeyId: state.keyId,
  };
}

/** The shards that descriptions show: those that have not expired, and none before the stream was ACTIVE. */
export function shownShards({ now }: KinesisContext, { state, shards }: Stream): readonly Shard[] {
  if (!hasBeenActive(state)) return [];
  const retainedFrom = retentionStart(state, now());
  return shards.filter((shard) => !isExpired(shard.state, retainedFrom));
}

/** `KMS` or `NONE`. */
export function encryptionType({ state }: Stream): "KMS" | "NONE" {
  return state.keyId === undefined ? "NONE" : "KMS";
}

/** A shard as the API shows it. */
export function describeShard({ id, state }: Shard) {
  const { closed } = state;
  return {
    ShardId: id,
    ParentShardId: state.parentIndex === undefined ? undefined : formatShardId(state.parentIndex),
    AdjacentParentShardId:
      state.adjacentParentIndex === undefined ? undefined : formatShardId(state.adjacentParentIndex),
    HashKeyRange: { StartingHashKey: formatHashKey(state.start), EndingHashKey: formatHashKey(state.end) },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber(state),
      EndingSequenceNumber: closed && createSequencer(state.createdSecond, state.index)(LAST_INDEX, closed.at),
    },
  };
}

/** A record as the API shows it. */
export function describeRecord(stream: Stream, shard: Shard, { index, arrivedAt, partitionKey, data }: LoggedRecord) {
  return {
    ApproximateArrivalTimestamp: new Date(arrivedAt),
    Data: data,
    EncryptionType: encryptionType(stream) === "KMS" ? "KMS" : undefined,
    PartitionKey: partitionKey === "" ? undefined : partitionKey,
    SequenceNumber: shard.sequenceNumber(index, arrivedAt),
  };
}

/** The shards that follow a closed one, as `GetRecords` and subscriptions show them at its end. */
export function describeChildren(stream: Stream, parent: Shard) {
  return stream.shards
    .filter(({ state }) => state.parentIndex === parent.state.index || state.adjacentParentIndex === parent.state.index)
    .map((child) => {
      const { ShardId, ParentShardId, AdjacentParentShardId, HashKeyRange } = describeShard(child);
      return { ShardId, ParentShards: [ParentShardId, AdjacentParentShardId].filter(Boolean), HashKeyRange };
    });
}
