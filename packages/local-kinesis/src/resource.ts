import { isConsumerArn, resolveConsumerArn } from "./consumers/consumer-address.ts";
import type { Consumer } from "./consumers/consumer.ts";
import type { KinesisContext } from "./context.ts";
import { resolveStream } from "./stream-address.ts";
import type { Stream } from "./stream.ts";
import type { Tagged, Tags } from "./tags.ts";

/** What a `ResourceARN` names: a stream, or a consumer of it. */
export interface Resource {
  readonly stream: Stream;
  /** Absent if the stream itself is named. */
  readonly consumer?: Consumer;
}

/** The resource of an ARN. Throws AWS's error if there is none. */
export function resolveResource(context: KinesisContext, arn: string): Resource {
  return isConsumerArn(arn) ? resolveConsumerArn(context, arn) : { stream: resolveStream(context, { StreamARN: arn }) };
}

/** The resource as something that bears tags. */
export function taggedResource({ stream, consumer }: Resource): Tagged {
  return consumer ? { ...consumer, kind: "consumer" } : stream.state;
}

/** Replaces a resource's tags. Resolves once that is committed. */
export async function setTags(context: KinesisContext, { stream, consumer }: Resource, tags: Tags): Promise<void> {
  if (consumer) await context.consumers.setTags(consumer, tags);
  else await context.catalogue.update({ ...stream.state, tags });
}
