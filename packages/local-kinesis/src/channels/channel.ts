import type { KinesisContext } from "../context.ts";
import { formatStreamArn } from "../streams/stream-address.ts";
import type { Tags } from "../resources/tags.ts";
import type {
  ChannelEncryption,
  ChannelLogs,
  RecordConfiguration,
  S3Destination,
  S3TablesDestination,
} from "./channel-configuration.ts";

/** What is kept of a channel, as plain JSON. What it was configured with is kept in the words of the API. */
export interface Channel {
  /** The end of its ARN. */
  readonly id: string;
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly roleArn: string;
  /** The stream it would deliver, which cannot be deleted before the channel. */
  readonly stream: { readonly id: number; readonly name: string; readonly createdAt: number };
  readonly record: RecordConfiguration;
  /** This destination or the other. */
  readonly s3?: S3Destination | undefined;
  readonly s3Tables?: S3TablesDestination | undefined;
  readonly encryption?: ChannelEncryption | undefined;
  readonly logs: ChannelLogs;
  readonly tags: Tags;
  /** Absent while the channel is ACTIVE. */
  readonly transition?: ChannelTransition | undefined;
}

/** A state that a channel passes through. */
export interface ChannelTransition {
  readonly status: "CREATING" | "UPDATING" | "DELETING";
  /** When it ends, epoch ms. */
  readonly until: number;
}

/** On AWS a reason stands here only if the channel has FAILED. */
const STATUS_REASON = "The local Kinesis keeps and shows channels, but delivers nothing through them.";

/** `ChannelStatus` of the API. */
export function channelStatus({ transition }: Channel): "ACTIVE" | ChannelTransition["status"] {
  return transition?.status ?? "ACTIVE";
}

/** A channel as `DescribeChannel` shows it. */
export function describeChannel(context: KinesisContext, channel: Channel) {
  return {
    ...describeIdentity(context, channel),
    ServiceExecutionRoleARN: channel.roleArn,
    StreamConfigurationList: [{ ...describeSource(context, channel), RecordConfiguration: channel.record }],
    S3DestinationConfiguration: channel.s3,
    S3TablesDestinationConfiguration: channel.s3Tables,
    EncryptionConfiguration: channel.encryption,
    LoggingConfiguration: { CloudWatchLogs: channel.logs },
  };
}

/** A channel as `ListChannels` shows it. */
export function summarizeChannel(context: KinesisContext, channel: Channel) {
  return {
    ...describeIdentity(context, channel),
    ChannelDestinationType: channel.s3 ? "S3" : "S3_TABLES",
    Streams: [describeSource(context, channel)],
  };
}

function describeIdentity({ region, accountId }: KinesisContext, channel: Channel) {
  return {
    ChannelName: channel.name,
    ChannelARN: `arn:aws:kinesis:${region}:${accountId}:channel/${channel.id}`,
    ChannelId: channel.id,
    ChannelStatus: channelStatus(channel),
    ChannelStatusReason: STATUS_REASON,
    ChannelCreationTimestamp: new Date(channel.createdAt),
  };
}

function describeSource(context: KinesisContext, { stream }: Channel) {
  return {
    StreamARN: formatStreamArn(context, stream.name),
    StreamCreationTimestamp: new Date(stream.createdAt),
  };
}
