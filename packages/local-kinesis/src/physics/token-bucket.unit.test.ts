import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTokenBucket } from "./token-bucket.ts";

describe("a token bucket", () => {
  it("gives what comes in a second at once, then what comes", () => {
    const bucket = createTokenBucket({ perSecond: 5 });
    const takenAt = (now: number): number => {
      let taken = 0;
      while (bucket.take(1, now)) taken += 1;
      return taken;
    };
    expect(takenAt(1000)).toBe(5);
    expect(takenAt(1199)).toBe(0);
    expect(takenAt(1200)).toBe(1);
    expect(takenAt(2000)).toBe(4);
    expect(takenAt(60_000)).toBe(5);
  });

  it("never gives more than its rate times the time and what it holds, and as much where more is asked for all the time", () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(3000), tokens: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 100 }),
        steps,
        (perSecond, capacity, asked) => {
          const bucket = createTokenBucket({ perSecond, capacity });
          let now = 0;
          const taken: { readonly at: number; readonly tokens: number }[] = [];
          for (const { waitMs, tokens } of asked) {
            now += waitMs;
            if (bucket.take(tokens, now)) taken.push({ at: now, tokens });
          }
          for (let from = 0; from < taken.length; from += 1) {
            let sum = 0;
            for (let to = from; to < taken.length; to += 1) {
              sum += taken[to]?.tokens ?? 0;
              const seconds = ((taken[to]?.at ?? 0) - (taken[from]?.at ?? 0)) / 1000;
              expect(sum).toBeLessThanOrEqual(perSecond * seconds + capacity);
            }
          }
        },
      ),
    );
  });

  it("says how long to wait, to the ms", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 2000 }),
        (perSecond, tokens, spent) => {
          const capacity = 500;
          const bucket = createTokenBucket({ perSecond, capacity });
          bucket.spend(spent, 0);
          const wait = bucket.waitFor(tokens, 0);
          if (wait > 0) expect(bucket.take(tokens, wait - 1)).toBe(false);
          expect(bucket.take(tokens, wait)).toBe(true);
        },
      ),
    );
    expect(createTokenBucket({ perSecond: 5 }).waitFor(6, 0)).toBe(Infinity);
  });

  it("gives nothing for a clock that was set back, and goes on from there", () => {
    const bucket = createTokenBucket({ perSecond: 5 });
    expect(bucket.take(5, 1_000_000)).toBe(true);
    expect(bucket.take(1, 0)).toBe(false);
    expect(bucket.take(1, 200)).toBe(true);
    expect(bucket.isFull(1200)).toBe(true);
  });
});
