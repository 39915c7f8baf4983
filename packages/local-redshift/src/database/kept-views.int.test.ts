import { expect, test } from "vitest";
import { openTestDatabase, roleArn, type TestDatabase } from "../../testing/open-test-database.ts";

const stream = "events";

async function withView(view: string): Promise<TestDatabase> {
  const test = await openTestDatabase();
  test.streams.stream(stream);
  await test.run(
    `CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`,
    "CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT JSON_PARSE(kinesis_data) AS payload FROM kds.events WHERE CAN_JSON_PARSE(kinesis_data)",
    "CREATE VIEW items AS SELECT payload AS item FROM mv WHERE IS_OBJECT(payload) UNION ALL SELECT e AS item FROM mv m, m.payload e",
    view,
  );
  return test;
}

const typed =
  "CREATE VIEW typed AS SELECT item.n::int AS n, item.s::varchar(10) AS s FROM items WHERE IS_INTEGER(item.n)";

/** Rows of the kept view, and whether DuckDB read them from kept rows. */
const numbers = async (test: TestDatabase) => (await test.rows("SELECT n FROM typed ORDER BY n")).map(([n]) => n);

test("a view over the stream has the rows that its query gives, as they arrive", async () => {
  await using test = await withView(typed);
  const events = test.streams.stream(stream);
  events.put({ n: 1, s: "one" });
  await expect.poll(() => numbers(test)).toEqual([1]);
  events.put([{ n: 2 }, { n: "x" }, { n: 3, s: "three" }]);
  await expect.poll(() => numbers(test)).toEqual([1, 2, 3]);
  expect(
    await test.rows("SELECT item.n::int, item.s::varchar(10) FROM items WHERE IS_INTEGER(item.n) ORDER BY 1"),
  ).toEqual(await test.rows("SELECT n, s FROM typed ORDER BY 1"));
});

test("a view made later has the rows from before", async () => {
  await using test = await withView("SELECT 1");
  test.streams.stream(stream).put({ n: 1 });
  await expect.poll(() => test.rows("SELECT COUNT(*) FROM mv")).toEqual([[1n]]);
  await test.run(typed);
  expect(await numbers(test)).toEqual([1]);
  test.streams.stream(stream).put({ n: 2 });
  await expect.poll(() => numbers(test)).toEqual([1, 2]);
});

test("a replaced view has the rows of its new query", async () => {
  await using test = await withView(typed);
  const events = test.streams.stream(stream);
  events.put({ n: 1 });
  events.put({ n: 10 });
  await expect.poll(() => numbers(test)).toEqual([1, 10]);
  await test.run(typed.replace("CREATE", "CREATE OR REPLACE") + " AND item.n::int > 5");
  expect(await numbers(test)).toEqual([10]);
  events.put({ n: 2 });
  events.put({ n: 20 });
  await expect.poll(() => numbers(test)).toEqual([10, 20]);
});

test("a view has other rows at once when one below it is replaced, though the stream's view is not refreshed any more", async () => {
  await using test = await withView(typed);
  test.streams.stream(stream).put({ n: 1 });
  await expect.poll(() => numbers(test)).toEqual([1]);
  await test.run(
    "ALTER MATERIALIZED VIEW mv AUTO REFRESH NO",
    "CREATE TABLE other AS SELECT JSON_PARSE('{\"n\": 7}') AS item",
    "CREATE OR REPLACE VIEW items AS SELECT item FROM other",
  );
  expect(await numbers(test)).toEqual([7]);
  await test.run("CREATE OR REPLACE VIEW items AS SELECT payload AS item FROM mv");
  expect(await numbers(test)).toEqual([1]);
});

test("after a start a view has the rows that were kept and those that came since, also where nothing refreshes the stream's view", async () => {
  const test = await withView(typed);
  test.streams.stream(stream).put({ n: 1 });
  await expect.poll(() => numbers(test)).toEqual([1]);
  await test.run("ALTER MATERIALIZED VIEW mv AUTO REFRESH NO");
  test.streams.stream(stream).put({ n: 2 });
  await using again = await test.reopen();
  expect(await numbers(again)).toEqual([1]);
  await again.run("REFRESH MATERIALIZED VIEW mv");
  expect(await numbers(again)).toEqual([1, 2]);
});

test("rows that are deleted from the stream's view are gone from views on it", async () => {
  await using test = await withView(typed);
  const events = test.streams.stream(stream);
  events.put({ n: 1 });
  events.put({ n: 2 });
  await expect.poll(() => numbers(test)).toEqual([1, 2]);
  await test.run("BEGIN", "DELETE FROM mv WHERE payload.n::int = 1");
  expect(await numbers(test)).toEqual([2]);
  await test.run("ROLLBACK");
  expect(await numbers(test)).toEqual([1, 2]);
  await test.run("DELETE FROM mv WHERE payload.n::int = 1");
  expect(await numbers(test)).toEqual([2]);
  events.put({ n: 3 });
  await expect.poll(() => numbers(test)).toEqual([2, 3]);
  await using again = await test.reopen();
  expect(await numbers(again)).toEqual([2, 3]);
});

test("a view whose query fails for a row fails its readers and not the stream", async () => {
  await using test = await withView(
    "CREATE VIEW typed AS SELECT item.s::varchar(10)::int AS n FROM items WHERE item.s IS NOT NULL",
  );
  const events = test.streams.stream(stream);
  events.put({ s: "1" });
  await expect.poll(() => numbers(test)).toEqual([1]);
  events.put({ s: "one" });
  await expect.poll(() => test.rows("SELECT COUNT(*) FROM mv")).toEqual([[2n]]);
  expect(await test.error("SELECT n FROM typed")).toBe('ERROR: invalid input syntax for integer: "one"');
  events.put({ n: 3 });
  await expect.poll(() => test.rows("SELECT COUNT(*) FROM mv")).toEqual([[3n]]);
});

test("a view with an aggregate or a limit is what it says at every moment", async () => {
  await using test = await withView("CREATE VIEW typed AS SELECT COUNT(*) AS n FROM items");
  const events = test.streams.stream(stream);
  for (let index = 0; index < 3; index += 1) {
    events.put({ index });
    await expect.poll(() => numbers(test)).toEqual([BigInt(index + 1)]);
  }
});

/** Values of every kind where a path leads, and what is no object at all. */
const oddValues: readonly unknown[] = [
  ...[null, true, "a", " A ", "", "12", "é\u0000\u{1f600}", 1, -0, 1.5, 1e300, 2 ** 64, {}, { a: 1 }, [], [1]],
  ...["2020-02-29T00:00:00Z", { n: { n: 1 } }, [[1]], 2 ** 53],
];
const oddQuery = `SELECT item.n AS whole, item.n::int AS i, item.n::varchar(5) AS v, item.n::float AS f, item.n::boolean AS b,
  JSON_TYPEOF(item.n) AS t, IS_BIGINT(item.n) AS g, item."n".n::varchar AS deep, item.n[0]::varchar AS first, x.twice FROM
  (SELECT item, item.n::varchar AS twice FROM items) AS x WHERE COALESCE(JSON_TYPEOF(item), '') <> 'string'`;

test("what several views ask of SUPER values, read once for all of them, is what each query reads for itself", async () => {
  await using test = await withView(`CREATE VIEW typed AS ${oddQuery}`);
  await test.run(
    `CREATE VIEW others AS SELECT item.n::varchar(2) AS v FROM items WHERE JSON_TYPEOF(item.n) = 'number' OR item.s = 'x'`,
    `CREATE VIEW plain AS ${oddQuery.replace("FROM items", "FROM public.items")} WITH NO SCHEMA BINDING`,
  );
  const events = test.streams.stream(stream);
  for (const n of oddValues) events.put({ n, s: "x" });
  events.put([...oddValues, ...oddValues.map((n) => ({ n }))]);
  const sorted = async (view: string) => (await test.rows(`SELECT * FROM ${view}`)).map((row) => row.join("|")).sort();
  await expect.poll(() => test.rows("SELECT COUNT(*) FROM mv")).toEqual([[BigInt(oddValues.length + 1)]]);
  const kept = await sorted("typed");
  expect(kept).toEqual(await sorted("plain"));
  expect(kept.length).toBeGreaterThan(oddValues.length * 2);
  expect(await test.rows("SELECT COUNT(*) FROM others")).toEqual(
    await test.rows("SELECT COUNT(*) FROM items WHERE JSON_TYPEOF(item.n) = 'number' OR item.s = 'x'"),
  );
});

test("elements are found beside columns that are called as DuckDB's text calls them", async () => {
  await using test = await openTestDatabase();
  await test.run("CREATE TABLE t (h0 INT, payload SUPER)", "INSERT INTO t SELECT 7, JSON_PARSE('[1,2,[3]]')");
  expect(await test.rows("SELECT t.h0, i, e FROM t, t.payload AS e AT i ORDER BY i")).toEqual([
    [7, 0n, "1"],
    [7, 1n, "2"],
    [7, 2n, "[3]"],
  ]);
  expect(await test.rows("SELECT t.*, x FROM t, t.payload AS e, e AS x")).toEqual([[7, "[1,2,[3]]", "3"]]);
});

test("who may see only some rows of the stream's view sees no others in views on it", async () => {
  await using test = await withView(typed);
  const events = test.streams.stream(stream);
  events.put({ n: 1 });
  events.put({ n: 2 });
  await expect.poll(() => numbers(test)).toEqual([1, 2]);
  await test.run(
    "CREATE USER reader PASSWORD DISABLE",
    "GRANT SELECT ON typed TO reader",
    "CREATE RLS POLICY second WITH (payload SUPER) AS m USING (m.payload.n = 2)",
    "ATTACH RLS POLICY second ON mv TO reader",
  );
  const reader = await test.database.connect({ name: "reader", superuser: false });
  const seen = async () => (await reader.execute("SELECT n FROM typed ORDER BY n")).rows;
  expect(await seen()).toEqual([[1], [2]]);
  await test.run("ALTER MATERIALIZED VIEW mv ROW LEVEL SECURITY ON");
  expect(await seen()).toEqual([[2]]);
  expect(await numbers(test)).toEqual([1, 2]);
  await test.run("DETACH RLS POLICY second ON mv FROM reader");
  expect(await seen()).toEqual([]);
  events.put({ n: 3 });
  await expect.poll(() => numbers(test)).toEqual([1, 2, 3]);
});
