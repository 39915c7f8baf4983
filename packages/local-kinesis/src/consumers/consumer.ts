import type { KinesisContext } from "../context.ts";
import { formatStreamArn } from "../streams/stream-address.ts";
import type { Stream } from "../streams/stream.ts";
import type { Tags } from "../resources/tags.ts";

/** What is kept of a consumer with enhanced fan-out, as plain JSON. */
export interface Consumer {
  /** Number of the stream it is registered with. */
  readonly streamId: number;
  /** Used once among the consumers of a stream. */
  readonly name: string;
  /** Second of its registration, since the epoch; the end of its ARN. AWS takes longer than that to register a name again. */
  readonly createdSecond: number;
  readonly tags: Tags;
  /** Resource-based policy, JSON; absent without one. */
  readonly policy?: string | undefined;
  /** Absent while the consumer is ACTIVE. */
  readonly transition?: ConsumerTransition | undefined;
}

/** A state that a consumer passes through. */
export interface ConsumerTransition {
  readonly status: "CREATING" | "DELETING";
  /** When it ends, epoch ms. */
  readonly until: number;
}

/** `ConsumerStatus` of the API. */
export function consumerStatus({ transition }: Consumer): "ACTIVE" | ConsumerTransition["status"] {
  return transition?.status ?? "ACTIVE";
}

/** A consumer as the API shows it. */
export function describeConsumer(context: KinesisContext, { state }: Stream, consumer: Consumer) {
  const { name, createdSecond } = consumer;
  return {
    ConsumerName: name,
    ConsumerARN: `${formatStreamArn(context, state.name)}/consumer/${name}:${createdSecond}`,
    ConsumerStatus: consumerStatus(consumer),
    ConsumerCreationTimestamp: new Date(createdSecond * 1000),
  };
}
