import { expect, test } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatPlural,
  formatRate,
  formatShare,
  formatShort,
  readable,
} from "./format.js";

test.each([
  [0, "0"],
  [1_234_567, "1,234,567"],
])("writes the count %d as %s", (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [999, "999"],
  [1_000, "1k"],
  [1_250, "1.3k"],
  [20_000, "20k"],
  [3_400_000, "3.4M"],
])("shortens %d to %s", (value, text) => expect(formatShort(value)).toBe(text));

test.each([
  [0, "0"],
  [0.24, "0.2"],
  [2, "2"],
  [57.4, "57"],
])("writes the rate %d as %s", (value, text) => expect(formatRate(value)).toBe(text));

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_440, "1.4 s"],
  [12_000, "12 s"],
  [180_000, "3 min"],
  [7_200_000, "2 h"],
  [4 * 86_400_000, "4 d"],
])("writes %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [-500, "now"],
  [999, "now"],
  [4_700, "4 s ago"],
  [180_000, "3 min ago"],
])("says that %d ms are %s", (ms, text) => expect(formatAgo(ms)).toBe(text));

test.each([
  [812, "812 B"],
  [1_200, "1.2 kB"],
  [999_700, "1 MB"],
  [203_023_000, "203 MB"],
])("writes %d bytes as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0, 10, "0%"],
  [1, 1_000, "<1%"],
  [999, 1_000, ">99%"],
  [1, 3, "33%"],
  [0, 0, "0%"],
])("writes %d of %d as %s", (part, whole, text) => expect(formatShare(part, whole)).toBe(text));

test("counts nouns, names things and tells the time", () => {
  expect(formatPlural(1, "shard")).toBe("1 shard");
  expect(formatPlural(1_200, "record")).toBe("1,200 records");
  expect(readable("unknown-event-name")).toBe("Unknown event name");
  expect(readable("not-json")).toBe("Not JSON");
  expect(formatClock(Date.now())).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
});
