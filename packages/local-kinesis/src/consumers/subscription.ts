import type { WireError, WireEvent } from "@millrace/local-wire";
import type { Clock } from "../clock.ts";
import type { KinesisContext } from "../context.ts";
import { describeChildren, describeRecord } from "../streams/descriptions.ts";
import { streamNotFound } from "../errors.ts";
import { readLog } from "../log/log-reader.ts";
import type { LogSlice } from "../log/log-reader.ts";
import type { SubscriptionPace } from "../physics/fan-out.ts";
import { retentionStart } from "../streams/stream.ts";
import type { Shard, Stream } from "../streams/stream.ts";
import { consumerNotFound } from "./consumer-errors.ts";
import { consumerStatus } from "./consumer.ts";
import type { Consumer } from "./consumer.ts";
import { createWaker } from "./waker.ts";

/** What a subscription reads, and for whom. */
export interface SubscriptionRequest {
  readonly stream: Stream;
  readonly shard: Shard;
  readonly consumer: Consumer;
  /** Index of the first record wanted. */
  readonly from: number;
  /** Aborts when the client goes away or the server closes. */
  readonly signal: AbortSignal;
}

/** One answer to `SubscribeToShard`, as long as it goes on. */
export interface Subscription {
  readonly streamId: number;
  readonly shardIndex: number;
  /** Each is made when it is asked for. They end with the shard, after five minutes, or by `end`. */
  readonly events: AsyncIterable<WireEvent>;
  /** Has it look for records, and at its stream and consumer. */
  wake(): void;
  /** Ends it, with what the client is to hear of that if anything. Only the first call counts. */
  end(error?: WireError): void;
}

/** Source: Kinesis API reference, SubscribeToShard. */
const LIFETIME_MS = 300_000;
/** How long after an event AWS sends one without records. Source: a recording in aws/aws-sdk-ruby#2779. */
const IDLE_MS = 5000;
/** Of one event. Not confirmed on AWS. */
const MAX_RECORDS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * Starts a subscription. Whatever it listens to is let go when it ends, of which `onEnd` hears. Without a pace
 * records are sent as fast as the client takes them.
 */
export function startSubscription(
  context: KinesisContext,
  { stream: { state }, shard: { state: shardState }, consumer, from, signal }: SubscriptionRequest,
  options: { readonly clock: Clock; readonly pace: SubscriptionPace | undefined; readonly onEnd: () => void },
): Subscription {
  const { clock, pace, onEnd } = options;
  const waker = createWaker();
  let next = from;
  let outcome: { readonly error: WireError | undefined } | undefined;
  const ended = () => outcome;

  const end = (error?: WireError): void => {
    if (outcome) return;
    outcome = { error };
    callOffExpiry();
    signal.removeEventListener("abort", leave);
    onEnd();
    waker.wake();
  };
  const leave = (): void => end();
  const callOffExpiry = clock.schedule(clock.now() + LIFETIME_MS, leave);
  signal.addEventListener("abort", leave);

  const sleepUntil = async (time: number): Promise<void> => {
    const callOff = clock.schedule(time, waker.wake);
    await waker.sleep();
    callOff();
  };

  /** The stream and the shard as they are now. Throws `ResourceNotFoundException` if the stream or the consumer is gone. */
  const look = (): { readonly stream: Stream; readonly shard: Shard } => {
    const stream = context.catalogue.findById(state.id);
    const shard = stream?.shards[shardState.index];
    if (!stream || !shard) throw streamNotFound(state.name, context.accountId);
    const found = context.consumers.find(state.id, consumer.name);
    if (found?.createdSecond !== consumer.createdSecond || consumerStatus(found) !== "ACTIVE") {
      throw consumerNotFound(consumer, state.name, context.accountId);
    }
    return { stream, shard };
  };

  async function* readEvents(): AsyncGenerator<WireEvent> {
    let idleAt = clock.now() + IDLE_MS;
    try {
      for (;;) {
        const over = ended();
        if (over?.error) throw over.error;
        if (over) return;
        const { stream, shard } = look();
        const now = clock.now();
        const slice = readLog(context.blocks, shard.log, {
          from: next,
          notBefore: retentionStart(stream.state, now),
          maxRecords: MAX_RECORDS,
          maxBytes: MAX_BYTES,
        });
        if (slice.records.length > 0) {
          const time = now + (pace?.book(sizeOf(slice), now) ?? 0);
          while (!ended() && clock.now() < time) await sleepUntil(time);
          if (ended()) continue;
        } else if (slice.atTip && shard.state.closed) {
          yield toEvent({ Records: [], MillisBehindLatest: 0, ChildShards: describeChildren(stream, shard) });
          return;
        } else if (now < idleAt) {
          await sleepUntil(idleAt);
          continue;
        }
        next = slice.next;
        yield toEvent(describeSlice(stream, shard, slice, clock.now()));
        idleAt = clock.now() + IDLE_MS;
      }
    } finally {
      end();
    }
  }

  return { streamId: state.id, shardIndex: shardState.index, events: readEvents(), wake: waker.wake, end };
}

function sizeOf({ records }: LogSlice): number {
  return records.reduce((sum, { data, partitionKey }) => sum + data.length + Buffer.byteLength(partitionKey), 0);
}

function toEvent(payload: object): WireEvent {
  return { type: "SubscribeToShardEvent", payload };
}

/**
 * An event before the end of a shard. To go on after it is to go on after its last record; without records it bears the
 * time as well, as on AWS, where it grows along an idle shard (aws/aws-sdk-ruby#2779). The last event of a shard bears
 * none (awslabs/amazon-kinesis-client#1744), and no records either, because clients take it for the end alone.
 */
function describeSlice(stream: Stream, shard: Shard, { records, next, atTip }: LogSlice, now: number) {
  const lastArrival = records.at(-1)?.arrivedAt;
  return {
    Records: records.map((record) => describeRecord(stream, shard, record)),
    ContinuationSequenceNumber: shard.sequenceNumber(next - 1, lastArrival ?? now),
    MillisBehindLatest: atTip ? 0 : Math.max(0, now - (lastArrival ?? now)),
  };
}
