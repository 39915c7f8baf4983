import { expect, test } from "vitest";
import { openTestDatabase, roleArn } from "../../../testing/open-test-database.ts";

test("a view with AUTO REFRESH follows its table", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "CREATE TABLE t (n INT)",
    "CREATE MATERIALIZED VIEW m AUTO REFRESH YES AS SELECT SUM(n) AS total FROM t",
    "INSERT INTO t VALUES (1), (2)",
  );
  await expect.poll(() => test.rows("SELECT total FROM m")).toEqual([[3n]]);
  await test.run("UPDATE t SET n = n * 10");
  await expect.poll(() => test.rows("SELECT total FROM m")).toEqual([[30n]]);
  expect(await test.rows("SELECT DISTINCT refresh_type FROM sys_mv_refresh_history")).toEqual([["Auto"]]);
});

test("a view is still behind after a restart", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (n INT)", "CREATE MATERIALIZED VIEW m AS SELECT n FROM t", "INSERT INTO t VALUES (1)");
  await using again = await test.reopen();
  expect(await again.rows("SELECT is_stale FROM svv_mv_info")).toEqual([["t"]]);
  await again.run("REFRESH MATERIALIZED VIEW m");
  expect(await again.rows("SELECT n FROM m")).toEqual([[1]]);
  await using last = await again.reopen();
  expect(await last.rows("SELECT is_stale FROM svv_mv_info")).toEqual([["f"]]);
});

test("a change that commits while a view is made leaves it stale", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (n INT)");
  const other = await test.database.connect({ name: "admin", superuser: true });
  await other.execute("BEGIN");
  await other.execute("INSERT INTO t VALUES (1)");
  await test.run("CREATE MATERIALIZED VIEW m AS SELECT n FROM t");
  await other.execute("COMMIT");
  expect(await test.rows("SELECT is_stale FROM svv_mv_info")).toEqual([["t"]]);
  await test.run("REFRESH MATERIALIZED VIEW m");
  expect(await test.rows("SELECT n FROM m")).toEqual([[1]]);
});

test("CASCADE goes down to the stream", async () => {
  await using test = await openTestDatabase();
  const events = test.streams.stream("events");
  await test.run(
    `CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`,
    "CREATE MATERIALIZED VIEW arrived AS SELECT JSON_PARSE(kinesis_data) AS payload FROM kds.events",
    "CREATE MATERIALIZED VIEW summed AS SELECT COUNT(*) AS n FROM arrived",
  );
  events.put({ n: 1 });
  events.put({ n: 2 });
  await test.run("REFRESH MATERIALIZED VIEW summed");
  expect(await test.rows("SELECT n FROM summed")).toEqual([[0n]]);
  await test.run("REFRESH MATERIALIZED VIEW summed CASCADE");
  expect(await test.rows("SELECT n FROM summed")).toEqual([[2n]]);
  events.put({ n: 3 });
  await test.run("REFRESH MATERIALIZED VIEW arrived");
  expect(await test.rows("SELECT is_stale FROM svv_mv_info WHERE name = 'summed'")).toEqual([["t"]]);
});

test("a stream's rows are moved to a table by ALTER TABLE APPEND, each once", async () => {
  await using test = await openTestDatabase();
  const events = test.streams.stream("events");
  await test.run(
    `CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`,
    "CREATE MATERIALIZED VIEW arrived AS SELECT partition_key, JSON_PARSE(kinesis_data) AS payload FROM kds.events",
    "CREATE TABLE landed (partition_key VARCHAR(256), payload SUPER)",
  );
  events.put({ n: 1 });
  await test.run("REFRESH MATERIALIZED VIEW arrived", "ALTER TABLE landed APPEND FROM arrived");
  events.put({ n: 2 });
  await test.run("REFRESH MATERIALIZED VIEW arrived", "ALTER TABLE landed APPEND FROM arrived");
  expect(await test.rows("SELECT payload FROM landed ORDER BY payload.n::int")).toEqual([['{"n":1}'], ['{"n":2}']]);
  expect(await test.rows("SELECT COUNT(*) FROM arrived")).toEqual([[0n]]);
});
