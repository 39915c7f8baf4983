import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWriteLimit } from "./write-limit.ts";

const MIB = 1024 * 1024;
/** Offers records of one size every ms and counts those that come in. */
function admittedOf(
  limit: ReturnType<typeof createWriteLimit>,
  bytes: number,
  perMs: number,
  from: number,
  to: number,
) {
  let admitted = 0;
  for (let now = from; now < to; now += 1) {
    for (let record = 0; record < perMs; record += 1) admitted += limit.admit(bytes, now) ? 1 : 0;
  }
  return admitted;
}

describe("the write limit of a shard", () => {
  it("takes 1,000 records a second, after a second's worth at once", () => {
    const limit = createWriteLimit();
    expect(admittedOf(limit, 10, 5000, 0, 1)).toBe(1000);
    expect(admittedOf(limit, 10, 2, 1, 10_001)).toBe(10_000);
  });

  it("takes 1 MiB a second, after a second's worth at once", () => {
    const limit = createWriteLimit();
    expect(admittedOf(limit, 4096, 1000, 0, 1)).toBe(256);
    expect(admittedOf(limit, 4096, 1, 1, 10_001)).toBe(2560);
    expect(createWriteLimit().admit(MIB, 0)).toBe(true);
  });

  it("takes a smaller record after one that was refused", () => {
    const limit = createWriteLimit();
    expect([700_000, 700_000, 300_000].map((bytes) => limit.admit(bytes, 0))).toEqual([true, false, true]);
  });

  it("takes 10 MiB in large records, then smaller ones as 1 MiB a second returns", () => {
    const limit = createWriteLimit();
    expect(limit.admit(10 * MIB, 0)).toBe(true);
    expect(limit.admit(1, 0)).toBe(false);
    expect(admittedOf(limit, 4096, 1, 1, 5001)).toBe(5 * 256);
    expect(limit.admit(2 * MIB, 5001)).toBe(false);
    expect(limit.admit(2 * MIB, 7001)).toBe(true);
    expect(limit.admit(10 * MIB, 17_001)).toBe(true);
  });

  it("takes no large record that is larger than the tank has got", () => {
    const limit = createWriteLimit();
    expect([6, 5, 4].map((mib) => limit.admit(mib * MIB, 0))).toEqual([true, false, true]);
    expect(limit.admit(3 * MIB, 2999)).toBe(false);
    expect(limit.admit(3 * MIB, 3000)).toBe(true);
  });

  it("never takes more than the rates times the time and what may come at once", () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(2500), bytes: fc.integer({ min: 1, max: 10 * MIB }) }), {
      minLength: 1,
      maxLength: 120,
    });
    fc.assert(
      fc.property(steps, fc.boolean(), (asked, large) => {
        const limit = createWriteLimit();
        const burst = large ? 10 * MIB : MIB;
        let now = 0;
        const taken: { readonly at: number; readonly bytes: number }[] = [];
        for (const { waitMs, bytes } of asked) {
          now += waitMs;
          const size = large ? bytes : Math.ceil(bytes / 10);
          if (limit.admit(size, now)) taken.push({ at: now, bytes: size });
        }
        taken.forEach((first, from) => {
          let sum = 0;
          for (const { at, bytes } of taken.slice(from)) {
            sum += bytes;
            expect(sum).toBeLessThanOrEqual((MIB * (at - first.at)) / 1000 + burst);
          }
        });
      }),
    );
  });
});
