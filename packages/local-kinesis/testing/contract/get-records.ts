import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { FIRST_SHARD, put, read, readOn } from "./records.ts";
import { expectRefusal } from "./refusal.ts";
import { MIDDLE_HASH_KEY } from "./shards.ts";
import type { Target } from "./target.ts";

const RECORDED = "kinesalite test/getRecords.js";

async function iteratorOf(target: Target, StreamName: string, ShardIteratorType = "TRIM_HORIZON"): Promise<string> {
  const input = { StreamName, ShardId: FIRST_SHARD, ShardIteratorType };
  return (await target.call("GetShardIterator", input)).body.ShardIterator as string;
}

export const getRecords: Contract = {
  about: "GetRecords",
  overHttp2: true,
  cases: [
    {
      title: "gives back keys, data, numbers and arrival of what was put, in its order",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const texts = ["a", "b", "ü€😀"];
        const stored = await put(target, StreamName, texts);
        const { body } = await target.call("GetRecords", { ShardIterator: await iteratorOf(target, StreamName) });
        expect(body).toEqual({
          MillisBehindLatest: 0,
          NextShardIterator: expect.stringMatching(/^AAAAAAAAAA/),
          Records: texts.map((text, position) => ({
            ApproximateArrivalTimestamp: target.clock.now() / 1000,
            Data: Buffer.from(text).toString("base64"),
            PartitionKey: text,
            SequenceNumber: stored.Records?.[position]?.SequenceNumber,
          })),
        });
      },
    },
    {
      title: "leads on from page to page, and from the tip to what comes later",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["1", "2", "3", "4", "5"]);
        const first = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" }, 2);
        const second = await readOn(target, first.NextShardIterator, 4);
        const again = await readOn(target, first.NextShardIterator, 1);
        const empty = await readOn(target, second.NextShardIterator);
        await put(target, StreamName, ["later"]);
        const later = await readOn(target, empty.NextShardIterator);
        expect([first, second, again, empty, later].map(({ texts }) => texts)).toEqual([
          ["1", "2"],
          ["3", "4", "5"],
          ["3"],
          [],
          ["later"],
        ]);
        expect(empty.MillisBehindLatest).toBe(0);
      },
    },
    {
      title: "begins with LATEST at what comes after the iterator was made",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["before"]);
        const iterator = await iteratorOf(target, StreamName, "LATEST");
        await put(target, StreamName, ["after"]);
        expect((await readOn(target, iterator)).texts).toEqual(["after"]);
      },
    },
    {
      title: "says how many milliseconds a reader is behind, 0 at the tip",
      fidelity: "close",
      note: "Kinesis API reference: how far the response is from the tip; behind the tip it is counted here from the last record given until now",
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["1", "2"]);
        await target.clock.advance(60_000);
        const page = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" }, 1);
        expect([page.texts, page.MillisBehindLatest]).toEqual([["1"], 60_000]);
        expect((await readOn(target, page.NextShardIterator)).MillisBehindLatest).toBe(0);
      },
    },
    {
      title: "gives at most 10,000 records, and at most 10 MiB",
      fidelity: "close",
      note: "Kinesis API reference, GetRecords; whether keys count towards the bytes is not confirmed, here they do",
      async run(target) {
        const small = Array.from({ length: 500 }, () => ({ PartitionKey: "k", Data: "" }));
        const large = Array(4).fill({ PartitionKey: "k", Data: Buffer.alloc(1_048_575).toString("base64") });
        for (const [Records, requests, sizes] of [
          [small, 21, [10_000, 500]],
          [large, 3, [10, 2]],
        ] as const) {
          const StreamName = await target.createStream();
          for (let request = 0; request < requests; request += 1) {
            await target.call("PutRecords", { StreamName, Records });
          }
          const first = await target.call("GetRecords", { ShardIterator: await iteratorOf(target, StreamName) });
          const second = await target.call("GetRecords", { ShardIterator: first.body.NextShardIterator });
          expect([first, second].map(({ body }) => (body.Records as readonly object[]).length)).toEqual(sizes);
        }
      },
    },
    {
      title: "ends a closed shard without a further iterator, and names the shards that follow",
      fidelity: "close",
      note: "Kinesis API reference, ChildShards; AWS may give a few more iterators first (kinesalite test/splitShard.js)",
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["1", "2"]);
        await target.client.send(
          new SplitShardCommand({ StreamName, ShardToSplit: FIRST_SHARD, NewStartingHashKey: MIDDLE_HASH_KEY }),
        );
        const page = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" }, 1);
        expect(page.ChildShards).toBeUndefined();
        const last = await readOn(target, page.NextShardIterator);
        expect(last).toMatchObject({
          texts: ["2"],
          MillisBehindLatest: 0,
          ChildShards: [
            {
              ShardId: "shardId-000000000001",
              ParentShards: [FIRST_SHARD],
              HashKeyRange: { StartingHashKey: "0", EndingHashKey: (2n ** 127n - 1n).toString() },
            },
            {
              ShardId: "shardId-000000000002",
              ParentShards: [FIRST_SHARD],
              HashKeyRange: { StartingHashKey: MIDDLE_HASH_KEY, EndingHashKey: (2n ** 128n - 1n).toString() },
            },
          ],
        });
        expect(last.NextShardIterator).toBeUndefined();
        const { body } = await target.call("GetRecords", {
          ShardIterator: await iteratorOf(target, StreamName, "LATEST"),
        });
        expect(Object.keys(body).sort()).toEqual(["ChildShards", "MillisBehindLatest", "Records"]);
      },
    },
    {
      title: "refuses an iterator that is none",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const whole = Buffer.from(await iteratorOf(target, await target.createStream()), "base64");
        whole[40] = (whole[40] ?? 0) ^ 1;
        for (const ShardIterator of ["AAAA", "x", whole.toString("base64"), "1".repeat(512)]) {
          await expectRefusal(
            target,
            "GetRecords",
            { ShardIterator },
            "InvalidArgumentException",
            "Invalid ShardIterator.",
          );
        }
      },
    },
    {
      title: "takes an iterator for 300 seconds",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const ShardIterator = await iteratorOf(target, await target.createStream());
        await target.clock.advance(300_000);
        expect((await target.call("GetRecords", { ShardIterator })).status).toBe(200);
        await target.clock.advance(1);
        await expectRefusal(
          target,
          "GetRecords",
          { ShardIterator },
          "ExpiredIteratorException",
          "Iterator expired. The iterator was created at time Thu Jan 01 00:00:00 UTC 2026 while right now it is Thu " +
            "Jan 01 00:05:00 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.",
        );
      },
    },
    {
      title: "names the shard and the stream when the stream of an iterator is gone",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const ShardIterator = await iteratorOf(target, StreamName);
        await target.call("DeleteStream", { StreamName });
        await expectRefusal(
          target,
          "GetRecords",
          { ShardIterator },
          "ResourceNotFoundException",
          `Shard ${FIRST_SHARD} in stream ${StreamName} under account ${target.accountId} does not exist`,
        );
      },
    },
    {
      title: "refuses an iterator of another stream than the ARN beside it names",
      fidelity: "close",
      note: "the error is not confirmed",
      async run(target) {
        const [one, other] = [await target.createStream(), await target.createStream()];
        const ShardIterator = await iteratorOf(target, one);
        expect((await target.call("GetRecords", { ShardIterator, StreamARN: target.arn(one) })).status).toBe(200);
        await expectRefusal(
          target,
          "GetRecords",
          { ShardIterator, StreamARN: target.arn(other) },
          "InvalidArgumentException",
          "Invalid ShardIterator.",
        );
      },
    },
  ],
};
