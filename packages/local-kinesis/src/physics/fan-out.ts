import { limitExceeded, resourceInUse } from "../errors.ts";
import { createTokenBucket } from "./token-bucket.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { createUsageMap } from "./usage-map.ts";

/** How fast one subscription is sent the records of its shard. */
export interface SubscriptionPace {
  /** Counts bytes that are about to be sent, keys included, at a time (epoch ms). Answers how many ms to wait before they leave. */
  book(bytes: number, now: number): number;
}

/** When a consumer may subscribe to a shard. */
export interface SubscriptionRule {
  /**
   * Lets a call pass that is right in everything else, and counts it as successful. Throws `LimitExceededException` for
   * a second call within a second, `ResourceInUseException` within 5 s of a successful one.
   */
  admit(consumerArn: string, shardId: string, now: number): void;
}

/** Source: Kinesis API reference, RegisterStreamConsumer ("up to 2 MiB per second for every shard"). */
export const SUBSCRIPTION_BYTES_PER_SECOND = 2 * 1024 * 1024;
/** Source of both: Kinesis API reference, SubscribeToShard. */
const CALLS_PER_SECOND = 1;
const EXCLUSIVE_MS = 5000;

/** What is known of a consumer and a shard. */
interface Pair {
  readonly calls: TokenBucket;
  /** Epoch ms. */
  succeededAt: number;
}

/** The pace of one subscription, which starts with a second's worth. What is larger than that waits for a full second's worth and then leaves a debt. */
export function createSubscriptionPace(): SubscriptionPace {
  const bucket = createTokenBucket({ perSecond: SUBSCRIPTION_BYTES_PER_SECOND });
  return {
    book(bytes, now) {
      const wait = bucket.waitFor(Math.min(bytes, SUBSCRIPTION_BYTES_PER_SECOND), now);
      bucket.spend(bytes, now);
      return wait;
    },
  };
}

/** The rule for all consumers and shards. */
export function createSubscriptionRule(): SubscriptionRule {
  const pairs = createUsageMap<Pair>(
    ({ calls, succeededAt }, now) => calls.isFull(now) && now - succeededAt >= EXCLUSIVE_MS,
  );
  return {
    admit(consumerArn, shardId, now) {
      const pair = pairs.get(`${consumerArn}/${shardId}`, now, () => ({
        calls: createTokenBucket({ perSecond: CALLS_PER_SECOND }),
        succeededAt: -Infinity,
      }));
      // Text not confirmed on AWS.
      if (!pair.calls.take(1, now))
        throw limitExceeded(`Rate exceeded for consumer ${consumerArn} and shard ${shardId}.`);
      if (now - pair.succeededAt < EXCLUSIVE_MS) {
        // AWS's words (daangn/kinesumer#16); whether the ARN follows is not confirmed.
        throw resourceInUse(`Another active subscription exists for this consumer: ${consumerArn}`);
      }
      pair.succeededAt = now;
    },
  };
}
