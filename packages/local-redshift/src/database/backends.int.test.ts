import { expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/open-test-database.ts";
import type { DatabaseSession } from "./database.ts";

const admin = { name: "admin", superuser: true };

/** A session whose UPDATE waits for a table that the test's own session has locked. */
async function waiting(test: TestDatabase): Promise<{ other: DatabaseSession; update: Promise<unknown> }> {
  await test.run("CREATE TABLE t (i INT)", "INSERT INTO t VALUES (1)");
  const other = await test.database.connect(admin);
  await other.execute("BEGIN");
  await other.execute("CREATE TABLE made (i INT)");
  await test.run("BEGIN", "LOCK t");
  const update = other.execute("UPDATE t SET i = 2");
  update.catch(() => undefined);
  const waits = `SELECT 1 FROM sys_query_history WHERE session_id = ${other.pid} AND status = 'running'`;
  await expect.poll(() => test.rows(waits)).toHaveLength(1);
  return { other, update };
}

it.each([(pid: number) => `SELECT pg_cancel_backend(${pid})`, (pid: number) => `CANCEL ${pid} 'enough'`])(
  "cancelling ends the statement and leaves the session",
  async (statement) => {
    await using test = await openTestDatabase();
    const { other, update } = await waiting(test);
    await test.run(statement(other.pid));
    await expect(update).rejects.toThrow(`Query (${other.pid}) cancelled on user's request`);
    await other.execute("ROLLBACK");
    await test.run("ROLLBACK");
    expect((await other.execute("SELECT i FROM t")).rows).toEqual([[1]]);
  },
);

it("terminating ends statement, transaction and session, and gives its locks back", async () => {
  await using test = await openTestDatabase();
  const { other, update } = await waiting(test);
  expect(await test.rows(`SELECT pg_terminate_backend(${other.pid})`)).toEqual([[1]]);
  await expect(update).rejects.toThrow("terminating connection due to administrator command");
  await expect(other.execute("SELECT 1")).rejects.toThrow("the session is closed");
  await test.run("COMMIT", "CREATE TABLE made (i INT)");
  const locks = `SELECT 1 FROM svv_transactions WHERE pid = ${other.pid}`;
  expect(await test.rows(locks)).toEqual([]);
  expect(await test.rows(`SELECT pg_terminate_backend(${other.pid})`)).toEqual([[0]]);
});

it("terminating an idle session that holds a lock lets the others go on", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (i INT)");
  const idle = await test.database.connect(admin);
  for (const sql of ["BEGIN", "LOCK t", "INSERT INTO t VALUES (1)"]) await idle.execute(sql);
  const count = test.rows("SELECT COUNT(*) FROM t");
  const other = await test.database.connect(admin);
  await other.execute(
    `SELECT pg_terminate_backend(pid) FROM svv_transactions WHERE lock_mode = 'AccessExclusiveLock' AND granted`,
  );
  expect(await count).toEqual([[0n]]);
});

it("users signal their own sessions; statements of others only with the privilege, their sessions only as superusers", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE USER ann PASSWORD 'Abcdefg1'", "CREATE USER ben PASSWORD 'Abcdefg1'", "CREATE ROLE stopper");
  await test.run("GRANT CANCEL TO ROLE stopper", "GRANT ROLE stopper TO ben");
  const [ann, annToo, ben] = await Promise.all(
    ["ann", "ann", "ben"].map((name) => test.database.connect({ name, superuser: false })),
  );
  const refused = "must be superuser to signal other server processes";
  await expect(ann!.execute(`SELECT pg_cancel_backend(${ben!.pid})`)).rejects.toThrow(refused);
  await expect(ben!.execute(`SELECT pg_terminate_backend(${ann!.pid})`)).rejects.toThrow(refused);
  expect((await ben!.execute(`SELECT pg_cancel_backend(${ann!.pid})`)).rows).toEqual([[1]]);
  expect((await ann!.execute(`SELECT pg_terminate_backend(${annToo!.pid})`)).rows).toEqual([[1]]);
  expect([ann!.isClosed, annToo!.isClosed, ben!.isClosed]).toEqual([false, true, false]);
});

it("a session may end itself", async () => {
  await using test = await openTestDatabase();
  const other = await test.database.connect(admin);
  await expect(other.execute("SELECT pg_terminate_backend(pg_backend_pid())")).rejects.toThrow(
    "terminating connection due to administrator command",
  );
  const ended = `SELECT end_time IS NOT NULL FROM sys_session_history WHERE session_id = ${other.pid}`;
  await expect.poll(() => test.rows(ended)).toEqual([[true]]);
});
