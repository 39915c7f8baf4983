import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import { memoryStreams } from "../../../testing/memory-streams.ts";
import { openMemoryDatabase, openTestDatabase, type TestDatabase } from "../../../testing/open-test-database.ts";
import { readRows } from "../duck.ts";

const rows = 2 ** 19;

/** A table of five row groups of DuckDB, of which every second row is deleted. */
async function fillHalfDeleted(test: TestDatabase): Promise<void> {
  await test.run("CREATE TABLE t AS SELECT 0 AS a");
  for (let count = 1; count < rows; count *= 2) await test.run(`INSERT INTO t SELECT a + ${count} FROM t`);
  await test.run("DELETE FROM t WHERE a % 2 = 0");
}

/** What SVV_TABLE_INFO says, deleted rows that the table still has among them. */
const tableRows = async (test: TestDatabase) =>
  Number((await test.rows(`SELECT tbl_rows FROM svv_table_info WHERE "table" = 't'`))[0]?.[0]);

/** Rows of the row groups in the file of a closed database. */
async function rowsInFile(directory: string): Promise<number> {
  const duck = await DuckDBInstance.create(join(directory, "dev.duckdb"));
  const connection = await duck.connect();
  try {
    const tables = "SELECT table_name FROM duckdb_tables() WHERE regexp_full_match(table_name, 't[0-9]+')";
    const [[table] = []] = await readRows(connection, tables);
    const counts = `SELECT sum(count) FROM pragma_storage_info('${String(table)}') WHERE segment_type <> 'VALIDITY'`;
    return Number((await readRows(connection, counts))[0]?.[0]);
  } finally {
    connection.closeSync();
    duck.closeSync();
  }
}

test("VACUUM sweeps deleted rows out of the file, and nothing else does", async () => {
  const directory = await mkdtemp(join(tmpdir(), "millrace-vacuum-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const before = await openTestDatabase(memoryStreams(), directory);
  await fillHalfDeleted(before);
  await before.database.close();
  expect(await rowsInFile(directory)).toBe(rows);
  const after = await openTestDatabase(memoryStreams(), directory);
  await after.run("VACUUM t");
  expect(await after.rows("SELECT count(*), min(a), max(a) FROM t")).toEqual([[BigInt(rows / 2), 1, rows - 1]]);
  await after.database.close();
  expect(await rowsInFile(directory)).toBeLessThan(rows * 0.6);
});

test("VACUUM sweeps in memory too, and tells how many rows it reclaimed", async () => {
  await using test = await openMemoryDatabase();
  await fillHalfDeleted(test);
  expect(await tableRows(test)).toBe(rows);
  await test.run("VACUUM DELETE ONLY t");
  const left = await tableRows(test);
  expect(left).toBeLessThan(rows * 0.6);
  const history = "SELECT status, rows_before_vacuum, reclaimable_rows, reclaimed_rows FROM sys_vacuum_history";
  expect(await test.rows(history)).toEqual([["Complete", BigInt(rows), BigInt(rows / 2), BigInt(rows - left)]]);
});

test("VACUUM beside a transaction that may see the rows leaves them, without an error", async () => {
  await using test = await openMemoryDatabase();
  await fillHalfDeleted(test);
  const reader = await test.database.connect({ name: "admin", superuser: true });
  await reader.execute("BEGIN");
  await reader.execute("SELECT count(*) FROM t");
  await test.run("VACUUM t");
  expect(await tableRows(test)).toBe(rows);
  await reader.execute("COMMIT");
  await test.run("VACUUM t");
  expect(await tableRows(test)).toBeLessThan(rows * 0.6);
  await reader.close();
});

test("one VACUUM runs at a time", async () => {
  await using test = await openMemoryDatabase();
  await test.run("CREATE TABLE t AS SELECT 1 AS a", "DELETE FROM t");
  const other = await test.database.connect({ name: "admin", superuser: true });
  const [first, second] = await Promise.allSettled([test.session.execute("VACUUM"), other.execute("VACUUM")]);
  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({
    reason: { message: "ERROR: VACUUM is running\n  Hint: re-execute after other vacuum finished" },
  });
  await other.execute("VACUUM");
  await other.close();
});

test("a VACUUM whose process was killed has failed", async () => {
  const directory = await mkdtemp(join(tmpdir(), "millrace-vacuum-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const before = await openTestDatabase(memoryStreams(), directory);
  await before.run("CREATE TABLE t AS SELECT 1 AS a", "DELETE FROM t", "VACUUM t");
  await before.database.close();
  const duck = await DuckDBInstance.create(join(directory, "dev.duckdb"));
  const connection = await duck.connect();
  await connection.run(`UPDATE main.vacuum_history SET run = replace(run, '"Complete"', '"Initialize"')`);
  connection.closeSync();
  duck.closeSync();
  const after = await openTestDatabase(memoryStreams(), directory);
  expect(await after.rows("SELECT status FROM sys_vacuum_history")).toEqual([["Failed"]]);
  await after.database.close();
});

test("what VACUUM did is known after a restart", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t AS SELECT 1 AS a", "DELETE FROM t", "VACUUM t");
  await using again = await test.reopen();
  expect(await again.rows("SELECT table_name, vacuum_type FROM sys_vacuum_history")).toEqual([["t", "Full"]]);
});
