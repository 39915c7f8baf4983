import { resolveActiveChannel } from "../channels/channel-address.ts";
import { checkFreshness, logsOf } from "../channels/channel-configuration.ts";
import type { ChannelLogs } from "../channels/channel-configuration.ts";
import { destinationUpdate, loggingConfiguration } from "../channels/channel-shapes.ts";
import { describeChannel } from "../channels/channel.ts";
import { invalidArgument } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { knownMembers } from "../validation/known-members.ts";
import { channelArn } from "../validation/shape.ts";

interface DestinationUpdate {
  readonly DataFreshnessInSeconds: number;
}

interface Input {
  readonly ChannelARN: string;
  readonly S3DestinationConfiguration?: DestinationUpdate;
  readonly S3TablesDestinationConfiguration?: DestinationUpdate;
  readonly LoggingConfiguration?: { readonly CloudWatchLogs: ChannelLogs };
}

const INPUT = {
  ChannelARN: channelArn,
  S3DestinationConfiguration: destinationUpdate,
  S3TablesDestinationConfiguration: destinationUpdate,
  LoggingConfiguration: loggingConfiguration,
} as const;

/** Changes how old a channel's data may become, and its logs; nothing else of a channel can be changed. */
export const updateChannel = defineOperation<Input>({
  name: "UpdateChannel",
  input: INPUT,
  async run(context, given) {
    const input = knownMembers(given, INPUT);
    const channel = resolveActiveChannel(context, input.ChannelARN);
    const { S3DestinationConfiguration: s3, S3TablesDestinationConfiguration: s3Tables } = input;
    // Text not confirmed on AWS.
    if ((s3 && !channel.s3) || (s3Tables && !channel.s3Tables)) {
      throw invalidArgument(`Channel ${channel.name} has another kind of destination.`);
    }
    checkFreshness((s3 ?? s3Tables)?.DataFreshnessInSeconds);
    const logs = input.LoggingConfiguration?.CloudWatchLogs;
    await context.channels.update({
      ...channel,
      s3: channel.s3 && { ...channel.s3, ...s3 },
      s3Tables: channel.s3Tables && { ...channel.s3Tables, ...s3Tables },
      logs: logs ? logsOf(channel, { ...channel.logs, ...logs }) : channel.logs,
    });
    const updated = context.channels.find(channel.id) ?? channel;
    return { ChannelDescription: describeChannel(context, updated) };
  },
});
