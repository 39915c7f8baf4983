import { consumers } from "./consumers.ts";
import type { Contract } from "./contract.ts";
import { createStream } from "./create-stream.ts";
import { deleteStream } from "./delete-stream.ts";
import { describeStream, describeStreamSummary } from "./describe-stream.ts";
import { startStreamEncryption, stopStreamEncryption } from "./encryption.ts";
import { getRecords } from "./get-records.ts";
import { getShardIterator } from "./get-shard-iterator.ts";
import { listShards } from "./list-shards.ts";
import { listStreams } from "./list-streams.ts";
import { names } from "./names.ts";
import { putRecord } from "./put-record.ts";
import { putRecords } from "./put-records.ts";
import { mergeShards, splitShard, updateShardCount, updateStreamMode } from "./resharding.ts";
import { decreaseStreamRetentionPeriod, increaseStreamRetentionPeriod, retention } from "./retention-period.ts";
import { streamStates } from "./stream-states.ts";
import { subscribeToShard } from "./subscribe-to-shard.ts";
import {
  addTagsToStream,
  listTagsForResource,
  listTagsForStream,
  removeTagsFromStream,
  tagResource,
  untagResource,
} from "./tags.ts";
import { validation } from "./validation.ts";
import { wire } from "./wire.ts";

/** Everything that is promised, in the order of the table. */
export const CONTRACTS: readonly Contract[] = [
  createStream,
  describeStream,
  describeStreamSummary,
  listStreams,
  listShards,
  deleteStream,
  streamStates,
  names,
  putRecord,
  putRecords,
  getShardIterator,
  getRecords,
  increaseStreamRetentionPeriod,
  decreaseStreamRetentionPeriod,
  retention,
  splitShard,
  mergeShards,
  updateShardCount,
  updateStreamMode,
  addTagsToStream,
  removeTagsFromStream,
  listTagsForStream,
  tagResource,
  untagResource,
  listTagsForResource,
  startStreamEncryption,
  stopStreamEncryption,
  consumers,
  subscribeToShard,
  validation,
  wire,
];
