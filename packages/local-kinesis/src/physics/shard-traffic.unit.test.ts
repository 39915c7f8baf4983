import { describe, expect, it } from "vitest";
import { createShardTraffic } from "./shard-traffic.ts";

const MINUTE = 60_000;

describe("a shard of an on-demand stream", () => {
  it("is due for a split 15 minutes after a minute of more than 500 records/s or 500 KB/s", () => {
    for (const [records, bytes] of [
      [30_001, 1],
      [1, 30_000 * 1024 + 1],
    ] as const) {
      const traffic = createShardTraffic();
      traffic.count(records, bytes, 7 * MINUTE + 59_999);
      expect(traffic.isDueForSplit(22 * MINUTE - 1)).toBe(false);
      expect(traffic.isDueForSplit(22 * MINUTE)).toBe(true);
      traffic.count(records, bytes, 8 * MINUTE);
      expect(traffic.isDueForSplit(22 * MINUTE)).toBe(true);
    }
  });

  it("is not due for as much in two minutes", () => {
    const traffic = createShardTraffic();
    for (let second = 0; second < 3600; second += 1) traffic.count(500, 500 * 1024, second * 1000);
    expect(traffic.isDueForSplit(7200 * 1000)).toBe(false);
  });
});
