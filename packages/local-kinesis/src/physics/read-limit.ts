import { createTokenBucket } from "./token-bucket.ts";

/** What `GetRecords` may read of a shard, all its callers together. */
export interface ReadLimit {
  /** Whether a call may read at a time, epoch ms; if so, it counts. */
  admit(now: number): boolean;
  /** Counts the bytes, of data and keys, that a call which was admitted has read. */
  count(amount: number, now: number): void;
}

/** Source: Kinesis API reference, GetRecords. */
export const READ_CALLS_PER_SECOND = 5;
/** As above: "2 MiB per second". */
export const READ_BYTES_PER_SECOND = 2 * 1024 * 1024;

/**
 * The limit of one shard. A call reads what it asks for, whatever is left of the rate. Once that leaves nothing, calls are
 * refused until a whole second's worth is there again: 1 s after 2 MiB, 5 s after 10 MiB, as the API reference has it.
 */
export function createReadLimit(): ReadLimit {
  const calls = createTokenBucket({ perSecond: READ_CALLS_PER_SECOND });
  const bytes = createTokenBucket({ perSecond: READ_BYTES_PER_SECOND });
  let isUsedUp = false;
  return {
    admit(now) {
      if (isUsedUp && !bytes.isFull(now)) return false;
      isUsedUp = false;
      return calls.take(1, now);
    },
    count(amount, now) {
      bytes.spend(amount, now);
      isUsedUp ||= bytes.waitFor(1, now) > 0;
    },
  };
}
