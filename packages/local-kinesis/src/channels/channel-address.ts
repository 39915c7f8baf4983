import { WireError } from "@millrace/local-wire";
import type { KinesisContext } from "../context.ts";
import { resourceInUse } from "../errors.ts";
import type { StreamState } from "../streams/stream.ts";
import { channelStatus } from "./channel.ts";
import type { Channel } from "./channel.ts";

const ARN = /^arn:[^:]+:kinesis:([^:]*):(\d{12}):channel\/([^/]+)$/;

/** Whether an ARN is a channel's, by its looks. */
export function isChannelArn(arn: string): boolean {
  return /^[^/]*:channel\//.test(arn);
}

/** The channel of an ARN. Throws `ResourceNotFoundException` if there is none. Texts of this file are not confirmed on AWS. */
export function resolveChannel(context: KinesisContext, arn: string): Channel {
  const [, region, accountId, id = ""] = ARN.exec(arn) ?? [];
  const isHere = region === context.region && accountId === context.accountId;
  const channel = isHere ? context.channels.find(id) : undefined;
  if (!channel) throw new WireError("ResourceNotFoundException", `Channel ${arn} not found.`);
  return channel;
}

/** As {@link resolveChannel}, for changes. Throws `ResourceInUseException` unless the channel is ACTIVE. */
export function resolveActiveChannel(context: KinesisContext, arn: string): Channel {
  const channel = resolveChannel(context, arn);
  const status = channelStatus(channel);
  if (status === "ACTIVE") return channel;
  throw resourceInUse(
    `Channel ${channel.name} under account ${context.accountId} not ACTIVE, instead in state ${status}`,
  );
}

/** Throws `ResourceInUseException` if a stream has channels. */
export function checkNoChannels({ channels, accountId }: KinesisContext, { id, name }: StreamState): void {
  const names = channels.ofStream(id).map((channel) => channel.name);
  if (names.length === 0) return;
  throw resourceInUse(`Stream ${name} under account ${accountId} has channels: ${names.join(", ")}.`);
}
