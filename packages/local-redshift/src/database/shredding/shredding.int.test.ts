import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { memoryStreams } from "../../../testing/memory-streams.ts";
import { openTestDatabase, roleArn, type TestDatabase } from "../../../testing/open-test-database.ts";
import { style, superValue } from "../../../testing/super-arbitraries.ts";
import { toJson } from "../../../testing/super-model.ts";

const overStream = `CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT sequence_number, JSON_PARSE(kinesis_data) AS payload FROM kds.events`;

/** A database that shreds whatever is asked for twice, and how many paths it has shredded so far. */
interface ShreddingDatabase {
  readonly test: TestDatabase;
  readonly directory: string;
  readonly shredded: () => number;
  put(...documents: readonly unknown[]): Promise<void>;
}

async function openShredding(definition = overStream): Promise<ShreddingDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-shredding-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  let shredded = 0;
  const log = (line: string) => {
    const count = line.split("paths of public.mv that are shredded: ")[1];
    if (count !== undefined) shredded = Number(count);
  };
  const test = await openTestDatabase(memoryStreams(), directory, { log, shredFromBytes: 0 });
  test.streams.stream("events");
  await test.run(`CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`, definition);
  return {
    test,
    directory,
    shredded: () => shredded,
    async put(...documents) {
      for (const document of documents) test.streams.stream("events").put(document);
      await test.run("REFRESH MATERIALIZED VIEW mv");
    },
  };
}

/** Asks until the query's paths are shredded, `count` in all. */
async function shred({ test, shredded }: ShreddingDatabase, count: number, ...queries: readonly string[]) {
  await test.run(...queries, ...queries);
  await expect.poll(shredded, { timeout: 10_000 }).toBe(count);
}

const readings = (path: string) =>
  [
    `${path}::varchar(65535)`,
    `CASE WHEN NOT IS_FLOAT(${path}) THEN ${path}::float END`,
    `${path}::decimal(38,10)`,
    `${path}::boolean`,
    `JSON_TYPEOF(${path})`,
    `IS_BIGINT(${path})`,
    `JSON_SERIALIZE(${path})`,
  ].join(", ");

const whole = [
  'r.payload."alpha"',
  "r.payload.Beta",
  'r.payload."alpha"."a.b"',
  "r.payload[0]",
  'r.payload[-1]."alpha"',
];
const unnested = ['e."alpha"', 'e."q""uote"', 'e."*"', "e[1]"];
/** Three of each path and the kinds of two values. */
const paths = whole.length * 3 + unnested.length * 3 + 2;

const rowQuery = (relation: string) =>
  `SELECT r.sequence_number, JSON_TYPEOF(r.payload), ${whole.map(readings).join(", ")} FROM ${relation} AS r ORDER BY 1`;
const elementQuery = (relation: string, more = "") =>
  `SELECT r.sequence_number, i, JSON_TYPEOF(e), ${unnested.map(readings).join(", ")}${more} FROM ${relation} AS r, r.payload AS e AT i ORDER BY 1, 2`;

test("queries over shredded paths give what they give over a copy of the view", { timeout: 60_000 }, async () => {
  const numRuns = Math.ceil(Number(process.env.MILLRACE_PROPERTY_RUNS ?? 8) / 4);
  const documents = fc.array(fc.tuple(superValue, style), { minLength: 40, maxLength: 40 });
  const arrays = fc.array(fc.array(superValue, { maxLength: 5 }), { minLength: 20, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(documents, arrays, async (values, lists) => {
      const db = await openShredding();
      const { test } = db;
      await test.run("SET enable_case_sensitive_super_attribute TO TRUE");
      const texts = [
        ...values.map(([value, how]) => toJson(value, how)),
        ...lists.map((items) => toJson({ kind: "array", items }, "compact")),
      ];
      const isOlder = (_: unknown, index: number) => index % 2 === 0;
      await db.put(...texts.filter(isOlder));
      await shred(db, paths, rowQuery("mv"), elementQuery("mv"));
      await db.put(...texts.filter((_, index) => !isOlder(_, index)));
      await test.run("CREATE TABLE copy AS SELECT * FROM mv");
      const check = async (query: (relation: string) => string) => {
        const answer = (relation: string) =>
          test.session.execute(query(relation)).then(
            ({ rows }) => rows,
            (error: Error) => error.message,
          );
        expect(await answer("mv")).toEqual(await answer("copy"));
      };
      await check(rowQuery);
      await check(elementQuery);
      await check((relation) => elementQuery(relation, ", JSON_SERIALIZE(e), e.other::varchar(9)"));
      for (const setting of [
        "enable_case_sensitive_super_attribute",
        "cast_super_null_on_error",
        "navigate_super_null_on_error",
      ]) {
        await test.run(`SET ${setting} TO FALSE`);
        for (const path of whole)
          await check(
            (relation) => `SELECT ${path}::varchar, ${path}::int FROM ${relation} AS r ORDER BY r.sequence_number`,
          );
        await check(elementQuery);
        await test.run(`RESET ${setting}`);
      }
      await test[Symbol.asyncDispose]();
    }),
    { numRuns, seed: 20_261_121 },
  );
});

const events = [
  [{ n: 1, s: "a" }, { n: 2 }, 3, null, { n: null, s: "" }],
  [],
  [{ n: 4, s: "\u001eN\u001f" }],
  { n: 5, s: "x" },
  '"text"',
  ["", " ", "\u001e", "\u001eN", "\u001fS", "N\u001e\u001f", "\u0000", "é"].map((s) => ({ s })),
  [[{ n: 6 }], { items: [{ n: 7 }, { n: 8 }] }],
];

test.each([
  "SELECT COUNT(*) FROM mv AS r, r.payload AS e",
  "SELECT r.sequence_number, i FROM mv AS r, r.payload AS e AT i ORDER BY 1, 2",
  "SELECT r.sequence_number, i, e.n::int, e FROM mv AS r, r.payload AS e AT i ORDER BY 1, 2",
  "SELECT e.n::int, COUNT(*) FROM mv AS r, r.payload AS e WHERE e.s::varchar <> 'a' OR e.s IS NULL GROUP BY 1 ORDER BY 1",
  "SELECT r.sequence_number, e.s::varchar FROM mv AS r LEFT JOIN r.payload AS e ON TRUE ORDER BY 1, 2",
  "SELECT r.sequence_number FROM mv AS r WHERE EXISTS (SELECT 1 FROM r.payload AS e WHERE e.n::int > 1) ORDER BY 1",
  "SELECT i.n::int FROM mv AS r, r.payload AS e, e.items AS i ORDER BY 1",
  "SELECT a.n::int, b.n::int FROM mv AS r, r.payload AS a, r.payload AS b ORDER BY 1, 2",
  "SELECT e.n::int FROM (SELECT sequence_number, payload AS p FROM mv) AS q, q.p AS e ORDER BY 1",
  "SELECT e.n::int, v.n::int FROM elements AS v, mv AS r, r.payload AS e ORDER BY 1, 2",
  "SELECT n, COUNT(*) FROM counted GROUP BY 1 ORDER BY 1",
  "SELECT item.n::int, item.s::varchar FROM items ORDER BY 1, 2",
  "SELECT e.n FROM mv AS r, r.payload AS e GROUP BY e.n ORDER BY 1",
  "WITH w AS (SELECT e FROM mv AS r, r.payload AS e) SELECT w.e.n::int, w.e.s::varchar FROM w ORDER BY 1, 2",
  "WITH v AS (SELECT payload AS p FROM mv), w AS (SELECT e FROM v, v.p AS e) SELECT w.e.n::int, x FROM w, w.e.items AS x ORDER BY 1",
  "SELECT * FROM (SELECT payload, sequence_number FROM mv) PIVOT (COUNT(payload.n::int) FOR sequence_number IN ('none')) ORDER BY 1",
])("%s is the same with shredded paths", async (query) => {
  const db = await openShredding();
  const { test } = db;
  await test.run(
    "CREATE VIEW elements AS SELECT e.n, e FROM public.mv AS r, r.payload AS e WITH NO SCHEMA BINDING",
    "CREATE VIEW counted AS SELECT e.n::int AS n, COUNT(*) AS c FROM mv AS r, r.payload AS e GROUP BY 1",
    "CREATE VIEW items AS SELECT payload AS item FROM mv WHERE IS_OBJECT(payload) UNION ALL SELECT e AS item FROM mv m, m.payload e",
  );
  await db.put(...events);
  const before = await test.rows(query);
  await shred(
    db,
    6,
    "SELECT JSON_TYPEOF(r.payload), r.payload.n::int, r.payload.s::varchar FROM mv AS r",
    "SELECT JSON_TYPEOF(e), e.n::int, e.s::varchar FROM mv AS r, r.payload AS e",
  );
  expect(await test.rows(query)).toEqual(before);
  await test[Symbol.asyncDispose]();
});

test("hidden columns are read instead of JSON, also after a restart, and seen nowhere", async () => {
  const db = await openShredding();
  await db.put({ n: 1 });
  await shred(db, 1, "SELECT payload.n::varchar FROM mv");
  await db.put({ n: 2 });
  const { test, directory } = db;
  const columns = ["sequence_number", "payload"];
  expect((await test.session.execute("SELECT * FROM mv")).columns?.map(({ name }) => name)).toEqual(columns);
  expect(await test.rows("SELECT column_name FROM svv_columns WHERE table_name = 'mv' ORDER BY 1")).toHaveLength(2);
  await test.run(
    "CREATE TABLE moved (sequence_number varchar(128), payload super)",
    "CREATE TABLE copy AS SELECT * FROM mv",
  );
  await test.run("INSERT INTO moved SELECT * FROM mv", "DELETE FROM moved", "ALTER TABLE moved APPEND FROM mv");
  expect(await test.rows("SELECT payload.n::int FROM moved ORDER BY 1")).toEqual([[1], [2]]);
  await db.put({ n: 3 }, { n: 4 });
  await test.run("DELETE FROM mv WHERE payload.n::int = 3");
  await test.database.close();
  const duck = await DuckDBInstance.create(join(directory, "dev.duckdb"));
  const connection = await duck.connect();
  const table = await connection.runAndReadAll(
    "SELECT table_name FROM duckdb_columns() WHERE column_name = 'shredded_0'",
  );
  expect(table.getRows()).toHaveLength(1);
  await connection.run(`UPDATE ${String(table.getRows()[0]![0])} SET shredded_0 = shredded_0 || ' was read'`);
  connection.closeSync();
  duck.closeSync();
  const again = await openTestDatabase(test.streams, directory, { shredFromBytes: 0 });
  expect(await again.rows("SELECT payload.n::varchar FROM mv")).toEqual([["4 was read"]]);
  await again[Symbol.asyncDispose]();
});

test("a view that is dropped and made again begins without hidden columns", async () => {
  const db = await openShredding();
  await db.put({ n: 1 });
  await shred(db, 1, "SELECT payload.n::int FROM mv");
  await db.test.run("DROP MATERIALIZED VIEW mv", overStream, "REFRESH MATERIALIZED VIEW mv");
  expect(await db.test.rows("SELECT payload.n::int FROM mv")).toEqual([[1]]);
  await shred(db, 2, "SELECT payload.n::int, payload.s::varchar FROM mv");
  expect(await db.test.rows("SELECT payload.n::int, payload.s::varchar FROM mv")).toEqual([[1, null]]);
  await db.test[Symbol.asyncDispose]();
});

test("a transaction that has its snapshot holds shredding up, and may change the view", async () => {
  const db = await openShredding();
  const { test } = db;
  await db.put({ n: 1 }, { n: 2 });
  await test.run("CREATE TABLE t (a int)");
  const other = await test.database.connect({ name: "admin", superuser: true });
  await other.execute("BEGIN");
  await other.execute("SELECT COUNT(*) FROM t");
  const query = "SELECT payload.n::int FROM mv ORDER BY 1";
  await test.run(query, query, query);
  await db.put({ n: 3 });
  expect((await other.execute(query)).rows).toEqual([[1], [2]]);
  await other.execute("DELETE FROM mv WHERE payload.n::int = 1");
  expect((await other.execute(query)).rows).toEqual([[2]]);
  expect(db.shredded()).toBe(0);
  await other.execute("COMMIT");
  await expect.poll(db.shredded).toBe(1);
  expect(await test.rows(query)).toEqual([[2], [3]]);
  await test[Symbol.asyncDispose]();
});

test("a transaction without a snapshot sees paths that were shredded meanwhile, and another's changes are its own", async () => {
  const db = await openShredding();
  const { test } = db;
  await db.put({ n: 1 }, { n: 2 });
  const other = await test.database.connect({ name: "admin", superuser: true });
  await other.execute("BEGIN");
  const query = "SELECT payload.n::int FROM mv ORDER BY 1";
  await shred(db, 1, query);
  expect((await other.execute(query)).rows).toEqual([[1], [2]]);
  await other.execute("DELETE FROM mv WHERE payload.n::int = 1");
  await test.run(query.replace(".n", ".s"), query.replace(".n", ".s"));
  expect(await test.rows(query)).toEqual([[1], [2]]);
  await other.execute("COMMIT");
  await expect.poll(db.shredded).toBe(2);
  expect(await test.rows(query)).toEqual([[2]]);
  await test[Symbol.asyncDispose]();
});

test("no more than 32 paths of a view are shredded", async () => {
  const db = await openShredding();
  await db.put({ n: 1 });
  const names = Array.from({ length: 40 }, (_, index) => `payload.n${index}::int`);
  await shred(db, 32, `SELECT ${names.join(", ")} FROM mv`);
  expect(await db.test.rows(`SELECT ${names.join(", ")}, payload.n::int FROM mv`)).toEqual([
    [...names.map(() => null), 1],
  ]);
  await db.test[Symbol.asyncDispose]();
});
