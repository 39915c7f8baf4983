import type { Clock } from "./clock.ts";

/** Tokens are saved up for this long, so that a late timer costs nothing and a pause is not followed by a burst. */
const burstMs = 100;

/** A rate limit: each act takes a token. */
export interface TokenBucket {
  /** Takes a token and answers 0, or takes none and answers the milliseconds until there is one. */
  take(): number;
}

/** Gives `ratePerSecond` tokens a second of `clock`, evenly, with at most a tenth of a second's worth at once (one at least). */
export function createTokenBucket(ratePerSecond: number, clock: Clock): TokenBucket {
  const capacity = Math.max(1, (ratePerSecond * burstMs) / 1000);
  let tokens = 1;
  let filledAt = clock.now();
  return {
    take() {
      const now = clock.now();
      tokens = Math.min(capacity, tokens + ((now - filledAt) * ratePerSecond) / 1000);
      filledAt = now;
      if (tokens < 1) return Math.ceil(((1 - tokens) * 1000) / ratePerSecond);
      tokens--;
      return 0;
    },
  };
}
