import { expect, test, vi } from "vitest";
import { openTestDatabase } from "../../testing/open-test-database.ts";

test("keeps bound views from losing what they read", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "CREATE TABLE t (a int, b varchar(10))",
    "CREATE VIEW v AS SELECT a, b FROM t",
    "CREATE VIEW w AS SELECT a FROM v",
  );
  expect(await test.error("DROP TABLE t")).toBe("ERROR: cannot drop table t because other objects depend on it");
  expect(await test.error("DROP VIEW v RESTRICT")).toBe("ERROR: cannot drop view v because other objects depend on it");
  await test.run("DROP TABLE t CASCADE");
  expect(await test.error("SELECT * FROM w")).toBe('ERROR: relation "w" does not exist');
});

test("late-binding views look names up when they are used", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "CREATE TABLE public.t (a int)",
    "CREATE VIEW v AS SELECT * FROM public.t WITH NO SCHEMA BINDING",
    "DROP TABLE t",
  );
  expect(await test.error("SELECT * FROM v")).toBe('ERROR: relation "public.t" does not exist');
  await test.run("CREATE TABLE public.t (b int, c int)", "INSERT INTO t VALUES (1, 2)");
  expect(await test.rows("SELECT * FROM v")).toEqual([[1, 2]]);
  expect(await test.error("CREATE VIEW x AS SELECT * FROM t WITH NO SCHEMA BINDING")).toContain("should be qualified");
});

test("bound views follow a table that is renamed", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "CREATE TABLE t (a int)",
    "INSERT INTO t VALUES (1)",
    "CREATE VIEW v AS SELECT a FROM t",
    "ALTER TABLE t RENAME TO u",
  );
  await test.run("CREATE TABLE t (a int)", "INSERT INTO t VALUES (2)");
  expect(await test.rows("SELECT a FROM v")).toEqual([[1]]);
});

test("replaces a view by one with the same columns only", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "CREATE TABLE t (a int, b varchar(10))",
    "CREATE VIEW v AS SELECT a, b FROM t",
    "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t WHERE a > 1",
  );
  expect(await test.error("CREATE VIEW v AS SELECT 1")).toBe('ERROR: relation "v" already exists');
  expect(await test.error("CREATE OR REPLACE VIEW v AS SELECT a FROM t")).toBe(
    "ERROR: cannot change number of columns in view",
  );
  expect(await test.error("CREATE OR REPLACE VIEW v AS SELECT a AS c, b FROM t")).toBe(
    'ERROR: cannot change name of view column "a"',
  );
  expect(await test.error("CREATE OR REPLACE VIEW v AS SELECT a::bigint AS a, b FROM t")).toBe(
    'ERROR: cannot change data type of view column "a"',
  );
});

test("rolls the catalogue back with its transaction", async () => {
  await using test = await openTestDatabase();
  await test.run("BEGIN", "CREATE SCHEMA s", "CREATE TABLE s.t (a int)", "INSERT INTO s.t VALUES (1)");
  expect(await test.rows("SELECT * FROM s.t")).toEqual([[1]]);
  await test.run("ROLLBACK");
  expect(await test.error("SELECT * FROM s.t")).toBe('ERROR: schema "s" does not exist');
  await test.run("BEGIN", "CREATE TABLE t (a int)", "COMMIT");
  await using again = await test.reopen();
  expect(await again.rows("SELECT * FROM t")).toEqual([]);
});

test("gives a new object no number that another has, after a restart", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "GRANT ASSUMEROLE ON 'arn:aws:iam::123456789012:role/a' TO PUBLIC FOR COPY",
    "CREATE FUNCTION f() RETURNS INT IMMUTABLE AS $$ SELECT 1 $$ LANGUAGE sql",
  );
  await using again = await test.reopen();
  await again.run("CREATE TABLE t (a INT)", "CREATE TABLE u (a INT)");
  expect(await again.rows("SELECT f()")).toEqual([[1]]);
  expect(await again.rows("SELECT iam_arn FROM svv_iam_privileges")).toEqual([["arn:aws:iam::123456789012:role/a"]]);
});

test("ignores statements after an error until the transaction ends", async () => {
  await using test = await openTestDatabase();
  await test.run("BEGIN", "CREATE TABLE t (a int)");
  expect(await test.error("SELECT 1 / 0")).toBe("ERROR: division by zero");
  expect(await test.error("SELECT 1")).toBe(
    "ERROR: current transaction is aborted, commands ignored until end of transaction block",
  );
  expect((await test.session.execute("COMMIT")).kind).toBe("ROLLBACK");
  expect(await test.error("SELECT * FROM t")).toBe('ERROR: relation "t" does not exist');
});

test("LOCK lets one session through at a time, in turn, with the rows that the one before left", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE mutex (a int)", "CREATE TABLE t (a int)");
  const order: string[] = [];
  const other = await test.database.connect({ name: "admin", superuser: true });
  await test.run("BEGIN", "LOCK TABLE mutex", "INSERT INTO t VALUES (1)");
  const waiting = (async () => {
    await other.execute("BEGIN");
    await other.execute("LOCK mutex");
    order.push("locked");
    return (await other.execute("SELECT COUNT(*) FROM t")).rows;
  })();
  await vi.waitFor(() => expect(other.pid).toBeGreaterThan(0));
  order.push("committing");
  await test.run("COMMIT");
  expect(await waiting).toEqual([[1n]]);
  expect(order).toEqual(["committing", "locked"]);
  await other.close();
});

test("LOCK keeps readers of that table out, and needs a transaction", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)");
  expect(await test.error("LOCK t")).toContain("may only be used in transaction blocks");
  const other = await test.database.connect({ name: "admin", superuser: true });
  await test.run("BEGIN", "LOCK t");
  const stop = new AbortController();
  const reading = other.execute("SELECT * FROM t", [], stop.signal);
  stop.abort();
  await expect(reading).rejects.toThrow(/cancelled on user's request/);
  await test.run("COMMIT");
  expect((await other.execute("SELECT * FROM t")).rows).toEqual([]);
});

test("ends two sessions that wait for each other", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE a (x int)", "CREATE TABLE b (x int)", "BEGIN", "LOCK a");
  const other = await test.database.connect({ name: "admin", superuser: true });
  await other.execute("BEGIN");
  await other.execute("LOCK b");
  const first = test.session.execute("LOCK b").catch((error: Error) => error.message);
  const second = other.execute("LOCK a").catch((error: Error) => error.message);
  expect(await Promise.race([first, second])).toBe("ERROR: deadlock detected");
});

test("stops a running query when asked", async () => {
  await using test = await openTestDatabase();
  const numbers = `WITH d AS (${Array.from({ length: 30 }, (_, n) => `SELECT ${n} AS x`).join(" UNION ALL ")})`;
  const endless = `${numbers} SELECT COUNT(*) FROM d a, d b, d c, d e, d f, d g, d h WHERE a.x + b.x + c.x + e.x + f.x + g.x + h.x = -1`;
  const stop = new AbortController();
  const running = test.session.execute(endless, [], stop.signal);
  setTimeout(() => stop.abort(), 50);
  await expect(running).rejects.toThrow(`ERROR: Query (${test.session.pid}) cancelled on user's request`);
  expect(await test.rows("SELECT 1")).toEqual([[1]]);
});

test("parameters are values, bound by their context, and left alone in strings and comments", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int, b varchar(20), c timestamp)");
  const values = { a: "5", b: "it's :c", c: "2022-02-22" };
  await test.rows("INSERT INTO t VALUES (:a, :b, :c) /* :nothing */ -- :nothing", values);
  expect(
    await test.rows("SELECT a, b, c, ':a' FROM t WHERE a = :a AND c < :d::date", { a: "5", d: "2023-01-01" }),
  ).toEqual([[5, "it's :c", "2022-02-22 00:00:00.0", ":a"]]);
  expect(await test.error("SELECT :missing")).toContain("there is no parameter :missing");
});

test("only the owner and superusers change an object", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (a int)");
  const guest = await test.database.connect({ name: "guest", superuser: false });
  await expect(guest.execute("DROP TABLE t")).rejects.toThrow("ERROR: must be owner of relation t");
});

test("tells what a table is", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "CREATE TABLE t (a int NOT NULL, b varchar(10), c decimal(10,2), d super)",
    "CREATE VIEW v AS SELECT a FROM t",
  );
  expect(await test.database.listTables()).toEqual([
    { schema: "public", name: "t", type: "TABLE" },
    { schema: "public", name: "v", type: "VIEW" },
  ]);
  const columns = await test.database.describeTable("public", "t");
  expect(
    columns.map((column) => [column.name, column.typeName, column.precision, column.scale, column.nullable]),
  ).toEqual([
    ["a", "int4", 10, 0, false],
    ["b", "varchar", 10, 0, true],
    ["c", "numeric", 10, 2, true],
    ["d", "super", 2_147_483_647, 0, true],
  ]);
});

test("a database takes as many sessions of ordinary users as its connection limit, and any number of superusers", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE USER ann PASSWORD DISABLE", "CREATE USER bob PASSWORD DISABLE");
  await test.run("ALTER DATABASE dev CONNECTION LIMIT 1");
  const first = await test.database.connect({ name: "ann", superuser: false });
  await expect(test.database.connect({ name: "bob", superuser: false })).rejects.toThrow("too many connections");
  await (await test.database.connect({ name: "admin", superuser: true })).close();
  await first.close();
  await (await test.database.connect({ name: "bob", superuser: false })).close();
});
