import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  ListTagsForStreamCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { put, read } from "./records.ts";
import { expectRefusal } from "./refusal.ts";
import { shardsOf } from "./shards.ts";

const RECORDED = "kinesalite test/createStream.js";

export const createStream: Contract = {
  about: "CreateStream",
  cases: [
    {
      title: "answers nothing, and the stream has shards of even ranges of hash keys, the rest in the last",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const made = await target.raw({ operation: "CreateStream", body: { StreamName: "s", ShardCount: 3 } });
        expect([made.status, made.body.toString()]).toEqual([200, ""]);
        expect(await shardsOf(target, "s")).toMatchObject([
          {
            ShardId: "shardId-000000000000",
            HashKeyRange: { StartingHashKey: "0", EndingHashKey: "113427455640312821154458202477256070484" },
          },
          {
            ShardId: "shardId-000000000001",
            HashKeyRange: {
              StartingHashKey: "113427455640312821154458202477256070485",
              EndingHashKey: "226854911280625642308916404954512140969",
            },
          },
          {
            ShardId: "shardId-000000000002",
            HashKeyRange: {
              StartingHashKey: "226854911280625642308916404954512140970",
              EndingHashKey: "340282366920938463463374607431768211455",
            },
          },
        ]);
      },
    },
    {
      title: "starts sequence numbers two seconds before the stream, the same distance apart from shard to shard",
      fidelity: "exact",
      note: `${RECORDED}: 56 digits, 22300745198530623141535718272648361505980432 apart, dated back 2 to 7 seconds`,
      async run(target) {
        const shards = await shardsOf(target, await target.createStream({ shards: 3 }));
        const starts = shards.map(({ SequenceNumberRange }) => SequenceNumberRange?.StartingSequenceNumber ?? "");
        expect(starts.every((start) => /^\d{56}$/.test(start))).toBe(true);
        const [first, second, third] = starts.map(BigInt) as [bigint, bigint, bigint];
        expect([second - first, third - second]).toEqual(Array(2).fill(22300745198530623141535718272648361505980432n));
        expect(Number((first >> 148n) & 0xfffffffffn)).toBe(target.clock.now() / 1000 - 2);
      },
    },
    {
      title: "gives a stream on demand four shards",
      fidelity: "exact",
      note: "Kinesis developer guide, on-demand mode",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const { StreamDescription } = await target.client.send(new DescribeStreamCommand({ StreamName }));
        expect(StreamDescription?.StreamModeDetails).toEqual({ StreamMode: "ON_DEMAND" });
        expect(StreamDescription?.Shards?.map(({ ShardId }) => ShardId)).toEqual(
          [0, 1, 2, 3].map((index) => `shardId-00000000000${index}`),
        );
      },
    },
    {
      title: "gives a stream of neither mode nor shard count four shards, on demand",
      fidelity: "close",
      note: "localstack test_kinesis.snapshot.json (recorded on AWS) has the shards; that it is on demand is not confirmed",
      async run({ client }) {
        await client.send(new CreateStreamCommand({ StreamName: "s" }));
        const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName: "s" }));
        expect(StreamDescriptionSummary).toMatchObject({
          OpenShardCount: 4,
          StreamModeDetails: { StreamMode: "ON_DEMAND" },
        });
      },
    },
    {
      title: "refuses a shard count for a stream on demand, and a provisioned stream without one",
      fidelity: "close",
      note: "that a count is refused is known from aws/aws-cdk#18247; the texts are not confirmed",
      async run(target) {
        const make = (StreamMode: string, ShardCount?: number) => ({
          StreamName: "s",
          StreamModeDetails: { StreamMode },
          ShardCount,
        });
        await expectRefusal(
          target,
          "CreateStream",
          make("ON_DEMAND", 1),
          "InvalidArgumentException",
          "ShardCount cannot be set while creating stream in On-Demand StreamMode",
        );
        await expectRefusal(
          target,
          "CreateStream",
          make("PROVISIONED"),
          "InvalidArgumentException",
          "ShardCount must be set while creating stream in Provisioned StreamMode",
        );
      },
    },
    {
      title: "takes tags along",
      fidelity: "exact",
      note: "Kinesis API reference, CreateStream",
      async run({ client }) {
        await client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1, Tags: { team: "a" } }));
        expect((await client.send(new ListTagsForStreamCommand({ StreamName: "s" }))).Tags).toEqual([
          { Key: "team", Value: "a" },
        ]);
      },
    },
    {
      title: "refuses a name that a stream has",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        await expectRefusal(
          target,
          "CreateStream",
          { StreamName, ShardCount: 1 },
          "ResourceInUseException",
          `Stream ${StreamName} under account ${target.accountId} already exists.`,
        );
      },
    },
    {
      title: "refuses more shards than an account may have",
      fidelity: "exact",
      note: `${RECORDED}; 20,000 shards is the quota of eu-west-1 (Kinesis developer guide)`,
      async run(target) {
        await target.createStream({ shards: 3 });
        await expectRefusal(
          target,
          "CreateStream",
          { StreamName: "huge", ShardCount: 20_000 },
          "LimitExceededException",
          `This request would exceed the shard limit for the account ${target.accountId} in ${target.region}. ` +
            "Current shard count for the account: 3. Limit: 20000. Number of additional shards that would have " +
            "resulted from this request: 20000. Refer to the AWS Service Limits page " +
            "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to " +
            "request higher limits.",
        );
        await expect(
          target.client.send(new DescribeStreamSummaryCommand({ StreamName: "huge" })),
        ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
    {
      title: "begins anew under the name of a deleted stream: no record, number or iterator of the old one holds",
      fidelity: "close",
      note: "AWS answers an old iterator of a shard there is again with InternalFailure (kinesalite test/getRecords.js)",
      async run(target) {
        const { client } = target;
        const StreamName = await target.createStream();
        const stored = await put(target, StreamName, ["old"]);
        const { NextShardIterator } = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" });
        await client.send(new DeleteStreamCommand({ StreamName }));
        await target.createStream({ name: StreamName });
        expect((await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts).toEqual([]);
        await expect(client.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }))).rejects.toMatchObject({
          name: "ResourceNotFoundException",
        });
        const StartingSequenceNumber = stored.Records?.[0]?.SequenceNumber ?? "";
        await expect(
          read(target, { StreamName, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber }),
        ).rejects.toMatchObject({
          name: "InvalidArgumentException",
          message:
            `StartingSequenceNumber ${StartingSequenceNumber} used in GetShardIterator on shard shardId-000000000000 ` +
            `in stream ${StreamName} under account ${target.accountId} is invalid because it did not come from this stream.`,
        });
      },
    },
  ],
};
