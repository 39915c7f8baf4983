import { expect } from "vitest";
import type { DatabaseSession, StatementResult } from "../../src/database/database.ts";
import type { TestDatabase } from "../open-test-database.ts";
import { firstShard } from "../memory-streams.ts";
import {
  isStatement,
  stepsOf,
  type ConformanceCase,
  type ConformanceStep,
  type ConformanceStreamStep,
} from "./conformance-file.ts";

type Outcome = Partial<ConformanceStep>;

/** Runs a case on a database, and compares the outcome of each step; the last with `here`, when the case has one. */
export async function runCase(one: ConformanceCase, test: TestDatabase): Promise<void> {
  const sessions = new Map<string, DatabaseSession>();
  const sessionOf = async ({ as = "admin", session = "" }: ConformanceStep): Promise<DatabaseSession> => {
    const key = `${session} ${as}`;
    const known = sessions.get(key) ?? (await test.database.connect({ name: as, superuser: as === "admin" }));
    sessions.set(key, known);
    return known;
  };
  try {
    for (const statement of one.setup ?? []) await test.session.execute(statement);
    const steps = stepsOf(one);
    for (const [index, step] of steps.entries()) {
      if (!isStatement(step)) {
        changeStream(step, test);
        continue;
      }
      const expected = index === steps.length - 1 ? (one.here ?? step) : step;
      const parameters = Object.entries(step.parameters ?? {}).map(([name, value]) => ({ name, value }));
      const actual = await outcomeOf((await sessionOf(step)).execute(step.sql, parameters));
      compare(actual, expected);
    }
    if (one.here?.how === "missing")
      expect(one.here.error ?? one.here.errorWith).toContain("not built in the local Redshift");
  } finally {
    for (const session of sessions.values()) await session.close();
  }
}

function changeStream({ stream: name, put = [], shard, splitInto }: ConformanceStreamStep, test: TestDatabase): void {
  const stream = test.streams.stream(name);
  if (splitInto !== undefined) stream.split(firstShard, splitInto);
  for (const record of put) stream.put(typeof record === "string" ? record : new Uint8Array(record.bytes), shard);
}

async function outcomeOf(running: Promise<StatementResult>): Promise<StatementResult | Error> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

function compare(actual: StatementResult | Error, expected: Outcome): void {
  if (expected.error !== undefined || expected.errorWith !== undefined) {
    const message =
      actual instanceof Error ? actual.message : `no error, but ${JSON.stringify(plainRows(actual.rows))}`;
    if (expected.error === undefined) expect(message).toContain(expected.errorWith);
    else expect(message).toBe(expected.error);
    return;
  }
  if (actual instanceof Error) throw actual;
  if (expected.count !== undefined) expect(actual.rowCount).toBe(expected.count);
  if (expected.names !== undefined) expect(actual.columns?.map((column) => column.name)).toEqual(expected.names);
  if (expected.types !== undefined) expect(actual.columns?.map((column) => column.typeName)).toEqual(expected.types);
  if (expected.rows === undefined) return;
  const [rows, wanted] = [plainRows(actual.rows), expected.rows];
  const sorted = (list: readonly unknown[]) => list.map((row) => JSON.stringify(row)).toSorted();
  if (expected.unordered === true) expect(sorted(rows)).toEqual(sorted(wanted));
  else expect(rows).toEqual(wanted.map((row, at) => row.map((cell, column) => aboutEqual(cell, rows[at]?.[column]))));
}

/** BIGINTs as numbers, as far as a number holds them. */
function plainRows(rows: StatementResult["rows"]): readonly (readonly unknown[])[] {
  const plain = (cell: unknown) => {
    if (typeof cell !== "bigint") return cell;
    return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  };
  return rows.map((row) => row.map(plain));
}

/** Documents show fewer digits of a floating point number than it has: their last digit may be rounded. */
function aboutEqual(expected: unknown, actual: unknown): unknown {
  if (typeof expected !== "number" || typeof actual !== "number" || Number.isInteger(expected)) return expected;
  const digits = String(expected)
    .split("e")[0]!
    .replace(/^-?0?\./, "")
    .replace(/[-.]/g, "").length;
  return Math.abs(expected - actual) <= Math.abs(expected) * 10 ** -Math.min(14, digits - 1) ? actual : expected;
}
