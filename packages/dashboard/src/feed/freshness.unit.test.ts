import { expect, test } from "vitest";
import { createFreshnessWindow, percentiles } from "./freshness.ts";

test("takes the median and the 95th percentile of weighted values", () => {
  expect(
    percentiles([
      [10, 94],
      [500, 5],
      [900, 1],
    ]),
  ).toEqual({ p50: 10, p95: 500 });
  expect(percentiles([])).toBeUndefined();
});

test("counts from arrival to the commit of the refresh where that is known", () => {
  const freshness = createFreshnessWindow({ lengthMs: 60_000 });
  freshness.add([{ refreshedAt: 1_000, lags: [[-20, 1]], seenAt: 1_400 }]);
  expect(freshness.read()).toMatchObject({ basis: "start", visible: { p50: 0 }, page: { p50: 380 } });
  freshness.addRuns([{ startedAt: 1_000, endedAt: 1_080 }]);
  expect(freshness.read()).toMatchObject({ basis: "commit", visible: { p50: 60 }, records: 1 });
});

test("counts each refresh once and forgets the old ones", () => {
  const freshness = createFreshnessWindow({ lengthMs: 1_000 });
  const refresh = { refreshedAt: 1_000, lags: [[100, 4]], seenAt: undefined } as const;
  freshness.add([refresh]);
  freshness.add([refresh]);
  expect(freshness.read()).toMatchObject({ records: 4, page: undefined });
  freshness.trim(2_001);
  expect(freshness.read()).toMatchObject({ records: 0, visible: undefined });
});
