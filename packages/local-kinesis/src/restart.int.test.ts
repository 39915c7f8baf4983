import {
  CreateChannelCommand,
  CreateStreamCommand,
  DescribeAccountSettingsCommand,
  DescribeChannelCommand,
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  GetResourcePolicyCommand,
  ListTagsForResourceCommand,
  PutResourcePolicyCommand,
  UpdateAccountSettingsCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { expect, it, onTestFinished } from "vitest";
import { clientOf } from "../testing/client-of.ts";
import { createHeldClock } from "../testing/held-clock.ts";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { startLocalKinesis } from "./index.ts";

const STATE_DELAY_MS = 500;
const ARN = "arn:aws:kinesis:eu-west-1:000000000000:stream/switched";
const SPREAD_ARN = "arn:aws:kinesis:eu-west-1:000000000000:stream/spread";
const POLICY = JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "kinesis:*", Resource: ARN } });

it("keeps what the operations were told, and goes on with what is under way", async () => {
  const directory = await makeTemporaryDirectory();
  onTestFinished(directory.remove);
  const clock = createHeldClock();
  const start = async () => {
    const kinesis = await startLocalKinesis({ directory: directory.path, clock, stateDelayMs: STATE_DELAY_MS });
    const client = clientOf(kinesis.url, { maxAttempts: 1, requestHandler: new NodeHttpHandler() });
    const stop = async () => {
      client.destroy();
      await kinesis.close();
    };
    return { client, stop };
  };
  const switchMode = (client: KinesisClient, StreamMode: "ON_DEMAND" | "PROVISIONED") =>
    client.send(new UpdateStreamModeCommand({ StreamARN: ARN, StreamModeDetails: { StreamMode } }));

  const before = await start();
  const MinimumThroughputBillingCommitment = { Status: "ENABLED" } as const;
  await before.client.send(new UpdateAccountSettingsCommand({ MinimumThroughputBillingCommitment }));
  await before.client.send(new CreateStreamCommand({ StreamName: "switched", ShardCount: 1 }));
  await clock.advance(STATE_DELAY_MS);
  for (const mode of ["ON_DEMAND", "PROVISIONED"] as const) {
    await switchMode(before.client, mode);
    await clock.advance(STATE_DELAY_MS);
  }
  await before.client.send(new PutResourcePolicyCommand({ ResourceARN: ARN, Policy: POLICY }));
  await before.client.send(
    new CreateStreamCommand({
      StreamName: "spread",
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      RecordDistributionStrategy: "AUTO",
      WarmThroughputMiBps: 6,
    }),
  );
  await clock.advance(STATE_DELAY_MS);
  const { ChannelDescription } = await before.client.send(
    new CreateChannelCommand({
      ChannelName: "c",
      ServiceExecutionRoleARN: "arn:aws:iam::000000000000:role/delivery",
      StreamConfigurationList: [{ StreamARN: SPREAD_ARN, RecordConfiguration: { RecordFormatType: "JSON" } }],
      S3DestinationConfiguration: {
        StorageConfiguration: {
          BucketARN: "arn:aws:s3:::events",
          ExpectedBucketOwner: "000000000000",
          CompressionType: "NONE",
        },
      },
      Tags: { team: "a" },
    }),
  );
  await before.client.send(
    new EnableEnhancedMonitoringCommand({ StreamName: "spread", ShardLevelMetrics: ["IncomingBytes"] }),
  );
  await before.stop();

  const after = await start();
  onTestFinished(after.stop);
  const { client } = after;
  const ChannelARN = ChannelDescription?.ChannelARN;
  const channel = async () => (await client.send(new DescribeChannelCommand({ ChannelARN }))).ChannelDescription;
  expect(await channel()).toEqual(ChannelDescription);
  await clock.advance(STATE_DELAY_MS);
  expect(await channel()).toEqual({ ...ChannelDescription, ChannelStatus: "ACTIVE" });
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: ChannelARN }));
  expect(Tags).toEqual([{ Key: "team", Value: "a" }]);
  const settings = await client.send(new DescribeAccountSettingsCommand());
  expect(settings.MinimumThroughputBillingCommitment).toMatchObject({ Status: "ENABLED" });
  expect(await client.send(new GetResourcePolicyCommand({ ResourceARN: ARN }))).toMatchObject({ Policy: POLICY });
  const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName: "spread" }));
  expect(summary.StreamDescriptionSummary).toMatchObject({
    StreamStatus: "ACTIVE",
    EnhancedMonitoring: [{ ShardLevelMetrics: ["IncomingBytes"] }],
    RecordDistributionStrategy: "AUTO",
    WarmThroughput: { TargetMiBps: 6, CurrentMiBps: 6 },
    ChannelCount: 1,
  });
  await expect(switchMode(client, "ON_DEMAND")).rejects.toMatchObject({ name: "LimitExceededException" });
});
