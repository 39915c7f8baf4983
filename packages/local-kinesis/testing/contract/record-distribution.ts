import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  UpdateStreamRecordDistributionStrategyCommand,
} from "@aws-sdk/client-kinesis";
import type { RecordDistributionStrategy, _Record } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { constraint, expectBroken, expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

const Data = Buffer.from("x");
const StreamModeDetails = { StreamMode: "ON_DEMAND" } as const;

async function createSpread({ client }: Target): Promise<string> {
  const StreamName = "spread";
  await client.send(new CreateStreamCommand({ StreamName, StreamModeDetails, RecordDistributionStrategy: "AUTO" }));
  return StreamName;
}

const strategyOf = async ({ client }: Target, StreamName: string) =>
  (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary
    ?.RecordDistributionStrategy;

const setStrategy = (target: Target, StreamName: string, strategy: RecordDistributionStrategy) =>
  target.client.send(
    new UpdateStreamRecordDistributionStrategyCommand({
      StreamARN: target.arn(StreamName),
      RecordDistributionStrategy: strategy,
    }),
  );

async function recordsOf({ client }: Target, StreamName: string): Promise<_Record[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  const pages = Shards.map(async ({ ShardId }) => {
    const wanted = { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
    const { ShardIterator } = await client.send(new GetShardIteratorCommand(wanted));
    return (await client.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
  });
  return (await Promise.all(pages)).flat();
}

export const recordDistribution: Contract = {
  about: "UpdateStreamRecordDistributionStrategy",
  cases: [
    {
      title: "AUTO spreads records evenly over the open shards and ignores their keys",
      fidelity: "close",
      note: "Kinesis API reference; that it goes in turns is ours",
      async run(target) {
        const StreamName = await createSpread(target);
        const Records = Array.from({ length: 40 }, () => ({ PartitionKey: "same", ExplicitHashKey: "0", Data }));
        const many = await target.client.send(new PutRecordsCommand({ StreamName, Records }));
        const one = await Promise.all(
          Array.from({ length: 20 }, () =>
            target.client.send(new PutRecordCommand({ StreamName, PartitionKey: "same", Data })),
          ),
        );
        const counts = new Map<string | undefined, number>();
        for (const { ShardId } of [...(many.Records ?? []), ...one]) {
          counts.set(ShardId, (counts.get(ShardId) ?? 0) + 1);
        }
        expect([...counts.values()]).toEqual([15, 15, 15, 15]);
      },
    },
    {
      title: "with AUTO a record may come without a key, and leaves as it came",
      fidelity: "close",
      note: "Kinesis API reference, PutRecord and Record",
      async run(target) {
        const StreamName = await createSpread(target);
        await target.client.send(new PutRecordCommand({ StreamName, Data }));
        await target.client.send(
          new PutRecordsCommand({ StreamName, Records: [{ Data }, { Data, PartitionKey: "k" }] }),
        );
        const records = await recordsOf(target, StreamName);
        expect(records.map(({ PartitionKey }) => PartitionKey).sort()).toEqual(["k", undefined, undefined]);
        expect(records.filter((record) => "PartitionKey" in record)).toHaveLength(1);
      },
    },
    {
      title: "USER_PARTITION_KEY is the default, and then a key is required",
      fidelity: "close",
      note: "the text is AWS's of when every record had to have a key",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        expect(await strategyOf(target, StreamName)).toBe("USER_PARTITION_KEY");
        await expectBroken(target, "PutRecord", { StreamName, Data: "eA==" }, [
          constraint("partitionKey", "null", "not be null"),
        ]);
        const Records = [{ Data: "eA==", PartitionKey: "k" }, { Data: "eA==" }];
        await expectBroken(target, "PutRecords", { StreamName, Records }, [
          constraint("records.2.member.partitionKey", "null", "not be null"),
        ]);
        expect(await recordsOf(target, StreamName)).toEqual([]);
      },
    },
    {
      title: "can be changed at any time and holds at once; records there are stay where they are",
      fidelity: "close",
      note: "Kinesis API reference; that the stream stays ACTIVE is not confirmed",
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        await target.clock.advance(500);
        await setStrategy(target, StreamName, "AUTO");
        expect(await strategyOf(target, StreamName)).toBe("AUTO");
        await target.client.send(new PutRecordCommand({ StreamName, Data }));
        await setStrategy(target, StreamName, "USER_PARTITION_KEY");
        const put = () => target.client.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data }));
        expect((await put()).ShardId).toBe((await put()).ShardId);
        expect(await recordsOf(target, StreamName)).toHaveLength(3);
      },
    },
    {
      title: "AUTO is refused for provisioned streams, whose strategy is not shown",
      fidelity: "close",
      note: "Kinesis API reference; the texts, and that a stream with AUTO cannot be made provisioned, are not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        expect(await strategyOf(target, StreamName)).toBeUndefined();
        await setStrategy(target, StreamName, "USER_PARTITION_KEY");
        const RecordDistributionStrategy = "AUTO";
        const spread = await createSpread(target);
        for (const [operation, input] of [
          ["CreateStream", { StreamName: "s", ShardCount: 1, RecordDistributionStrategy }],
          ["UpdateStreamRecordDistributionStrategy", { StreamARN: target.arn(StreamName), RecordDistributionStrategy }],
          ["UpdateStreamMode", { StreamARN: target.arn(spread), StreamModeDetails: { StreamMode: "PROVISIONED" } }],
        ] as const) {
          await expectRefusal(
            target,
            operation,
            input,
            "InvalidArgumentException",
            /AUTO is only supported for on-demand/,
          );
        }
      },
    },
  ],
};
