import { expect, test } from "vitest";
import { batchOf, chooseQueries, type LiveQuery } from "./live-query.ts";

const query = (id: string, fields: Partial<LiveQuery> = {}): LiveQuery => ({
  id,
  sql: "SELECT 1 FROM t WHERE refresh_time > :since",
  everyMs: 0,
  since: "2026-01-01 00:00:00.0",
  dueAt: 0,
  merge: () => undefined,
  ...fields,
});
const ids = (queries: readonly LiveQuery[]) => queries.map(({ id }) => id);

test("runs the first always and the others when they are due", () => {
  const queries = [query("records", { dueAt: 99 }), query("fast"), query("slow", { dueAt: 99 })];
  expect(ids(chooseQueries(queries, 0, 50))).toEqual(["records", "fast"]);
});

test("reads a small view whole at once, and a large one by one statement at a time", () => {
  const queries = [query("records"), query("a", { since: undefined }), query("b", { since: undefined }), query("c")];
  expect(ids(chooseQueries(queries, 1_000, 0))).toEqual(["records", "a", "b", "c"]);
  expect(ids(chooseQueries(queries, 5_000_000, 0))).toEqual(["records", "a", "c"]);
});

test("gives each statement its own beginning and only the parameters that are used", () => {
  const batch = batchOf(
    [
      query("a"),
      query("b", { since: undefined, sql: "SELECT x::varchar FROM t WHERE r > :since AND a > :window_start" }),
      query("c", { sql: "SELECT COUNT(*), ':since' FROM t" }),
    ],
    { window_start: "w", recent_start: "r" },
    "1970-01-01",
  );
  expect(batch.sqls[1]).toBe("SELECT x::varchar FROM t WHERE r > :since_1 AND a > :window_start");
  expect(batch.parameters).toEqual({ since_0: "2026-01-01 00:00:00.0", since_1: "1970-01-01", window_start: "w" });
});
