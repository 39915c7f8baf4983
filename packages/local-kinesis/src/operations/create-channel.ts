import { checkDestination, logsOf, withDefaults, withTableDefaults } from "../channels/channel-configuration.ts";
import type {
  ChannelEncryption,
  ChannelLogs,
  RecordConfiguration,
  S3Destination,
  S3TablesDestination,
} from "../channels/channel-configuration.ts";
import {
  channelName,
  encryptionConfiguration,
  loggingConfiguration,
  s3Destination,
  s3TablesDestination,
  serviceExecutionRoleArn,
  streamConfigurationList,
} from "../channels/channel-shapes.ts";
import { describeChannel } from "../channels/channel.ts";
import { newChannelId } from "../channels/channels.ts";
import { requireMode } from "../streams/capacity-mode.ts";
import type { KinesisContext } from "../context.ts";
import { invalidArgument, limitExceeded, resourceInUse } from "../errors.ts";
import { checkKey } from "../streams/kms-key.ts";
import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { Stream } from "../streams/stream.ts";
import { addTags } from "../resources/tags.ts";
import type { Tags } from "../resources/tags.ts";
import { knownMembers } from "../validation/known-members.ts";
import { tagMap } from "../validation/shape.ts";

interface Input {
  readonly ChannelName: string;
  readonly ServiceExecutionRoleARN: string;
  readonly StreamConfigurationList: readonly {
    readonly StreamARN: string;
    readonly RecordConfiguration: RecordConfiguration;
  }[];
  readonly S3DestinationConfiguration?: S3Destination;
  readonly S3TablesDestinationConfiguration?: S3TablesDestination;
  readonly EncryptionConfiguration?: ChannelEncryption;
  readonly Tags?: Tags;
  readonly LoggingConfiguration?: { readonly CloudWatchLogs: ChannelLogs };
}

const INPUT = {
  ChannelName: channelName,
  ServiceExecutionRoleARN: serviceExecutionRoleArn,
  StreamConfigurationList: streamConfigurationList,
  S3DestinationConfiguration: s3Destination,
  S3TablesDestinationConfiguration: s3TablesDestination,
  EncryptionConfiguration: encryptionConfiguration,
  Tags: tagMap,
  LoggingConfiguration: loggingConfiguration,
} as const;

/** Makes a channel. It is kept and shown; nothing is delivered. */
export const createChannel = defineOperation<Input>({
  name: "CreateChannel",
  input: INPUT,
  async run(context, given) {
    const input = knownMembers(given, INPUT);
    const { ChannelName: name, S3DestinationConfiguration: s3, S3TablesDestinationConfiguration: s3Tables } = input;
    const [source, ...others] = input.StreamConfigurationList;
    // Texts of this operation are not confirmed on AWS.
    if (!source || others.length > 0) throw invalidArgument("StreamConfigurationList can only contain one stream.");
    const record = source.RecordConfiguration;
    checkDestination(record, s3, s3Tables);
    if (input.EncryptionConfiguration) checkChannelKey(input.EncryptionConfiguration);
    const stream = resolveActiveStream(context, { StreamARN: source.StreamARN });
    requireMode(context, stream, "ON_DEMAND");
    checkRoom(context, stream, name, s3 ? "s3" : "s3Tables");
    const id = newChannelId();
    await context.channels.create({
      id,
      name,
      createdAt: context.now(),
      roleArn: input.ServiceExecutionRoleARN,
      stream: { id: stream.state.id, name: stream.state.name, createdAt: stream.state.createdAt },
      record,
      s3: s3 && withDefaults(s3),
      s3Tables: s3Tables && withTableDefaults(s3Tables),
      encryption: input.EncryptionConfiguration,
      logs: logsOf({ id, name }, input.LoggingConfiguration?.CloudWatchLogs),
      tags: addTags(context, { name, tags: {}, kind: "channel" }, input.Tags ?? {}),
    });
    const channel = context.channels.find(id);
    return { ChannelDescription: channel && describeChannel(context, channel) };
  },
});

/** That the key of the service is refused: Kinesis API reference, ChannelEncryptionConfiguration. */
function checkChannelKey(encryption: ChannelEncryption): void {
  checkKey(encryption);
  if (encryption.KeyId.endsWith("alias/aws/kinesis")) throw invalidArgument("KeyId cannot be the key aws/kinesis.");
}

/** One channel of a name, and one of a stream to each kind of destination. Source: developer guide, delivery quotas and limits. */
function checkRoom(context: KinesisContext, { state }: Stream, name: string, destination: "s3" | "s3Tables"): void {
  const { channels, accountId } = context;
  if (channels.list().some((channel) => channel.name === name)) {
    throw resourceInUse(`Channel ${name} under account ${accountId} already exists.`);
  }
  if (channels.ofStream(state.id).some((channel) => channel[destination] !== undefined)) {
    throw limitExceeded(
      `Stream ${state.name} under account ${accountId} already has a channel to ` +
        `${destination === "s3" ? "a general purpose Amazon S3 bucket" : "a streaming table"}.`,
    );
  }
}
