import { createTokenBucket } from "./token-bucket.ts";

/** How fast one subscription is sent the records of its shard. */
export interface SubscriptionPace {
  /** Counts bytes that are about to be sent, keys included, at a time (epoch ms). Answers how many ms to wait before they leave. */
  book(bytes: number, now: number): number;
}

/** Source: Kinesis API reference, RegisterStreamConsumer ("up to 2 MiB per second for every shard"). */
export const SUBSCRIPTION_BYTES_PER_SECOND = 2 * 1024 * 1024;

/**
 * The pace of one subscription, which starts with a second's worth. What is larger than that waits for a full second's worth and
 * then leaves a debt.
 */
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
