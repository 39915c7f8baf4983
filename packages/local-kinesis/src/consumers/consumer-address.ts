import type { KinesisContext } from "../context.ts";
import { invalidArgument } from "../errors.ts";
import { resolveStream } from "../streams/stream-address.ts";
import type { Stream } from "../streams/stream.ts";
import { consumerNotFound } from "./consumer-errors.ts";
import type { Consumer } from "./consumer.ts";

/** The members by which an input names a consumer: its ARN, or its name and the ARN of its stream, or all of them. */
export interface ConsumerAddress {
  readonly ConsumerARN?: string | null;
  readonly ConsumerName?: string | null;
  readonly StreamARN?: string | null;
}

/** A consumer and its stream. */
export interface RegisteredConsumer {
  readonly stream: Stream;
  readonly consumer: Consumer;
}

const ARN = /^(arn:[^:]+:kinesis:[^:]*:(\d{12}):stream\/([^/]+))\/consumer\/([^/:]+):(\d+)$/;

/** Whether an ARN is a consumer's, by its looks. */
export function isConsumerArn(arn: string): boolean {
  return arn.includes("/consumer/");
}

/** The consumer an input names. Throws `InvalidArgumentException` or AWS's error if there is none. */
export function resolveConsumer(context: KinesisContext, address: ConsumerAddress): RegisteredConsumer {
  const { ConsumerARN: arn, ConsumerName: name, StreamARN: streamArn } = address;
  if (typeof arn === "string") {
    const found = resolveConsumerArn(context, arn);
    const conflicts =
      (typeof name === "string" && name !== found.consumer.name) ||
      (typeof streamArn === "string" && resolveStream(context, { StreamARN: streamArn }) !== found.stream);
    // Texts of this function are not confirmed on AWS.
    if (conflicts) throw invalidArgument("ConsumerARN, ConsumerName and StreamARN name different consumers.");
    return found;
  }
  if (typeof name !== "string" || typeof streamArn !== "string") {
    throw invalidArgument("Either ConsumerARN, or both StreamARN and ConsumerName must be provided.");
  }
  const stream = resolveStream(context, { StreamARN: streamArn });
  const consumer = context.consumers.find(stream.state.id, name);
  if (!consumer) throw consumerNotFound({ name }, stream.state.name, context.accountId);
  return { stream, consumer };
}

/** As {@link resolveConsumer}, by the ARN alone. */
export function resolveConsumerArn(context: KinesisContext, arn: string): RegisteredConsumer {
  const [, streamArn = "", accountId = "", streamName = "", name = "", second = ""] = ARN.exec(arn) ?? [];
  if (streamArn === "") throw invalidArgument(`Invalid ConsumerARN: ${arn}`); // Text not confirmed on AWS.
  const createdSecond = Number(second);
  const stream = resolveStream(context, { StreamARN: streamArn });
  const consumer = context.consumers.find(stream.state.id, name);
  if (consumer?.createdSecond !== createdSecond) {
    throw consumerNotFound({ name, createdSecond }, streamName, accountId);
  }
  return { stream, consumer };
}
