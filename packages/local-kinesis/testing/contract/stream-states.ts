import {
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import type { Target } from "./target.ts";

const options = { stateDelayMs: 500 };
const describe = async ({ client }: Target, StreamName: string) =>
  (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;
const put = ({ client }: Target, StreamName: string) =>
  client.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.from("x") }));

/** CREATING, ACTIVE, UPDATING, DELETING. */
export const streamStates: Contract = {
  about: "States of a stream",
  cases: [
    {
      title: "a new stream is CREATING, shows no shards and takes no records until it is ACTIVE",
      fidelity: "close",
      note: "states and errors as in kinesalite's recordings; the time is a setting, on AWS it varies",
      options,
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        expect(await describe(target, StreamName)).toMatchObject({ StreamStatus: "CREATING", OpenShardCount: 0 });
        const { StreamDescription } = await target.client.send(new DescribeStreamCommand({ StreamName }));
        expect(StreamDescription?.Shards).toEqual([]);
        await expect(put(target, StreamName)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        await expect(target.client.send(new ListShardsCommand({ StreamName }))).rejects.toMatchObject({
          name: "ResourceInUseException",
        });
        await target.clock.advance(499);
        expect(await describe(target, StreamName)).toMatchObject({ StreamStatus: "CREATING" });
        await target.clock.advance(1);
        expect(await describe(target, StreamName)).toMatchObject({ StreamStatus: "ACTIVE", OpenShardCount: 2 });
        expect(await put(target, StreamName)).toMatchObject({ ShardId: expect.stringMatching(/^shardId-/) });
      },
    },
    {
      title: "a stream that is split is UPDATING, takes records into its old shards, and refuses other changes",
      fidelity: "close",
      note: "Kinesis API reference, SplitShard; that a second change is ResourceInUseException too, its text as in kinesalite",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(500);
        await target.client.send(
          new SplitShardCommand({
            StreamName,
            ShardToSplit: "shardId-000000000000",
            NewStartingHashKey: (2n ** 127n).toString(),
          }),
        );
        expect(await describe(target, StreamName)).toMatchObject({ StreamStatus: "UPDATING", OpenShardCount: 1 });
        expect((await put(target, StreamName)).ShardId).toBe("shardId-000000000000");
        await expect(
          target.client.send(
            new UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" }),
          ),
        ).rejects.toMatchObject({
          name: "ResourceInUseException",
          message: `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state UPDATING`,
        });
        await target.clock.advance(500);
        expect(await describe(target, StreamName)).toMatchObject({ StreamStatus: "ACTIVE", OpenShardCount: 2 });
        expect((await put(target, StreamName)).ShardId).not.toBe("shardId-000000000000");
      },
    },
    {
      title: "a stream that is deleted is DELETING and takes records until it is gone",
      fidelity: "close",
      note: "Kinesis API reference, DeleteStream; the time is a setting",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(500);
        await target.client.send(new DeleteStreamCommand({ StreamName }));
        expect(await describe(target, StreamName)).toMatchObject({ StreamStatus: "DELETING" });
        expect(await put(target, StreamName)).toHaveProperty("SequenceNumber");
        await expect(target.createStream({ name: StreamName })).rejects.toMatchObject({
          name: "ResourceInUseException",
        });
        await target.clock.advance(500);
        await expect(describe(target, StreamName)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        await target.createStream({ name: StreamName });
      },
    },
  ],
};
