import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  UpdateStreamModeCommand,
  UpdateStreamWarmThroughputCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import { setCommitment } from "./account.ts";
import type { Contract } from "./contract.ts";
import { constraint, expectBroken, expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

const summaryOf = async ({ client }: Target, StreamName: string) =>
  (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;

export const updateStreamWarmThroughput: Contract = {
  about: "UpdateStreamWarmThroughput",
  cases: [
    {
      title: "scales a stream on demand up and down, a shard for each MiB/s and no fewer than four",
      fidelity: "close",
      note: "that it is a shard for each MiB/s is what AWS says of on-demand streams; when capacity is released is not confirmed",
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        await target.clock.advance(500);
        await setCommitment(target, "ENABLED");
        const update = (WarmThroughputMiBps: number) =>
          target.client.send(new UpdateStreamWarmThroughputCommand({ StreamName, WarmThroughputMiBps }));
        expect(await update(10)).toEqual({
          $metadata: expect.anything(),
          StreamName,
          StreamARN: target.arn(StreamName),
          WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 4 },
        });
        expect(await summaryOf(target, StreamName)).toMatchObject({
          StreamStatus: "UPDATING",
          OpenShardCount: 4,
          WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 4 },
        });
        await target.clock.advance(500);
        expect(await summaryOf(target, StreamName)).toMatchObject({
          StreamStatus: "ACTIVE",
          OpenShardCount: 10,
          WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 10 },
        });
        await update(0);
        await target.clock.advance(500);
        expect(await summaryOf(target, StreamName)).toMatchObject({
          OpenShardCount: 4,
          WarmThroughput: { TargetMiBps: 0, CurrentMiBps: 4 },
        });
      },
    },
    {
      title: "may be asked of CreateStream and of UpdateStreamMode too",
      fidelity: "close",
      note: "as above",
      async run(target) {
        await setCommitment(target, "ENABLED");
        const StreamModeDetails = { StreamMode: "ON_DEMAND" } as const;
        await target.client.send(
          new CreateStreamCommand({ StreamName: "warm", StreamModeDetails, WarmThroughputMiBps: 7 }),
        );
        expect(await summaryOf(target, "warm")).toMatchObject({
          OpenShardCount: 7,
          WarmThroughput: { TargetMiBps: 7, CurrentMiBps: 7 },
        });
        const StreamName = await target.createStream();
        const StreamARN = target.arn(StreamName);
        await target.client.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails, WarmThroughputMiBps: 5 }));
        expect(await summaryOf(target, StreamName)).toMatchObject({
          StreamModeDetails,
          OpenShardCount: 5,
          WarmThroughput: { TargetMiBps: 5, CurrentMiBps: 5 },
        });
        await target.client.send(
          new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: "PROVISIONED" } }),
        );
        expect((await summaryOf(target, StreamName))?.WarmThroughput).toBeUndefined();
      },
    },
    {
      title: "is shown of no stream without the commitment, and cannot be asked for",
      fidelity: "close",
      note: "Kinesis API reference, WarmThroughputObject and UpdateStreamWarmThroughput; the error and its text are not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        expect((await summaryOf(target, StreamName))?.WarmThroughput).toBeUndefined();
        const WarmThroughputMiBps = 5;
        const StreamModeDetails = { StreamMode: "ON_DEMAND" };
        for (const [operation, input] of [
          ["UpdateStreamWarmThroughput", { StreamName, WarmThroughputMiBps }],
          ["CreateStream", { StreamName: "s", StreamModeDetails, WarmThroughputMiBps }],
          ["UpdateStreamMode", { StreamARN: target.arn(StreamName), StreamModeDetails, WarmThroughputMiBps }],
        ] as const) {
          await expectRefusal(target, operation, input, "ValidationException", /MinimumThroughputBillingCommitment/);
        }
      },
    },
    {
      title: "refuses provisioned streams, and more than a stream of the region takes",
      fidelity: "close",
      note: "Kinesis API reference, UpdateStreamWarmThroughput; which errors and their texts are not confirmed",
      async run(target) {
        await setCommitment(target, "ENABLED");
        const provisioned = await target.createStream();
        const onDemand = await target.createStream({ onDemand: true });
        const operation = "UpdateStreamWarmThroughput";
        const input = { StreamName: provisioned, WarmThroughputMiBps: 5 };
        await expectRefusal(target, operation, input, "ValidationException", /is in Provisioned mode\.$/);
        const most = { StreamName: onDemand, WarmThroughputMiBps: 10 * 1024 + 1 };
        await expectRefusal(target, operation, most, "LimitExceededException", /10240/);
        await expectBroken(target, operation, { StreamName: onDemand, WarmThroughputMiBps: -1 }, [
          constraint("warmThroughputMiBps", "'-1'", "have value greater than or equal to 0"),
        ]);
      },
    },
  ],
};
