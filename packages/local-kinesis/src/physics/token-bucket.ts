/** What may be used at a rate. Knows no timers: every call says what time it is, epoch ms, and takes the same short while. */
export interface TokenBucket {
  /** Takes so many tokens if they are there; takes none otherwise. */
  take(tokens: number, now: number): boolean;
  /** Takes so many tokens, there or not: a bucket in debt has to fill up to nothing first. */
  spend(tokens: number, now: number): void;
  /** How many ms until so many tokens are there, 0 if they are; `Infinity` for more than the bucket holds. */
  waitFor(tokens: number, now: number): number;
  /** Whether it is as if nothing had ever been taken. */
  isFull(now: number): boolean;
}

/**
 * A bucket that starts full, with `capacity` tokens, and gets `perSecond` of them in a second: it never gives out more than
 * `perSecond * t + capacity` in t seconds. Default capacity: what comes in a second.
 */
export function createTokenBucket({
  perSecond,
  capacity = perSecond,
}: {
  readonly perSecond: number;
  readonly capacity?: number;
}): TokenBucket {
  // In thousandths, of which whole ones come in every ms: so nothing is lost to rounding.
  const full = capacity * 1000;
  let level = full;
  let filledAt = Number.NaN;

  const fill = (now: number): void => {
    if (now === filledAt) return;
    // A clock that was set back gives nothing, and does not stop the bucket until it has caught up.
    if (now > filledAt) level = Math.min(full, level + (now - filledAt) * perSecond);
    filledAt = now;
  };

  return {
    take(tokens, now) {
      fill(now);
      if (level < tokens * 1000) return false;
      level -= tokens * 1000;
      return true;
    },
    spend(tokens, now) {
      fill(now);
      level -= tokens * 1000;
    },
    waitFor(tokens, now) {
      fill(now);
      if (tokens > capacity) return Infinity;
      return Math.max(0, Math.ceil((tokens * 1000 - level) / perSecond));
    },
    isFull(now) {
      fill(now);
      return level === full;
    },
  };
}
