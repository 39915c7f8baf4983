import { expect, it } from "vitest";
import { createUsageMap } from "./usage-map.ts";

it("a usage map keeps what is in use and drops the rest, however many keys there were", () => {
  const kept = new Set<object>();
  const map = createUsageMap<{ readonly until: number }>((usage, now) => {
    const isUnused = usage.until <= now;
    if (isUnused) kept.delete(usage);
    return isUnused;
  });
  const create = (until: number) => () => {
    const usage = { until };
    kept.add(usage);
    return usage;
  };
  const lasting = map.get("lasting", 0, create(Infinity));
  for (let now = 0; now < 100_000; now += 1) map.get(`${now}`, now, create(now + 10));
  expect(kept.size).toBeLessThanOrEqual(1000);
  expect(map.get("lasting", 100_000, create(0))).toBe(lasting);
});
