import {
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { FIRST_SHARD, put, read, readShards } from "./records.ts";
import { expectRefusal } from "./refusal.ts";
import { partsOf } from "./sequence-numbers.ts";
import { MIDDLE_HASH_KEY, lineageOf, shardsOf } from "./shards.ts";
import type { Target } from "./target.ts";

const SPLIT_RECORDED = "kinesalite test/splitShard.js";
const MERGE_RECORDED = "kinesalite test/mergeShards.js";
const LAST_INDEX = 0x7fffffffffffffffn;

const split = ({ client }: Target, StreamName: string, ShardToSplit = FIRST_SHARD, key = MIDDLE_HASH_KEY) =>
  client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: key }));

/** Shard ids that cannot be read, and ids of shards that are not there: what each is called in an error. */
const UNKNOWN_SHARDS = { "shardId-5": "shardId-000000000005", "any-5": "shardId-000000000005" };
const UNREADABLE_SHARDS = ["2147483648", "shardId-002147483648", "ABKLFD8", "2.14E4"];

/** Sends an input once for each such shard id, and once to a stream that does not exist. */
async function expectShardErrors(
  target: Target,
  operation: string,
  StreamName: string,
  inputWith: (shardId: string) => object,
): Promise<void> {
  const refuse = (stream: string, shardId: string, text: string) =>
    expectRefusal(target, operation, { StreamName: stream, ...inputWith(shardId) }, "ResourceNotFoundException", text);
  const notFound = (stream: string, shardId: string) =>
    `Could not find shard ${shardId} in stream ${stream} under account ${target.accountId}.`;
  for (const shardId of UNREADABLE_SHARDS) {
    await refuse(StreamName, shardId, notFound(StreamName, shardId));
    await refuse("none", shardId, notFound("none", shardId));
  }
  for (const [shardId, name] of Object.entries(UNKNOWN_SHARDS)) {
    await refuse(StreamName, shardId, notFound(StreamName, name));
    await refuse("none", shardId, `Stream none under account ${target.accountId} not found.`);
  }
}

export const splitShard: Contract = {
  about: "SplitShard",
  cases: [
    {
      title: "answers nothing, closes the shard and opens two in its place, which take the records from then on",
      fidelity: "exact",
      note: SPLIT_RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["before"]);
        const answer = await target.raw({
          operation: "SplitShard",
          body: { StreamName, NewStartingHashKey: "2", ShardToSplit: "any-0" },
        });
        expect([answer.status, answer.body.toString()]).toEqual([200, ""]);
        const shards = await shardsOf(target, StreamName);
        expect(lineageOf(shards)).toEqual(["0 closed", "1 of 0", "2 of 0"]);
        expect(shards.map(({ HashKeyRange }) => HashKeyRange)).toEqual([
          { StartingHashKey: "0", EndingHashKey: "340282366920938463463374607431768211455" },
          { StartingHashKey: "0", EndingHashKey: "1" },
          { StartingHashKey: "2", EndingHashKey: "340282366920938463463374607431768211455" },
        ]);
        for (const [ExplicitHashKey, ShardId] of [
          ["1", "shardId-000000000001"],
          ["2", "shardId-000000000002"],
        ]) {
          const record = { PartitionKey: "a", Data: Buffer.from("after"), ExplicitHashKey };
          const stored = await target.client.send(new PutRecordCommand({ StreamName, ...record }));
          expect(stored.ShardId).toBe(ShardId);
        }
        expect(await readShards(target, StreamName)).toEqual({
          "shardId-000000000000": ["before"],
          "shardId-000000000001": ["after"],
          "shardId-000000000002": ["after"],
        });
      },
    },
    {
      title: "ends the shard with the greatest number of that second, and starts its children a second later",
      fidelity: "exact",
      note: SPLIT_RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(60_000);
        await split(target, StreamName);
        const ranges = (await shardsOf(target, StreamName)).map(({ SequenceNumberRange }) => SequenceNumberRange);
        const second = target.clock.now() / 1000;
        expect(partsOf(ranges[0]?.EndingSequenceNumber)).toEqual({
          createdSecond: partsOf(ranges[0]?.StartingSequenceNumber).createdSecond,
          index: LAST_INDEX,
          second,
          shard: 0,
        });
        for (const child of ranges.slice(1)) {
          expect(partsOf(child?.StartingSequenceNumber)).toMatchObject({
            createdSecond: second + 1,
            index: 0n,
            second: second + 1,
          });
        }
      },
    },
    {
      title: "sends records to the children at once",
      fidelity: "different",
      note: "AWS keeps the closed shard until the clock has reached the second of its children (kinesalite test/splitShard.js)",
      async run(target) {
        const StreamName = await target.createStream();
        await split(target, StreamName);
        expect((await put(target, StreamName, ["a"])).Records?.[0]?.ShardId).not.toBe(FIRST_SHARD);
      },
    },
    {
      title: "refuses a hash key that is not well within the shard",
      fidelity: "exact",
      note: SPLIT_RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ shards: 3 });
        const refuse = (number: number, key: string, start: string, end: string) =>
          expectRefusal(
            target,
            "SplitShard",
            { StreamName, ShardToSplit: `shard-${number}`, NewStartingHashKey: key },
            "InvalidArgumentException",
            `NewStartingHashKey ${key} used in SplitShard() on shard shardId-00000000000${number} in stream ${StreamName} ` +
              `under account ${target.accountId} is not both greater than one plus the shard's StartingHashKey ${start} ` +
              `and less than the shard's EndingHashKey ${end}.`,
          );
        const firstEnd = "113427455640312821154458202477256070484";
        await refuse(0, "1", "0", firstEnd);
        await refuse(0, firstEnd, "0", firstEnd);
        await refuse(
          2,
          "999999999999999999999999999999999999999",
          "226854911280625642308916404954512140970",
          "340282366920938463463374607431768211455",
        );
      },
    },
    {
      title: "names a shard that is not there, before a stream that is not there if the shard's id cannot be read",
      fidelity: "exact",
      note: SPLIT_RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        await expectShardErrors(target, "SplitShard", StreamName, (ShardToSplit) => ({
          ShardToSplit,
          NewStartingHashKey: "2",
        }));
      },
    },
    {
      title: "refuses a shard that is closed",
      fidelity: "close",
      note: "the type is the API reference's, the text is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        await split(target, StreamName);
        await expectRefusal(
          target,
          "SplitShard",
          { StreamName, ShardToSplit: FIRST_SHARD, NewStartingHashKey: "5" },
          "InvalidArgumentException",
          `Shard ${FIRST_SHARD} in stream ${StreamName} under account ${target.accountId} has already been merged or ` +
            "split, and thus is not eligible for merging or splitting.",
        );
      },
    },
    {
      title: "refuses a stream on demand, as MergeShards does",
      fidelity: "close",
      note: "the type is the API reference's (ValidationException), the text is not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const text = `Request is invalid. Stream ${StreamName} under account ${target.accountId} is in On-Demand mode.`;
        const splitting = { StreamName, ShardToSplit: "0", NewStartingHashKey: "2" };
        const merging = { StreamName, ShardToMerge: "0", AdjacentShardToMerge: "1" };
        await expectRefusal(target, "SplitShard", splitting, "ValidationException", text);
        await expectRefusal(target, "MergeShards", merging, "ValidationException", text);
      },
    },
    {
      title: "refuses a split above the shards of an account",
      fidelity: "exact",
      note: `${SPLIT_RECORDED}; 20,000 shards is the quota of eu-west-1 (Kinesis developer guide)`,
      async run(target) {
        const StreamName = await target.createStream({ shards: 20_000 });
        await expectRefusal(
          target,
          "SplitShard",
          { StreamName, ShardToSplit: "0", NewStartingHashKey: "2" },
          "LimitExceededException",
          `This request would exceed the shard limit for the account ${target.accountId} in ${target.region}. ` +
            "Current shard count for the account: 20000. Limit: 20000. Number of additional shards that would have " +
            "resulted from this request: 1. Refer to the AWS Service Limits page " +
            "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to " +
            "request higher limits.",
        );
      },
    },
  ],
};

export const mergeShards: Contract = {
  about: "MergeShards",
  cases: [
    {
      title: "answers nothing, closes two neighbours and opens one in their place",
      fidelity: "exact",
      note: MERGE_RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ shards: 3 });
        const answer = await target.raw({
          operation: "MergeShards",
          body: { StreamName, ShardToMerge: "any-0", AdjacentShardToMerge: "any-1" },
        });
        expect([answer.status, answer.body.toString()]).toEqual([200, ""]);
        const shards = await shardsOf(target, StreamName);
        expect(lineageOf(shards)).toEqual(["0 closed", "1 closed", "2", "3 of 0+1"]);
        expect(shards[3]?.HashKeyRange).toEqual({
          StartingHashKey: "0",
          EndingHashKey: "226854911280625642308916404954512140969",
        });
        const ends = shards
          .slice(0, 2)
          .map(({ SequenceNumberRange }) => partsOf(SequenceNumberRange?.EndingSequenceNumber));
        const second = target.clock.now() / 1000;
        expect(ends).toMatchObject(Array(2).fill({ index: LAST_INDEX, second }));
        expect(partsOf(shards[3]?.SequenceNumberRange?.StartingSequenceNumber).createdSecond).toBe(second + 1);
        expect((await put(target, StreamName, ["a"])).Records?.[0]?.ShardId).toBe("shardId-000000000003");
      },
    },
    {
      title: "names both parents to a reader at the end of either",
      fidelity: "exact",
      note: "Kinesis API reference, ChildShards",
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        const [left = "", right = ""] = ["shardId-000000000000", "shardId-000000000001"];
        await target.client.send(
          new MergeShardsCommand({ StreamName, ShardToMerge: left, AdjacentShardToMerge: right }),
        );
        for (const ShardId of [left, right]) {
          const page = await read(target, { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" });
          expect(page.ChildShards).toMatchObject([{ ShardId: "shardId-000000000002", ParentShards: [left, right] }]);
        }
      },
    },
    {
      title: "refuses shards that are no neighbours, or given the other way round",
      fidelity: "exact",
      note: MERGE_RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ shards: 3 });
        for (const [left, right] of [
          [0, 2],
          [1, 0],
        ]) {
          await expectRefusal(
            target,
            "MergeShards",
            { StreamName, ShardToMerge: `any-${left}`, AdjacentShardToMerge: `any-${right}` },
            "InvalidArgumentException",
            `Shards shardId-00000000000${left} and shardId-00000000000${right} in stream ${StreamName} under account ` +
              `${target.accountId} are not an adjacent pair of shards eligible for merging`,
          );
        }
      },
    },
    {
      title: "names a shard that is not there, before a stream that is not there if the shard's id cannot be read",
      fidelity: "exact",
      note: MERGE_RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        await expectShardErrors(target, "MergeShards", StreamName, (ShardToMerge) => ({
          ShardToMerge,
          AdjacentShardToMerge: "any-0",
        }));
        await expectShardErrors(target, "MergeShards", StreamName, (AdjacentShardToMerge) => ({
          ShardToMerge: "any-0",
          AdjacentShardToMerge,
        }));
      },
    },
    {
      title: "goes on in a row with splits, and each shard keeps its records",
      fidelity: "exact",
      note: "Kinesis developer guide, resharding",
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["before"]);
        await split(target, StreamName);
        await put(target, StreamName, ["a", "b", "c", "d"]);
        await target.client.send(
          new MergeShardsCommand({
            StreamName,
            ShardToMerge: "shardId-000000000001",
            AdjacentShardToMerge: "shardId-000000000002",
          }),
        );
        expect((await put(target, StreamName, ["after"])).Records?.[0]?.ShardId).toBe("shardId-000000000003");
        const latest = await target.client.send(
          new ListShardsCommand({ StreamName, ShardFilter: { Type: "AT_LATEST" } }),
        );
        expect(lineageOf(latest.Shards ?? [])).toEqual(["3 of 1+2"]);
        const {
          "shardId-000000000001": low = [],
          "shardId-000000000002": high = [],
          ...rest
        } = await readShards(target, StreamName);
        expect([...low, ...high].sort()).toEqual(["a", "b", "c", "d"]);
        expect(rest).toEqual({ "shardId-000000000000": ["before"], "shardId-000000000003": ["after"] });
      },
    },
  ],
};

const updateCount = ({ client }: Target, StreamName: string, TargetShardCount: number) =>
  client.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: "UNIFORM_SCALING" }));

export const updateShardCount: Contract = {
  about: "UpdateShardCount",
  cases: [
    {
      title: "answers the counts of before and after, and leaves open shards of even ranges",
      fidelity: "exact",
      note: "Kinesis API reference, UpdateShardCount",
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        expect(await updateCount(target, StreamName, 3)).toMatchObject({
          StreamName,
          StreamARN: target.arn(StreamName),
          CurrentShardCount: 2,
          TargetShardCount: 3,
        });
        const { Shards } = await target.client.send(
          new ListShardsCommand({ StreamName, ShardFilter: { Type: "AT_LATEST" } }),
        );
        const starts = (Shards ?? []).map(({ HashKeyRange }) => BigInt(HashKeyRange?.StartingHashKey ?? -1));
        const third = 2n ** 128n / 3n;
        expect(starts.sort((left, right) => (left < right ? -1 : 1))).toEqual([0n, third, third * 2n]);
      },
    },
    {
      title: "splits and merges through short-lived shards, which are closed without a record",
      fidelity: "close",
      note: "Kinesis API reference, UpdateShardCount; in which order AWS splits and merges is not documented",
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        await updateCount(target, StreamName, 3);
        const lineage = lineageOf(await shardsOf(target, StreamName));
        expect(lineage.filter((shard) => !shard.endsWith("closed"))).toHaveLength(3);
        expect(lineage.filter((shard) => shard.endsWith("closed")).length).toBeGreaterThan(2);
      },
    },
    {
      title: "loses no record that comes in meanwhile and tells none twice",
      fidelity: "exact",
      note: "Kinesis API reference, UpdateShardCount: reads and writes go on",
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        let isScaling = true;
        const texts: string[] = [];
        const putting = [0, 1, 2, 3].map(async (writer) => {
          for (let round = 0; isScaling || round < 5; round += 1) {
            const batch = Array.from({ length: 20 }, (_, index) => `${writer}/${round}/${index}`);
            texts.push(...batch);
            expect((await put(target, StreamName, batch)).FailedRecordCount).toBe(0);
          }
        });
        for (const count of [4, 3, 2, 1]) {
          await updateCount(target, StreamName, count);
          const { StreamDescriptionSummary } = await target.client.send(
            new DescribeStreamSummaryCommand({ StreamName }),
          );
          expect(StreamDescriptionSummary?.OpenShardCount).toBe(count);
        }
        isScaling = false;
        await Promise.all(putting);
        const stored = Object.values(await readShards(target, StreamName)).flat();
        expect(stored.sort()).toEqual(texts.sort());
      },
    },
    {
      title: "refuses more than double and less than half of the open shards",
      fidelity: "close",
      note: "the rules are the API reference's, the texts are not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ shards: 4 });
        const refuse = (count: number, text: string) =>
          expectRefusal(
            target,
            "UpdateShardCount",
            { StreamName, TargetShardCount: count, ScalingType: "UNIFORM_SCALING" },
            "LimitExceededException",
            text,
          );
        await refuse(
          9,
          "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 4 " +
            "Target shard count: 9",
        );
        await refuse(
          1,
          "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 4 " +
            "Target shard count: 1",
        );
        expect(lineageOf(await shardsOf(target, StreamName))).toHaveLength(4);
      },
    },
    {
      title: "refuses a stream on demand",
      fidelity: "close",
      note: "the type is the API reference's (ValidationException), the text is not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        await expectRefusal(
          target,
          "UpdateShardCount",
          { StreamName, TargetShardCount: 8, ScalingType: "UNIFORM_SCALING" },
          "ValidationException",
          `Request is invalid. Stream ${StreamName} under account ${target.accountId} is in On-Demand mode.`,
        );
      },
    },
  ],
};

export const updateStreamMode: Contract = {
  about: "UpdateStreamMode",
  cases: [
    {
      title: "changes the mode there and back, and leaves the shards as they are",
      fidelity: "close",
      note: "Kinesis developer guide, switching between capacity modes",
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        const StreamARN = target.arn(StreamName);
        for (const StreamMode of ["ON_DEMAND", "PROVISIONED"] as const) {
          await target.client.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode } }));
          const { StreamDescriptionSummary } = await target.client.send(
            new DescribeStreamSummaryCommand({ StreamName }),
          );
          expect(StreamDescriptionSummary).toMatchObject({ StreamModeDetails: { StreamMode }, OpenShardCount: 2 });
        }
      },
    },
  ],
};
