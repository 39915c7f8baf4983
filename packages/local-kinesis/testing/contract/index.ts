import { accountSettings, describeLimits } from "./account.ts";
import { channels } from "./channels.ts";
import { consumers } from "./consumers.ts";
import type { Contract } from "./contract.ts";
import { createStream } from "./create-stream.ts";
import { dailyAllowances } from "./daily-allowances.ts";
import { deleteStream } from "./delete-stream.ts";
import { describeStream, describeStreamSummary } from "./describe-stream.ts";
import { dryRun } from "./dry-run.ts";
import { startStreamEncryption, stopStreamEncryption } from "./encryption.ts";
import { enhancedMonitoring } from "./enhanced-monitoring.ts";
import { getRecords } from "./get-records.ts";
import { getShardIterator } from "./get-shard-iterator.ts";
import { limits } from "./limits.ts";
import { listShards } from "./list-shards.ts";
import { listStreams } from "./list-streams.ts";
import { updateMaxRecordSize } from "./max-record-size.ts";
import { names } from "./names.ts";
import { putRecord } from "./put-record.ts";
import { putRecords } from "./put-records.ts";
import { recordDistribution } from "./record-distribution.ts";
import { mergeShards, splitShard, updateShardCount, updateStreamMode } from "./resharding.ts";
import { resourcePolicy } from "./resource-policy.ts";
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
import { updateStreamWarmThroughput } from "./warm-throughput.ts";
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
  updateStreamWarmThroughput,
  recordDistribution,
  updateMaxRecordSize,
  addTagsToStream,
  removeTagsFromStream,
  listTagsForStream,
  tagResource,
  untagResource,
  listTagsForResource,
  startStreamEncryption,
  stopStreamEncryption,
  enhancedMonitoring,
  resourcePolicy,
  consumers,
  subscribeToShard,
  channels,
  accountSettings,
  describeLimits,
  limits,
  dailyAllowances,
  dryRun,
  validation,
  wire,
];
