import { createReadLimit } from "./read-limit.ts";
import type { ReadLimit } from "./read-limit.ts";
import { createShardTraffic } from "./shard-traffic.ts";
import type { ShardTraffic } from "./shard-traffic.ts";
import { createTokenBucket } from "./token-bucket.ts";
import { createWriteLimit } from "./write-limit.ts";
import type { WriteLimit } from "./write-limit.ts";

/** Everything that limits one shard. It holds for as long as the shard is known, and a restart forgets what was used. */
export interface ShardLimits {
  readonly write: WriteLimit;
  readonly read: ReadLimit;
  /** Whether `GetShardIterator` may be called at a time, epoch ms; if so, the call counts. */
  admitIterator(now: number): boolean;
  readonly traffic: ShardTraffic;
}

/** Source: Kinesis API reference, GetShardIterator. */
export const ITERATORS_PER_SECOND = 5;

/** The limits of a new shard. */
export function createShardLimits(): ShardLimits {
  const iterators = createTokenBucket({ perSecond: ITERATORS_PER_SECOND });
  return {
    write: createWriteLimit(),
    read: createReadLimit(),
    admitIterator: (now) => iterators.take(1, now),
    traffic: createShardTraffic(),
  };
}

/** No limits, for any number of shards. */
export const NO_SHARD_LIMITS: ShardLimits = {
  write: { admit: () => true },
  read: { admit: () => true, count: () => {} },
  admitIterator: () => true,
  traffic: { count: () => {}, isDueForSplit: () => false },
};
