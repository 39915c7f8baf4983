import { isChannelArn, resolveChannel } from "../channels/channel-address.ts";
import type { Channel } from "../channels/channel.ts";
import { isConsumerArn, resolveConsumerArn } from "../consumers/consumer-address.ts";
import { consumerNotActive } from "../consumers/consumer-errors.ts";
import { consumerStatus } from "../consumers/consumer.ts";
import type { Consumer } from "../consumers/consumer.ts";
import type { KinesisContext } from "../context.ts";
import { resolveActiveStream, resolveStream } from "../streams/stream-address.ts";
import type { Stream } from "../streams/stream.ts";
import type { Tagged, Tags } from "./tags.ts";

/** A resource with a policy: a stream, or a consumer of it. */
export interface Resource {
  readonly stream: Stream;
  /** Absent if the stream itself is named. */
  readonly consumer?: Consumer;
}

/** A resource with tags: a stream or a consumer, or a channel. */
export type TaggedResource = Resource | { readonly channel: Channel };

/** The resource of an ARN. Throws AWS's error if there is none. */
export function resolveResource(context: KinesisContext, arn: string): Resource {
  return isConsumerArn(arn) ? resolveConsumerArn(context, arn) : { stream: resolveStream(context, { StreamARN: arn }) };
}

/** As {@link resolveResource}, for changes. Throws `ResourceInUseException` unless the stream or the consumer is ACTIVE. */
export function resolveActiveResource(context: KinesisContext, arn: string): Resource {
  if (!isConsumerArn(arn)) return { stream: resolveActiveStream(context, { StreamARN: arn }) };
  const resource = resolveConsumerArn(context, arn);
  if (consumerStatus(resource.consumer) === "ACTIVE") return resource;
  throw consumerNotActive(resource.consumer, resource.stream.state.name, context.accountId);
}

/** The policy of a resource, JSON; absent without one. */
export function policyOf({ stream, consumer }: Resource): string | undefined {
  return consumer ? consumer.policy : stream.state.policy;
}

/** Replaces a resource's policy, or removes it. Resolves once that is committed. */
export async function setPolicy(
  context: KinesisContext,
  { stream, consumer }: Resource,
  policy: string | undefined,
): Promise<void> {
  if (consumer) await context.consumers.update({ ...consumer, policy });
  else await context.catalogue.update({ ...stream.state, policy });
}

/** As {@link resolveResource}, channels too. */
export function resolveTagged(context: KinesisContext, arn: string): TaggedResource {
  return isChannelArn(arn) ? { channel: resolveChannel(context, arn) } : resolveResource(context, arn);
}

/** As {@link resolveActiveResource}, channels too; theirs may be any state, which is not confirmed on AWS. */
export function resolveActiveTagged(context: KinesisContext, arn: string): TaggedResource {
  return isChannelArn(arn) ? { channel: resolveChannel(context, arn) } : resolveActiveResource(context, arn);
}

/** The resource's name and tags. */
export function taggedOf(resource: TaggedResource): Tagged {
  if ("channel" in resource) return { ...resource.channel, kind: "channel" };
  return resource.consumer ? { ...resource.consumer, kind: "consumer" } : resource.stream.state;
}

/** Replaces a resource's tags. Resolves once that is committed. */
export async function setTags(context: KinesisContext, resource: TaggedResource, tags: Tags): Promise<void> {
  if ("channel" in resource) await context.channels.setTags(resource.channel, tags);
  else if (resource.consumer) await context.consumers.update({ ...resource.consumer, tags });
  else await context.catalogue.update({ ...resource.stream.state, tags });
}
