import { describe, expect, it } from "vitest";
import { inAwsOrder } from "./aws-order.ts";
import type { Members } from "./shape.ts";

/** The members of inputs in the order of the errors about them, as kinesalite's tests recorded them on AWS (mhart/kinesalite:test). */
const RECORDED = {
  AddTagsToStream: ["Tags", "StreamName"],
  CreateStream: ["ShardCount", "StreamName"],
  DescribeStream: ["Limit", "ExclusiveStartShardId", "StreamName"],
  GetRecords: ["Limit", "ShardIterator"],
  GetShardIterator: ["ShardId", "ShardIteratorType", "StartingSequenceNumber", "StreamName"],
  IncreaseStreamRetentionPeriod: ["RetentionPeriodHours", "StreamName"],
  ListStreams: ["Limit", "ExclusiveStartStreamName"],
  ListTagsForStream: ["Limit", "ExclusiveStartTagKey", "StreamName"],
  MergeShards: ["ShardToMerge", "AdjacentShardToMerge", "StreamName"],
  PutRecord: ["SequenceNumberForOrdering", "PartitionKey", "ExplicitHashKey", "Data", "StreamName"],
  PutRecords: ["Records", "StreamName"],
  "an entry of PutRecords": ["PartitionKey", "ExplicitHashKey", "Data"],
  RemoveTagsFromStream: ["TagKeys", "StreamName"],
  SplitShard: ["NewStartingHashKey", "StreamName", "ShardToSplit"],
};

/** Pairs that share a bucket, which is left first as it was. */
const TIES = [
  ["StartingSequenceNumber", "StreamName"],
  ["ShardToMerge", "AdjacentShardToMerge"],
  ["SequenceNumberForOrdering", "PartitionKey"],
  ["StreamName", "ShardToSplit"],
];

const toMembers = (names: readonly string[]): Members =>
  Object.fromEntries(names.map((name) => [name, { type: "String" }]));

describe("inAwsOrder", () => {
  it.each(Object.entries(RECORDED))("puts the members of %s in the order AWS was seen to report them", (_, names) => {
    const tied = TIES.find((pair) => pair.every((name) => names.includes(name))) ?? [];
    const shuffled = [...tied, ...names.filter((name) => !tied.includes(name)).reverse()];
    expect(Object.keys(inAwsOrder(toMembers(shuffled)))).toEqual(names);
  });

  it("goes into structures, also those of lists", () => {
    const members = toMembers(["StreamName", "Limit"]);
    const ordered = inAwsOrder({
      One: { type: "Structure", members },
      Many: { type: "List", member: { type: "Structure", members } },
    });
    expect(ordered).toEqual({
      One: { type: "Structure", members: expect.anything() },
      Many: { type: "List", member: { type: "Structure", members: expect.anything() } },
    });
    const { One, Many } = ordered as Record<string, { members?: object; member?: { members: object } }>;
    expect(Object.keys(One?.members ?? {})).toEqual(["Limit", "StreamName"]);
    expect(Object.keys(Many?.member?.members ?? {})).toEqual(["Limit", "StreamName"]);
  });
});
