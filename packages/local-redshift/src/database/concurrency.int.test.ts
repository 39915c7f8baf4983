import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/open-test-database.ts";
import type { DatabaseSession, StatementResult } from "./database.ts";

/** Starts a statement that has to wait for a lock, and resolves when it does: the promise is of what it ends with. */
async function startWaiting(
  test: TestDatabase,
  session: DatabaseSession,
  sql: string,
): Promise<{ readonly ended: Promise<StatementResult["rows"] | string> }> {
  const ended = session.execute(sql).then(
    ({ rows }) => rows,
    (error: Error) => error.message,
  );
  const observer = await test.database.connect({ name: "admin", superuser: true });
  const waiting = `SELECT COUNT(*) FROM svv_transactions WHERE granted = false AND pid = ${session.pid}`;
  await vi.waitFor(async () => expect((await observer.execute(waiting)).rows).toEqual([[1n]]));
  await observer.close();
  return { ended };
}

const connect = (test: TestDatabase) => test.database.connect({ name: "admin", superuser: true });

async function run(session: DatabaseSession, ...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.execute(statement);
}

test("a reader that waited for a transaction that drops its view finds no relation with that OID", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)", "CREATE VIEW v AS SELECT a FROM t", "BEGIN", "DROP VIEW v");
  const reader = await connect(test);
  const { ended } = await startWaiting(test, reader, "SELECT * FROM v");
  await test.run("CREATE VIEW v AS SELECT a AS b FROM t", "COMMIT");
  expect(await ended).toMatch(/^ERROR: could not open relation with OID \d+$/);
  expect((await reader.execute("SELECT b FROM v")).rows).toEqual([]);
});

test("a reader that waited for a swap of names finds no relation of that name", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE VIEW v AS SELECT 1 AS a", "BEGIN", "CREATE VIEW v__tmp AS SELECT 2 AS a, 3 AS b");
  await test.run("ALTER TABLE v RENAME TO v__backup", "ALTER TABLE v__tmp RENAME TO v");
  const reader = await connect(test);
  const { ended } = await startWaiting(test, reader, "SELECT * FROM v");
  await test.run("COMMIT", "DROP VIEW v__backup");
  expect(await ended).toBe('ERROR: relation "v" does not exist');
  expect((await reader.execute("SELECT * FROM v")).rows).toEqual([[2, 3]]);
});

test("a reader that meets CREATE OR REPLACE VIEW reads the new one", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE VIEW v AS SELECT 1 AS a", "BEGIN", "CREATE OR REPLACE VIEW v AS SELECT 2 AS a");
  const { ended } = await startWaiting(test, await connect(test), "SELECT a FROM v");
  await test.run("COMMIT");
  expect(await ended).toEqual([[2]]);
});

test("a reader of a table whose DROP is rolled back reads it", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)", "BEGIN", "DROP TABLE t");
  const { ended } = await startWaiting(test, await connect(test), "SELECT a FROM t");
  await test.run("ROLLBACK");
  expect(await ended).toEqual([[1]]);
});

test("readers in a tight loop around swaps see the old view, the new one or an error of Redshift's", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE VIEW v AS SELECT 0 AS n");
  const reader = await connect(test);
  const seen = new Set<string>();
  let swapping = true;
  const reading = (async () => {
    while (swapping) {
      const outcome = reader.execute("SELECT n FROM v").then(
        () => "a row",
        (error: Error) => error.message.replace(/\d+/, "n"),
      );
      seen.add(await outcome);
      // A statement that fails at once takes no turn of the event loop, which the other session needs.
      await setImmediate();
    }
  })();
  for (let n = 1; n <= 20; n += 1) {
    await test.run("BEGIN", `CREATE VIEW v__tmp AS SELECT ${n} AS n`, "ALTER TABLE v RENAME TO v__backup");
    await test.run("ALTER TABLE v__tmp RENAME TO v", "COMMIT", "DROP VIEW v__backup");
  }
  swapping = false;
  await reading;
  const documented = ["a row", 'ERROR: relation "v" does not exist', "ERROR: could not open relation with OID n"];
  expect([...seen].filter((outcome) => !documented.includes(outcome))).toEqual([]);
  expect(await test.rows("SELECT n FROM v")).toEqual([[20]]);
});

test("two inserts of a missing row at once both insert it", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)");
  const other = await connect(test);
  const insert = "INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t WHERE a = 1)";
  await test.run("BEGIN", insert);
  const { ended } = await startWaiting(test, other, insert);
  await test.run("COMMIT");
  expect(await ended).toEqual([]);
  expect(await test.rows("SELECT COUNT(*) FROM t")).toEqual([[2n]]);
});

test("a LOCK taken first lets only one of them insert it", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)", "CREATE TABLE mutex (a int)");
  const other = await connect(test);
  const insert = "INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t WHERE a = 1)";
  await test.run("BEGIN", "LOCK mutex", insert);
  await other.execute("BEGIN");
  const { ended } = await startWaiting(test, other, "LOCK mutex");
  await test.run("COMMIT");
  await ended;
  await run(other, insert, "COMMIT");
  expect(await test.rows("SELECT COUNT(*) FROM t")).toEqual([[1n]]);
});

test("a DELETE that waited for another works on what that one left", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)", "BEGIN", "DELETE FROM t WHERE a = 1");
  const { ended } = await startWaiting(test, await connect(test), "DELETE FROM t");
  await test.run("COMMIT");
  expect(await ended).toEqual([]);
  expect(await test.rows("SELECT COUNT(*) FROM t")).toEqual([[0n]]);
});

test("updates of different rows from one snapshot both succeed, as write skew", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE numbers (digits int)", "INSERT INTO numbers VALUES (0), (1)");
  const other = await connect(test);
  await test.run("BEGIN", "SELECT * FROM numbers");
  await run(other, "BEGIN", "SELECT * FROM numbers");
  await test.run("UPDATE numbers SET digits = 0 WHERE digits = 1", "COMMIT");
  await run(other, "UPDATE numbers SET digits = 1 WHERE digits = 0", "COMMIT");
  expect(await test.rows("SELECT digits FROM numbers ORDER BY 1")).toEqual([[0], [1]]);
});

test("an update of a row that changed after the snapshot fails", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
  const other = await connect(test);
  await run(other, "BEGIN", "SELECT * FROM t");
  await test.run("UPDATE t SET a = 2");
  await expect(other.execute("UPDATE t SET a = 3")).rejects.toThrow("1023 DETAIL: Serializable isolation violation");
  await other.execute("ROLLBACK");
  expect(await test.rows("SELECT a FROM t")).toEqual([[2]]);
});

test("a table that was dropped after the snapshot is not there", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)", "CREATE TABLE u (a int)");
  const other = await connect(test);
  await run(other, "BEGIN", "SELECT * FROM u");
  await test.run("DROP TABLE t");
  await expect(other.execute("SELECT * FROM t")).rejects.toThrow('ERROR: relation "t" does not exist');
});

test("of two transactions that wait for each other one is told of the deadlock, and the other goes on", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE a (x int)", "CREATE TABLE b (x int)", "BEGIN", "INSERT INTO a VALUES (1)");
  const other = await connect(test);
  await run(other, "BEGIN", "INSERT INTO b VALUES (1)");
  const { ended } = await startWaiting(test, other, "UPDATE a SET x = 2");
  expect(await test.error("UPDATE b SET x = 2")).toBe("ERROR: deadlock detected");
  await test.run("ROLLBACK");
  expect(await ended).toEqual([]);
  await other.execute("COMMIT");
});

test("grants on one table at once conflict", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)", "CREATE TABLE u (a int)", "CREATE USER ann PASSWORD DISABLE");
  const other = await connect(test);
  await run(other, "BEGIN", "SELECT * FROM u");
  await test.run("GRANT SELECT ON t TO ann");
  await expect(other.execute("GRANT INSERT ON t TO ann")).rejects.toThrow(
    "could not complete because of conflict with concurrent transaction",
  );
});
