import type { WireError, WireEvent } from "@millrace/local-wire";
import type { Clock } from "../clock.ts";
import type { KinesisContext } from "../context.ts";
import { resourceInUse } from "../errors.ts";
import type { ShardLog } from "../log/shard-log.ts";
import { createSubscriptionPace } from "../physics/fan-out.ts";
import { startSubscription } from "./subscription.ts";
import type { Subscription, SubscriptionRequest } from "./subscription.ts";

/** The subscriptions of one directory: one at a time for each consumer and shard. */
export interface Subscriptions {
  /**
   * Throws `ResourceInUseException` if there was another subscription of the same consumer to the same shard less than
   * five seconds ago, whether or not it still goes on.
   */
  check(context: KinesisContext, request: SubscriptionRequest): void;
  /** Begins a subscription, after `check`. One that still goes on ends with `ResourceInUseException`. */
  open(context: KinesisContext, request: SubscriptionRequest): AsyncIterable<WireEvent>;
  /** Tells of committed records. */
  onCommit(shards: Iterable<ShardLog>): void;
  /** Tells of a change of a stream or of one of its consumers. */
  onChange(streamId: number): void;
}

/** The latest subscription of one consumer to one shard. */
interface Seat {
  readonly openedAt: number;
  readonly subscription: Subscription;
}

/** Source: Kinesis API reference, SubscribeToShard. */
const SEAT_HOLD_MS = 5000;

/** No subscriptions yet. With limits each is sent no more than AWS sends. */
export function createSubscriptions({
  clock,
  limits,
}: {
  readonly clock: Clock;
  readonly limits: boolean;
}): Subscriptions {
  const seats = new Map<string, Seat>();
  const byStream = new Map<number, Set<Subscription>>();

  const listen = (subscription: Subscription): void => {
    const ofStream = byStream.get(subscription.streamId);
    if (ofStream) ofStream.add(subscription);
    else byStream.set(subscription.streamId, new Set([subscription]));
  };
  const stopListening = (subscription: Subscription): void => {
    const ofStream = byStream.get(subscription.streamId);
    ofStream?.delete(subscription);
    if (ofStream?.size === 0) byStream.delete(subscription.streamId);
  };

  /** Gives up a seat as soon as nobody can be refused for it. */
  const leave = (key: string, seat: Seat): void => {
    stopListening(seat.subscription);
    const giveUp = (): void => {
      if (seats.get(key) === seat) seats.delete(key);
    };
    const heldUntil = seat.openedAt + SEAT_HOLD_MS;
    if (clock.now() < heldUntil) clock.schedule(heldUntil, giveUp);
    else giveUp();
  };

  return {
    check(context, request) {
      const seat = seats.get(keyOf(request));
      if (seat && clock.now() - seat.openedAt < SEAT_HOLD_MS) throw anotherSubscription(context, request);
    },
    open(context, request) {
      const key = keyOf(request);
      seats.get(key)?.subscription.end(anotherSubscription(context, request));
      const subscription = startSubscription(context, request, {
        clock,
        pace: limits ? createSubscriptionPace() : undefined,
        onEnd: () => leave(key, seat),
      });
      const seat: Seat = { openedAt: clock.now(), subscription };
      seats.set(key, seat);
      listen(subscription);
      if (request.signal.aborted) subscription.end();
      return subscription.events;
    },
    onCommit(shards) {
      for (const { streamId, shardIndex } of shards) {
        for (const subscription of byStream.get(streamId) ?? []) {
          if (subscription.shardIndex === shardIndex) subscription.wake();
        }
      }
    },
    onChange(streamId) {
      for (const subscription of byStream.get(streamId) ?? []) subscription.wake();
    },
  };
}

function keyOf({ stream, shard, consumer }: SubscriptionRequest): string {
  return `${stream.state.id}/${consumer.name}:${consumer.createdSecond}/${shard.id}`;
}

/** Text: awslabs/amazon-kinesis-client#391. */
function anotherSubscription({ accountId }: KinesisContext, request: SubscriptionRequest): WireError {
  const { stream, shard, consumer } = request;
  return resourceInUse(
    "Another active subscription exists for this consumer: " +
      `${accountId}:${stream.state.name}:${shard.id}:${consumer.name}`,
  );
}
