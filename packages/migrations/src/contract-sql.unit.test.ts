import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { families, isEventTime } from "@millrace/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractMigrations } from "./contract-sql.ts";
import { eventTimePattern } from "./event-time-sql.ts";
import { defaultDirectory, listMigrations, listMigrationsSync } from "./migration-directory.ts";

describe("the migrations of the contract", () => {
  it.each([...contractMigrations(families)])(
    "%s is what the generator writes (npm run write-sql -w @millrace/migrations)",
    async (file, text) => {
      expect(await readFile(join(defaultDirectory, file), "utf8")).toBe(text);
    },
  );

  it("have the contract's columns first, in the public views", () => {
    for (const { view, columns } of families) {
      const text = contractMigrations(families).get(`R__${view}.sql`) ?? "";
      expect([...text.matchAll(/^ {2}\S.* AS (\w+),$/gm)].map(([, name]) => name)).toEqual(
        columns.map(({ name }) => name),
      );
    }
  });
});

describe("listMigrations", () => {
  it("lists the project's files in the order in which they run", async () => {
    const listed = await listMigrations();
    expect(listed.map(({ name }) => name)).toEqual([
      "V001__external_schema",
      "V002__stream_records",
      "R__events",
      "R__checked_events",
      "R__activity",
      "R__bad_events",
      "R__web_requests",
    ]);
    expect(listMigrationsSync()).toEqual(listed);
  });
});

describe("eventTimePattern", () => {
  const pattern = new RegExp(eventTimePattern);

  it("says of every date what the contract says", () => {
    for (let year = 0; year <= 9999; year += 1) {
      for (const day of ["02-28", "02-29", "02-30"]) {
        const time = `${String(year).padStart(4, "0")}-${day}T00:00:00Z`;
        if (pattern.test(time) !== isEventTime(time)) expect.fail(time);
      }
    }
    for (let month = 0; month <= 13; month += 1) {
      for (let day = 0; day <= 32; day += 1) {
        const time = `2023-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T23:59:59.5+02:00`;
        if (pattern.test(time) !== isEventTime(time)) expect.fail(time);
      }
    }
  });

  it("says of times, fractions, zones and broken texts what the contract says", () => {
    const good = "2024-02-29T10:20:30.123456789+13:59";
    const digits = fc.stringMatching(/^[0-9]{0,10}$/);
    const zone = fc.oneof(
      fc.constantFrom("Z", "z", "", "+14:00", "-14:00", "+14:01", "+0000", "+15:00", "+09:60"),
      fc.stringMatching(/^[+-][0-2][0-9]:[0-9]{2}$/),
    );
    const clock = fc.stringMatching(/^[0-3][0-9]:[0-7][0-9]:[0-7][0-9]$/);
    const made = fc
      .tuple(clock, fc.constantFrom("", "."), digits, zone)
      .map(([time, dot, fraction, end]) => `2026-11-21T${time}${dot}${fraction}${end}`);
    const broken = fc
      .tuple(fc.nat(good.length - 1), fc.constantFrom("", "0", "9", "-", ":", "T", " ", "Z", "\n"))
      .map(([at, char]) => good.slice(0, at) + char + good.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(made, broken, fc.string()), (text) => pattern.test(text) === isEventTime(text)),
      { numRuns: 5_000 },
    );
  });
});
