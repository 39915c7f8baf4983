import { join } from "node:path";
import { createRandom } from "@millrace/local-wire/testing/random";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isStatement, readConformance, stepsOf } from "../testing/conformance/conformance-file.ts";
import { createStatements } from "../testing/fuzz/statements.ts";
import { TABLES } from "../testing/fuzz/tables.ts";
import { openMemoryDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import type { DatabaseSession } from "./database/database.ts";
import { builtFunctions } from "./sql/bind-function.ts";
import { SqlError } from "./sql/sql-error.ts";

/** The same statements each time, so that a commit is green or is not; `MILLRACE_FUZZ_SEED` and `MILLRACE_FUZZ_STATEMENTS` look further. */
const SEED = Number(process.env["MILLRACE_FUZZ_SEED"] ?? 1);
const STATEMENTS = Number(process.env["MILLRACE_FUZZ_STATEMENTS"] ?? 1_500);
/** A statement that takes longer is cancelled, which is an end like any other. */
const MOST_MS = 2_000;

let test: TestDatabase;
beforeAll(async () => {
  test = await openMemoryDatabase();
  await test.run(...TABLES);
});
afterAll(() => test[Symbol.asyncDispose]());

/** What is wrong with how a statement ended: `undefined` for a result, or an error of Redshift's form. */
async function faultOf(
  session: DatabaseSession,
  sql: string,
  onResult: () => void = () => undefined,
): Promise<string | undefined> {
  try {
    await session.execute(sql, [], AbortSignal.timeout(MOST_MS));
    onResult();
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlError)) return `not an error of SQL: ${String(error)}`;
    const isForeign =
      /engine refused|(Binder|Parser|Catalog|Conversion|Invalid Input|INTERNAL|Not implemented|Out of Range|Constraint|Serialization|IO) Error|\b(undefined|NaN|null)\b.*(properties|function)|\[object|DuckDB/i;
    if (isForeign.test(error.message)) return error.message;
    return /^ERROR: \S/.test(error.message) ? undefined : `not of Redshift's form: ${error.message}`;
  }
}

describe("a bad statement ends with an error of Redshift's form:", () => {
  it.each<[string, string]>([
    ["unfinished", "SELECT ("],
    ["unfinished in a string", "SELECT 'a"],
    ["unfinished in a comment", "SELECT 1 /* a /* b */"],
    ["empty", " ;; "],
    ["a NUL", "SELECT '\u0000'"],
    ["a lone surrogate", "SELECT '\ud800'"],
    ["binary text", Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 7) % 256)).toString("latin1")],
    ["nested brackets", `SELECT ${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["nested functions", `SELECT ${"abs(".repeat(5_000)}1${")".repeat(5_000)}`],
    ["nested queries", `${"SELECT * FROM (".repeat(2_000)}SELECT 1${") a".repeat(2_000)}`],
    ["a long chain of operators", `SELECT 1${" + 1".repeat(40_000)}`],
    ["a long list", `SELECT 1 IN (${Array.from({ length: 30_000 }, (_, index) => index).join(",")})`],
    ["200 KB of text", `SELECT LEN('${"x".repeat(200_000)}')`],
    ["a huge number", `SELECT ${"9".repeat(5_000)}`],
    ["a long name", `SELECT 1 AS ${"n".repeat(5_000)}`],
  ])("%s", { timeout: 60_000 }, async (_what, sql) => {
    const session = await test.database.connect({ name: "admin", superuser: true });
    expect(await faultOf(session, sql)).toBeUndefined();
    expect((await session.execute("SELECT COUNT(*) FROM every_type")).rows).toEqual([[4n]]);
    await session.close();
  });
});

it(`${STATEMENTS} fuzzed statements end in order and change nothing (seed ${SEED})`, { timeout: 900_000 }, async () => {
  const random = createRandom(SEED);
  const source = createStatements(random, await conformanceSql(), [...builtFunctions]);
  const before = await snapshot();
  await test.run(
    "CREATE USER fuzzer PASSWORD DISABLE",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO fuzzer",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
  );
  // Who may do nothing but read gets no further than the rights; a superuser gets to the end, in a database of which nothing is expected.
  await using scratch = await openMemoryDatabase();
  await scratch.run(...TABLES);
  const faults: string[] = [];
  for (let number = 0; number < STATEMENTS; number += 1) {
    const { sql, expression } = source.next();
    for (const [{ database }, user] of [
      [test, { name: "fuzzer", superuser: false }],
      [scratch, { name: "admin", superuser: true }],
    ] as const) {
      const session = await database.connect(user);
      const fault = await faultOf(session, sql, () => expression && source.keep(expression));
      await session.close();
      if (fault !== undefined) faults.push(`${fault}\n    ${sql}`);
    }
  }
  expect(faults).toEqual([]);
  expect(await snapshot()).toEqual(before);
  expect(await scratch.rows("SELECT 1")).toEqual([[1]]);
});

/** The statements of the conformance cases. */
async function conformanceSql(): Promise<readonly string[]> {
  const files = await readConformance(join(import.meta.dirname, "../conformance"));
  const cases = files.flatMap((file) => file.cases);
  return cases.flatMap((one) => [
    ...(one.setup ?? []),
    ...stepsOf(one)
      .filter(isStatement)
      .map((step) => step.sql),
  ]);
}

async function snapshot(): Promise<unknown> {
  const tables = ["every_type", "other", "seen"];
  return Promise.all(tables.map((table) => test.rows(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)));
}
