import { describe, expect, it } from "vitest";
import { createReadLimit } from "./read-limit.ts";

const MIB = 1024 * 1024;

describe("the read limit of a shard", () => {
  it("lets 5 calls read in a second", () => {
    const limit = createReadLimit();
    let admitted = 0;
    for (let now = 0; now < 10_000; now += 10) admitted += limit.admit(now) ? 1 : 0;
    expect(admitted).toBe(5 + 49);
  });

  it("refuses calls for 5 s after 10 MiB", () => {
    const limit = createReadLimit();
    expect(limit.admit(0)).toBe(true);
    limit.count(10 * MIB, 0);
    expect(limit.admit(4999)).toBe(false);
    expect(limit.admit(5000)).toBe(true);
  });

  it("refuses calls for 1 s once 2 MiB are read, and for none before", () => {
    const limit = createReadLimit();
    limit.count(2 * MIB - 1, 0);
    expect(limit.admit(0)).toBe(true);
    limit.count(1, 0);
    expect(limit.admit(999)).toBe(false);
    expect(limit.admit(1000)).toBe(true);
  });

  it.each([100_000, 500_000, 3 * MIB, 10 * MIB])("reads 2 MiB a second in the long run, %i bytes a call", (bytes) => {
    const limit = createReadLimit();
    let read = 0;
    const seconds = 500;
    for (let now = 0; now < seconds * 1000; now += 5) {
      if (!limit.admit(now)) continue;
      limit.count(bytes, now);
      read += bytes;
    }
    const most = Math.min(2 * MIB, bytes * 5) * seconds;
    expect(read / most).toBeGreaterThan(0.99);
    expect(read / most).toBeLessThan(1.01);
  });
});
