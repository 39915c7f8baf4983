import { expect, test } from "vitest";
import { settledThrough } from "./live-tiles.ts";
import { fromTimestamp, toTimestamp } from "./timestamps.ts";

test("draws up to the second before the newest while events flow, and up to three seconds ago when none do", () => {
  expect(settledThrough(100, 100_900)).toBe(99);
  expect(settledThrough(100, 120_000)).toBe(117);
  expect(settledThrough(undefined, 120_000)).toBe(117);
});

test("reads timestamps as the Data API writes them", () => {
  expect(fromTimestamp("2022-02-22 00:00:00.0")).toBe(Date.UTC(2022, 1, 22));
  expect(fromTimestamp("2020-08-21 17:33:51.88712")).toBe(Date.UTC(2020, 7, 21, 17, 33, 51, 887));
  expect(fromTimestamp(null)).toBeNaN();
  expect(toTimestamp(Date.UTC(2022, 1, 22))).toBe("2022-02-22 00:00:00.000");
});
