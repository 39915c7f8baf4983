import { expect, test } from "vitest";
import { loadTiles, parameterNames, parseTile } from "./tile.ts";

test("reads the header and the statement", () => {
  const text =
    "-- title: Top users\n-- chart: bars\n-- order: 2\n-- A remark: with a colon.\nSELECT 1\nWHERE a > :since\n";
  expect(parseTile("top-users", text)).toEqual({
    id: "top-users",
    title: "Top users",
    chart: "bars",
    order: 2,
    sql: "SELECT 1\nWHERE a > :since",
  });
});

test("names every fault at once", () => {
  expect(parseTile("x", "-- chart: pie\n-- colour: red\n-- order: first\nSELECT 1")).toEqual({
    problems: [
      'unknown header "colour"',
      'header "title" is missing',
      expect.stringContaining("chart must be one of"),
      expect.stringContaining("order must be a number"),
      expect.stringContaining(":since"),
    ],
  });
});

test("finds parameters, not casts or text", () => {
  expect(parameterNames("SELECT a::varchar, ':no' FROM t WHERE x > CAST(:since AS TIMESTAMP)")).toEqual(
    new Set(["since"]),
  );
});

test("has the tiles that the page is made of", async () => {
  const tiles = await loadTiles();
  expect(tiles.map(({ id }) => id).toSorted()).toEqual([
    "events",
    "freshness",
    "latest",
    "quarantine",
    "records",
    "statuses",
    "top-paths",
    "top-users",
  ]);
  for (const { sql } of tiles) {
    expect(sql).not.toMatch(/;|\bSELECT \*/);
    expect([...parameterNames(sql)].every((name) => ["since", "window_start", "recent_start"].includes(name))).toBe(
      true,
    );
  }
});
