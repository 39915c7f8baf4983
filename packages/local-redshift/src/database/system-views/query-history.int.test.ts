import { expect, it } from "vitest";
import { openTestDatabase } from "../../../testing/open-test-database.ts";

const statuses =
  "SELECT trim(status), trim(query_text) FROM sys_query_history WHERE query_text LIKE 'UPDATE%' ORDER BY query_id";

it("shows a statement that waits for a lock as running, and how long it waited", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (i INT)", "BEGIN", "LOCK t");
  const other = await test.database.connect({ name: "admin", superuser: true });
  const update = other.execute("UPDATE t SET i = 1");
  const next = other.execute("UPDATE t SET i = 2");
  await expect
    .poll(() => test.rows(statuses))
    .toEqual([
      ["running", "UPDATE t SET i = 1"],
      ["queued", "UPDATE t SET i = 2"],
    ]);
  const locks = "SELECT txn_owner, lock_mode, granted FROM svv_transactions WHERE relation > 0 ORDER BY pid";
  expect(await test.rows(locks)).toEqual([
    ["admin", "AccessExclusiveLock", true],
    ["admin", "ShareRowExclusiveLock", false],
  ]);
  await test.run("COMMIT");
  await Promise.all([update, next]);
  const waits = await test.rows(
    "SELECT lock_wait_time > 0, elapsed_time >= lock_wait_time, end_time >= start_time FROM sys_query_history WHERE query_text LIKE 'UPDATE t SET i = 1%'",
  );
  expect(waits).toEqual([[true, true, true]]);
});

it("shows a cancelled statement as canceled, with its error", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (i INT)", "BEGIN", "LOCK t");
  const other = await test.database.connect({ name: "admin", superuser: true });
  const stop = new AbortController();
  const update = other.execute("UPDATE t SET i = 1", [], stop.signal);
  await expect.poll(() => test.rows(statuses)).toHaveLength(1);
  stop.abort();
  await expect(update).rejects.toThrow("cancelled on user's request");
  expect(
    await test.rows("SELECT trim(status), trim(error_message) FROM sys_query_history WHERE query_text LIKE 'UPDATE%'"),
  ).toEqual([["canceled", expect.stringContaining("cancelled on user's request")]]);
});

it("remembers the newest ten thousand statements", async () => {
  await using test = await openTestDatabase();
  for (let count = 0; count < 10_001; count += 1) await test.session.execute("SHOW query_group");
  const [[count, first]] = (await test.rows("SELECT COUNT(*), MIN(query_id) FROM sys_query_history")) as [
    [bigint, bigint],
  ];
  expect([count, first]).toEqual([10_000n, 3n]);
});
