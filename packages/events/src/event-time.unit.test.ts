import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEventTime } from "./event-time.ts";

const moments = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});

describe("isEventTime", () => {
  it("accepts what Date writes", () => {
    fc.assert(fc.property(moments, (moment) => isEventTime(moment.toISOString())));
  });

  it("agrees with Date on which days exist", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 33 }),
        (year, month, day) => {
          const date = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
          const parsed = new Date(`${date}T00:00:00Z`);
          const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
          expect(isEventTime(`${date}T00:00:00Z`)).toBe(exists);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00.1Z",
    "2026-11-21T10:00:00.123456789Z",
    "2026-11-21T10:00:00+00:00",
    "2026-11-21T10:00:00.5-09:30",
    "2024-02-29T23:59:59+14:00",
  ])("accepts %s", (value) => {
    expect(isEventTime(value)).toBe(true);
  });

  it.each([
    "",
    "2026-11-21",
    "2026-11-21T10:00:00",
    "2026-11-21 10:00:00Z",
    "2026-11-21t10:00:00z",
    "2026-11-21T10:00Z",
    "2026-11-21T24:00:00Z",
    "2026-11-21T10:60:00Z",
    "2026-11-21T10:00:60Z",
    "2026-11-21T10:00:00.Z",
    "2026-11-21T10:00:00.1234567890Z",
    "2026-11-21T10:00:00.5",
    "2026-11-21T10:00:00+0200",
    "2026-11-21T10:00:00+02",
    "2026-11-21T10:00:00+14:01",
    "2026-11-21T10:00:00+02:60",
    "2026-11-21T10:00:00Zulu",
    "2026-11-21T10:00:00Z ",
    "2023-02-29T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "+002026-11-21T10:00:00Z",
    "२०२६-11-21T10:00:00Z",
  ])("refuses %j", (value) => {
    expect(isEventTime(value)).toBe(false);
  });
});
