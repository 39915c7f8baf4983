import { DescribeStreamCommand, DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";

export const describeStream: Contract = {
  about: "DescribeStream",
  cases: [
    {
      title: "describes a stream and its shards, whether by name or by ARN",
      fidelity: "exact",
      note: "kinesalite test/describeStream.js; StreamModeDetails from the API reference",
      async run(target) {
        const StreamName = await target.createStream({ shards: 1 });
        const { body } = await target.call("DescribeStream", { StreamName });
        expect(body).toEqual({
          StreamDescription: {
            StreamName,
            StreamARN: target.arn(StreamName),
            StreamStatus: "ACTIVE",
            StreamModeDetails: { StreamMode: "PROVISIONED" },
            StreamCreationTimestamp: target.clock.now() / 1000,
            RetentionPeriodHours: 24,
            EncryptionType: "NONE",
            EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
            HasMoreShards: false,
            Shards: [
              {
                ShardId: "shardId-000000000000",
                HashKeyRange: { StartingHashKey: "0", EndingHashKey: "340282366920938463463374607431768211455" },
                SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^49\d{54}$/) },
              },
            ],
          },
        });
        expect((await target.call("DescribeStream", { StreamARN: target.arn(StreamName) })).body).toEqual(body);
      },
    },
    {
      title: "shows a page of at most 100 shards, and goes on after a shard",
      fidelity: "exact",
      note: "Kinesis API reference, DescribeStream",
      async run(target) {
        const StreamName = await target.createStream({ shards: 101 });
        const page = async (input: { readonly Limit?: number; readonly ExclusiveStartShardId?: string }) => {
          const answer = await target.client.send(new DescribeStreamCommand({ StreamName, ...input }));
          const { Shards = [], HasMoreShards } = answer.StreamDescription ?? {};
          return [Shards[0]?.ShardId, Shards.length, HasMoreShards];
        };
        expect(await page({})).toEqual(["shardId-000000000000", 100, true]);
        expect(await page({ Limit: 10_000 })).toEqual(["shardId-000000000000", 100, true]);
        expect(await page({ Limit: 2, ExclusiveStartShardId: "shardId-000000000097" })).toEqual([
          "shardId-000000000098",
          2,
          true,
        ]);
        expect(await page({ ExclusiveStartShardId: "shardId-000000000099" })).toEqual([
          "shardId-000000000100",
          1,
          false,
        ]);
      },
    },
  ],
};

export const describeStreamSummary: Contract = {
  about: "DescribeStreamSummary",
  cases: [
    {
      title: "describes a stream without its shards, whether by name or by ARN",
      fidelity: "exact",
      note: "kinesalite test/describeStreamSummary.js; what came later from the API reference",
      async run(target) {
        const StreamName = await target.createStream({ shards: 3 });
        const summarise = async (address: object) =>
          (await target.client.send(new DescribeStreamSummaryCommand(address))).StreamDescriptionSummary;
        const summary = await summarise({ StreamName });
        expect(summary).toMatchObject({
          StreamName,
          StreamARN: target.arn(StreamName),
          StreamStatus: "ACTIVE",
          StreamModeDetails: { StreamMode: "PROVISIONED" },
          StreamCreationTimestamp: new Date(target.clock.now()),
          RetentionPeriodHours: 24,
          EncryptionType: "NONE",
          EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
          OpenShardCount: 3,
          ConsumerCount: 0,
          MaxRecordSizeInKiB: 1024,
        });
        expect(summary).not.toHaveProperty("Shards");
        expect(await summarise({ StreamARN: target.arn(StreamName) })).toEqual(summary);
      },
    },
  ],
};
