import {
  CreateChannelCommand,
  DeleteChannelCommand,
  DeleteStreamCommand,
  DescribeChannelCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ListChannelsCommand,
  ListTagsForResourceCommand,
  PutRecordCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateChannelCommand,
  paginateListChannels,
} from "@aws-sdk/client-kinesis";
import type { CreateChannelCommandInput } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { constraint, expectBroken, expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

const NOTHING_DELIVERED = "The local Kinesis keeps and shows channels, but delivers nothing through them.";
const BUCKET = { BucketARN: "arn:aws:s3:::events", ExpectedBucketOwner: "000000000000" };
const S3 = { StorageConfiguration: { ...BUCKET, CompressionType: "GZIP" } } as const;
const TABLE = {
  TableBucketARN: "arn:aws:s3tables:eu-west-1:000000000000:bucket/tables",
  Namespace: "events",
  TableName: "clicks",
  CompressionType: "ZSTD",
} as const;
const S3_TABLES = { DeadLetterQueueS3Configuration: BUCKET, S3TablesConfigurationList: [TABLE] };
const SCHEMA = "arn:aws:glue:eu-west-1:000000000000:schema/registry/clicks";

function channelInput(
  target: Target,
  StreamName: string,
  change: Partial<CreateChannelCommandInput> = {},
): CreateChannelCommandInput {
  return {
    ChannelName: "to-s3",
    ServiceExecutionRoleARN: "arn:aws:iam::000000000000:role/delivery",
    StreamConfigurationList: [{ StreamARN: target.arn(StreamName), RecordConfiguration: { RecordFormatType: "JSON" } }],
    S3DestinationConfiguration: S3,
    ...change,
  };
}

/** What a channel to a table says in place of what one to a bucket does. */
function toTable(target: Target, StreamName: string): Partial<CreateChannelCommandInput> {
  return {
    ChannelName: "to-table",
    S3DestinationConfiguration: undefined,
    S3TablesDestinationConfiguration: S3_TABLES,
    StreamConfigurationList: [
      {
        StreamARN: target.arn(StreamName),
        RecordConfiguration: { RecordFormatType: "GSR_JSON", GSRSchemaARN: SCHEMA },
      },
    ],
  };
}

async function createChannel(target: Target, StreamName: string, change: Partial<CreateChannelCommandInput> = {}) {
  const { ChannelDescription } = await target.client.send(
    new CreateChannelCommand(channelInput(target, StreamName, change)),
  );
  return ChannelDescription?.ChannelARN ?? "";
}

const describe = async ({ client }: Target, ChannelARN: string) =>
  (await client.send(new DescribeChannelCommand({ ChannelARN }))).ChannelDescription;

export const channels: Contract = {
  about: "CreateChannel, DescribeChannel, UpdateChannel, DeleteChannel, ListChannels",
  cases: [
    {
      title: "a channel of a stream to a bucket is shown as it was made, with AWS's defaults",
      fidelity: "close",
      note:
        "Kinesis API reference; AWS gives the prefix of the default queue and the template of keys too, which are not " +
        "published; that logs are off by default is not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const createdAt = new Date(target.clock.now());
        const ChannelARN = await createChannel(target, StreamName);
        expect(ChannelARN).toMatch(
          /^arn:aws:kinesis:eu-west-1:000000000000:channel\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        );
        const { StreamDescription } = await target.client.send(new DescribeStreamCommand({ StreamName }));
        expect(await describe(target, ChannelARN)).toEqual({
          ChannelName: "to-s3",
          ChannelARN,
          ChannelId: ChannelARN.split("/")[1],
          ChannelStatus: "ACTIVE",
          ChannelStatusReason: NOTHING_DELIVERED,
          ChannelCreationTimestamp: createdAt,
          ServiceExecutionRoleARN: "arn:aws:iam::000000000000:role/delivery",
          StreamConfigurationList: [
            {
              StreamARN: target.arn(StreamName),
              StreamCreationTimestamp: StreamDescription?.StreamCreationTimestamp,
              RecordConfiguration: { RecordFormatType: "JSON" },
            },
          ],
          S3DestinationConfiguration: {
            DataFreshnessInSeconds: 300,
            DeadLetterQueueS3Configuration: BUCKET,
            StorageConfiguration: { ...S3.StorageConfiguration, StorageClass: "STANDARD" },
          },
          LoggingConfiguration: { CloudWatchLogs: { Enabled: false } },
        });
      },
    },
    {
      title: "a stream may have one channel to a bucket and one to a table, which count in descriptions",
      fidelity: "close",
      note: "Kinesis developer guide, delivery quotas and limits; the errors and their texts are not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        await createChannel(target, StreamName);
        const toTableArn = await createChannel(target, StreamName, toTable(target, StreamName));
        expect((await describe(target, toTableArn))?.S3TablesDestinationConfiguration).toEqual({
          DataFreshnessInSeconds: 300,
          ...S3_TABLES,
        });
        const summary = await target.client.send(new DescribeStreamSummaryCommand({ StreamName }));
        expect(summary.StreamDescriptionSummary?.ChannelCount).toBe(2);
        expect((await target.client.send(new DescribeLimitsCommand())).ChannelCount).toBe(2);
        for (const change of [{ ChannelName: "b" }, { ...toTable(target, StreamName), ChannelName: "b" }]) {
          const input = channelInput(target, StreamName, change);
          await expectRefusal(target, "CreateChannel", input, "LimitExceededException", /already has a channel to/);
        }
        const other = await target.createStream({ onDemand: true });
        const input = channelInput(target, other);
        await expectRefusal(
          target,
          "CreateChannel",
          input,
          "ResourceInUseException",
          /Channel to-s3 .* already exists/,
        );
      },
    },
    {
      title: "nothing is delivered",
      fidelity: "different",
      note: "AWS writes objects to S3, or rows to a table; here there is neither, and the channel's status reason says so",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const ChannelARN = await createChannel(target, StreamName);
        await target.client.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.from("{}") }));
        await target.clock.jump(900_000);
        expect((await describe(target, ChannelARN))?.ChannelStatusReason).toBe(NOTHING_DELIVERED);
      },
    },
    {
      title: "a channel is CREATING, UPDATING and DELETING for a while, and can be changed only when it is ACTIVE",
      fidelity: "close",
      note: "Kinesis API reference; the times are a setting",
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        await target.clock.advance(500);
        const ChannelARN = await createChannel(target, StreamName);
        const status = async () => (await describe(target, ChannelARN))?.ChannelStatus;
        const update = () =>
          target.client.send(
            new UpdateChannelCommand({ ChannelARN, S3DestinationConfiguration: { DataFreshnessInSeconds: 600 } }),
          );
        expect(await status()).toBe("CREATING");
        await expect(update()).rejects.toMatchObject({ name: "ResourceInUseException" });
        await target.clock.advance(500);
        expect(await status()).toBe("ACTIVE");
        expect((await update()).ChannelDescription).toMatchObject({
          ChannelStatus: "UPDATING",
          S3DestinationConfiguration: { DataFreshnessInSeconds: 600 },
        });
        await target.clock.advance(500);
        expect(await status()).toBe("ACTIVE");
        await target.client.send(new DeleteChannelCommand({ ChannelARN }));
        expect(await status()).toBe("DELETING");
        await target.clock.advance(500);
        await expect(status()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
    {
      title: "how old data may become, and the logs, are all that can be changed",
      fidelity: "close",
      note: "Kinesis API reference, UpdateChannel; the texts are not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const ChannelARN = await createChannel(target, StreamName);
        const update = (input: object) => target.client.send(new UpdateChannelCommand({ ChannelARN, ...input }));
        await update({ LoggingConfiguration: { CloudWatchLogs: { Enabled: true } } });
        const channelId = ChannelARN.split("/")[1];
        const names = { LogGroupName: `/aws/kinesis/to-s3/${channelId}`, LogStreamName: "DestinationDelivery" };
        expect((await describe(target, ChannelARN))?.LoggingConfiguration?.CloudWatchLogs).toEqual({
          Enabled: true,
          ...names,
        });
        await update({ LoggingConfiguration: { CloudWatchLogs: { Enabled: true, LogStreamName: "s" } } });
        await update({ S3DestinationConfiguration: { DataFreshnessInSeconds: 900 } });
        expect(await describe(target, ChannelARN)).toMatchObject({
          LoggingConfiguration: { CloudWatchLogs: { Enabled: true, ...names, LogStreamName: "s" } },
          S3DestinationConfiguration: { DataFreshnessInSeconds: 900, StorageConfiguration: S3.StorageConfiguration },
        });
        const refused = (input: object, text: RegExp) =>
          expectRefusal(target, "UpdateChannel", { ChannelARN, ...input }, "InvalidArgumentException", text);
        for (const seconds of [299, 901]) {
          const change = { DataFreshnessInSeconds: seconds };
          await refused({ S3DestinationConfiguration: change }, /between 300 and 900/);
        }
        await refused({ S3TablesDestinationConfiguration: { DataFreshnessInSeconds: 600 } }, /another kind/);
      },
    },
    {
      title: "what no channel can be is refused",
      fidelity: "close",
      note: "the rules are the API reference's (CreateChannel, RecordConfiguration); the errors and their texts are not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const provisioned = await target.createStream();
        const source = (RecordConfiguration: object, name = StreamName) => ({
          StreamConfigurationList: [{ StreamARN: target.arn(name), RecordConfiguration }],
        });
        const json = source({ RecordFormatType: "JSON" });
        for (const [change, text] of [
          [{ S3DestinationConfiguration: undefined }, /must be provided, but not both/],
          [{ S3TablesDestinationConfiguration: S3_TABLES }, /must be provided, but not both/],
          [{ S3DestinationConfiguration: { ...S3, DataFreshnessInSeconds: 1 } }, /between 300 and 900/],
          [source({ RecordFormatType: "GSR_JSON" }), /GSR_JSON is not supported for S3 destinations/],
          [
            { ...toTable(target, StreamName), ...source({ RecordFormatType: "STRING" }) },
            /not supported for S3 Tables/,
          ],
          [{ ...toTable(target, StreamName), ...json }, /GSRSchemaARN is required/],
          [
            {
              ...toTable(target, StreamName),
              S3TablesDestinationConfiguration: { ...S3_TABLES, S3TablesConfigurationList: [TABLE, TABLE] },
            },
            /only contain one table/,
          ],
          [
            { StreamConfigurationList: [...json.StreamConfigurationList, ...json.StreamConfigurationList] },
            /only contain one stream/,
          ],
          [
            { EncryptionConfiguration: { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" } },
            /cannot be the key aws\/kinesis/,
          ],
        ] as const) {
          const input = { ...channelInput(target, StreamName), ...change };
          await expectRefusal(target, "CreateChannel", input, "InvalidArgumentException", text);
        }
        const input = channelInput(target, provisioned);
        await expectRefusal(target, "CreateChannel", input, "ValidationException", /is in Provisioned mode\.$/);
        const unknown = channelInput(target, "none");
        await expectRefusal(
          target,
          "CreateChannel",
          unknown,
          "ResourceNotFoundException",
          /^Stream none .* not found\.$/,
        );
        expect((await target.client.send(new ListChannelsCommand({}))).ChannelSummaries).toEqual([]);
      },
    },
    {
      title: "what breaks a constraint is named, however deep",
      fidelity: "close",
      note: "the constraints are the API reference's, their words those of other operations",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const input = {
          ...channelInput(target, StreamName),
          ChannelName: "a b",
          ServiceExecutionRoleARN: undefined,
          S3DestinationConfiguration: {
            StorageConfiguration: { ...BUCKET, ExpectedBucketOwner: "1", CompressionType: "LZ4" },
          },
          LoggingConfiguration: { CloudWatchLogs: {} },
        };
        const storage = "s3DestinationConfiguration.storageConfiguration";
        await expectBroken(target, "CreateChannel", input, [
          constraint("channelName", "'a b'", "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
          constraint("serviceExecutionRoleARN", "null", "not be null"),
          constraint(`${storage}.expectedBucketOwner`, "'1'", "satisfy regular expression pattern: \\d{12}"),
          constraint(`${storage}.expectedBucketOwner`, "'1'", "have length greater than or equal to 12"),
          constraint(`${storage}.compressionType`, "'LZ4'", "satisfy enum value set: [NONE, GZIP, ZSTD]"),
          constraint("loggingConfiguration.cloudWatchLogs.enabled", "null", "not be null"),
        ]);
      },
    },
    {
      title: "members that are null or unknown are as if absent",
      fidelity: "close",
      note: "as in other operations, recorded by kinesalite's author on AWS",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const input = channelInput(target, StreamName);
        const StorageConfiguration = { ...S3.StorageConfiguration, OutputKeyTemplate: null, Color: "red" };
        const answer = await target.call("CreateChannel", {
          ...input,
          S3DestinationConfiguration: { StorageConfiguration, Color: "red" },
          S3TablesDestinationConfiguration: null,
        });
        expect(answer.body.ChannelDescription).toMatchObject({
          S3DestinationConfiguration: {
            DataFreshnessInSeconds: 300,
            DeadLetterQueueS3Configuration: BUCKET,
            StorageConfiguration: { ...S3.StorageConfiguration, StorageClass: "STANDARD" },
          },
        });
        expect(JSON.stringify(answer.body)).not.toMatch(/Color|null/);
      },
    },
    {
      title: "channels are listed in order of their names, in pages, and by their streams",
      fidelity: "close",
      note: "Kinesis API reference, ListChannels; the order is not confirmed",
      async run(target) {
        const first = await target.createStream({ onDemand: true });
        const second = await target.createStream({ onDemand: true });
        await createChannel(target, second, { ChannelName: "b" });
        await createChannel(target, first, { ChannelName: "a" });
        const ChannelARN = await createChannel(target, first, { ...toTable(target, first), ChannelName: "c" });
        const names: (string | undefined)[][] = [];
        for await (const { ChannelSummaries = [] } of paginateListChannels(
          { client: target.client, pageSize: 2 },
          {},
        )) {
          names.push(ChannelSummaries.map(({ ChannelName }) => ChannelName));
        }
        expect(names).toEqual([["a", "b"], ["c"]]);
        const list = async (StreamFilter: { StreamARN: string; StreamCreationTimestamp?: Date }[]) =>
          (await target.client.send(new ListChannelsCommand({ StreamFilter }))).ChannelSummaries;
        const StreamCreationTimestamp = new Date(target.clock.now());
        const ofFirst = { StreamARN: target.arn(first), StreamCreationTimestamp };
        expect((await list([ofFirst]))?.[1]).toEqual({
          ChannelName: "c",
          ChannelARN,
          ChannelId: ChannelARN.split("/")[1],
          ChannelStatus: "ACTIVE",
          ChannelStatusReason: NOTHING_DELIVERED,
          ChannelCreationTimestamp: StreamCreationTimestamp,
          ChannelDestinationType: "S3_TABLES",
          Streams: [ofFirst],
        });
        expect(await list([ofFirst, { StreamARN: target.arn(second) }])).toHaveLength(3);
        expect(await list([{ ...ofFirst, StreamCreationTimestamp: new Date(0) }])).toEqual([]);
        const input = { NextToken: "x" };
        await expectRefusal(target, "ListChannels", input, "InvalidArgumentException", "Invalid NextToken.");
      },
    },
    {
      title: "a stream with channels cannot be deleted, nor be made provisioned",
      fidelity: "close",
      note: "Kinesis API reference, DeleteChannel; the error and its text, and the second half, are not confirmed",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const ChannelARN = await createChannel(target, StreamName);
        const provisioned = {
          StreamARN: target.arn(StreamName),
          StreamModeDetails: { StreamMode: "PROVISIONED" },
        };
        const text = `Stream ${StreamName} under account ${target.accountId} has channels: to-s3.`;
        await expectRefusal(target, "DeleteStream", { StreamName }, "ResourceInUseException", text);
        await expectRefusal(target, "UpdateStreamMode", provisioned, "ResourceInUseException", text);
        await target.client.send(new DeleteChannelCommand({ ChannelARN }));
        await target.client.send(new DeleteStreamCommand({ StreamName }));
      },
    },
    {
      title: "a channel bears tags",
      fidelity: "close",
      note: "as streams, whose errors were recorded on AWS",
      async run(target) {
        const StreamName = await target.createStream({ onDemand: true });
        const ResourceARN = await createChannel(target, StreamName, { Tags: { stage: "local" } });
        await target.client.send(new TagResourceCommand({ ResourceARN, Tags: { team: "a" } }));
        await target.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["stage"] }));
        const { Tags } = await target.client.send(new ListTagsForResourceCommand({ ResourceARN }));
        expect(Tags).toEqual([{ Key: "team", Value: "a" }]);
        await expectRefusal(
          target,
          "TagResource",
          { ResourceARN, Tags: { "aws:a": "b" } },
          "InvalidArgumentException",
          /^Failed to add tags to channel to-s3 .* are reserved\.$/,
        );
        const none = { ResourceARN: `${ResourceARN}0` };
        await expectRefusal(
          target,
          "ListTagsForResource",
          none,
          "ResourceNotFoundException",
          /^Channel .* not found\.$/,
        );
      },
    },
  ],
};
