import Type from "typebox";
import { describe, expect, it } from "vitest";
import { attributePattern, columnsOf } from "./columns.ts";
import { families } from "./index.ts";

describe("families", () => {
  it("give each event name and each view to one family only", () => {
    const names = families.flatMap(({ eventNames }) => eventNames);
    const views = families.map(({ view }) => view);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(views).size).toBe(views.length);
  });

  it("start with the envelope and use attribute names that need no session setting", () => {
    for (const { columns } of families) {
      expect(columns.slice(0, 4).map(({ attribute }) => attribute)).toEqual([
        "event_id",
        "event_time",
        "event_name",
        "user",
      ]);
      for (const { attribute, name } of columns) {
        expect(attribute).toMatch(attributePattern);
        expect(name).toMatch(attributePattern);
      }
    }
  });

  it("have the columns that the warehouse's views show", () => {
    expect(
      families.map(({ columns }) =>
        columns.map(({ name, sqlType, nullable }) => `${name} ${sqlType}${nullable ? "" : " NOT NULL"}`),
      ),
    ).toEqual([
      [
        "event_id VARCHAR(128) NOT NULL",
        "event_time TIMESTAMP NOT NULL",
        "event_name VARCHAR(64) NOT NULL",
        "user_id INTEGER NOT NULL",
      ],
      [
        "event_id VARCHAR(128) NOT NULL",
        "event_time TIMESTAMP NOT NULL",
        "event_name VARCHAR(64) NOT NULL",
        "user_id VARCHAR(256) NOT NULL",
        "path VARCHAR(65535) NOT NULL",
        "status INTEGER NOT NULL",
        "bytes BIGINT",
        "referrer VARCHAR(65535)",
        "user_agent VARCHAR(65535) NOT NULL",
      ],
    ]);
  });

  it("give the same sample for the same randomness and time", () => {
    for (const family of families) {
      expect(family.sample(() => 0.25, 0)).toEqual(family.sample(() => 0.25, 0));
      expect(family.sample(() => 0.25, 0)).toMatchObject({ event_time: "1970-01-01T00:00:00.000Z" });
    }
  });
});

describe("columnsOf", () => {
  it("refuses an attribute name that SUPER would not find", () => {
    expect(() => columnsOf(Type.Object({ eventType: Type.Integer({ minimum: 0, maximum: 1 }) }))).toThrow(
      /must match .* got "eventType"/,
    );
  });

  it("refuses a field without a column type", () => {
    expect(() => columnsOf(Type.Object({ tags: Type.Array(Type.String()) }))).toThrow(/"tags" is none/);
  });
});
