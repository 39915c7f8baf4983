import { createRequestRates } from "./request-rates.ts";
import type { RequestRates } from "./request-rates.ts";
import { NO_SHARD_LIMITS, createShardLimits } from "./shard-limits.ts";
import type { ShardLimits } from "./shard-limits.ts";

/** Everything that may be used at a rate only. */
export interface Limits {
  /** The limits of a shard that is new to this process. */
  newShard(): ShardLimits;
  /** Calls of the operations. */
  readonly requests: RequestRates;
}

/** AWS's limits, of which nothing is used yet. */
export function createLimits(): Limits {
  return { newShard: createShardLimits, requests: createRequestRates() };
}

/** No limits: as fast as this machine goes. */
export const NO_LIMITS: Limits = { newShard: () => NO_SHARD_LIMITS, requests: { admit: () => {} } };
