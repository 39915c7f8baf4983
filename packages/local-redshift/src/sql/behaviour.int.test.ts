import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/open-test-database.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await db.run(
    "CREATE TABLE people (id int, name varchar(20), born date, score decimal(6,2), joined timestamp)",
    "INSERT INTO people VALUES (1, 'Ada', '1815-12-10', 9.5, '2024-01-01 10:00:00'), (2, 'Alan', '1912-06-23', 8.25, '2024-01-02 11:30:00'), (3, 'Grace', '1906-12-09', NULL, NULL)",
    "CREATE TABLE docs (id int, d super)",
    `INSERT INTO docs VALUES (1, JSON_PARSE('{"name":"TV","price":5,"tags":["a","b"],"size":{"w":1},"on":true,"none":null,"user":"u"}')),
      (2, JSON_PARSE('{"name":7,"price":"x","tags":"a","Mixed":1}')), (3, JSON_PARSE('[1,[2,3]]')), (4, NULL)`,
  );
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
});

test.each<[string, unknown[]]>([
  ["SELECT 1 + 2 * 3 ^ 2, 'a' || 'b' || NULL, NOT true OR true", [19, null, true]],
  ["SELECT '5'::int + 1, '1.5'::decimal(4,2), 'abc'::varchar(2), 3::varchar", [6, "1.50", "ab", "3"]],
  ["SELECT 'a\\nb', 'it''s', '\\\\d'", ["a\nb", "it's", "\\d"]],
  [
    "SELECT DATEDIFF(day, '2024-01-01', '2024-03-01'), DATEDIFF(hour, '2024-01-01 00:59:00', '2024-01-01 01:00:00'), DATEDIFF(week, '2024-01-06', '2024-01-07')",
    [60n, 1n, 1n],
  ],
  [
    "SELECT timestamp 'epoch' + 90::bigint * interval '1 second', CONVERT_TIMEZONE('UTC', 'Europe/Paris', '2024-01-01 00:00:00'::timestamp)",
    ["1970-01-01 00:01:30.0", "2024-01-01 01:00:00.0"],
  ],
  [
    "SELECT '2024-01-03'::date - '2024-01-01'::date, '2024-01-01'::date + 2, LAST_DAY('2024-02-10'::date)",
    [2, "2024-01-03", "2024-02-29"],
  ],
  [
    "SELECT current_user, current_database(), current_schema(), GETDATE() > '2020-01-01'",
    ["admin", "dev", "public", true],
  ],
  ["SELECT COUNT(*), SUM(id), AVG(id), MIN(name), MAX(score) FROM people", [3n, 6n, 2n, "Ada", "9.50"]],
  ["SELECT LISTAGG(name, ',') WITHIN GROUP (ORDER BY name DESC) FROM people", ["Grace,Alan,Ada"]],
  ["SELECT x FROM (SELECT id + 1 AS y, y * 2 AS x FROM people) t WHERE x > 7", [8]],
  [
    "SELECT name FROM people WHERE id IN (SELECT MAX(id) FROM people) AND EXISTS (SELECT 1 FROM docs WHERE docs.id = people.id)",
    ["Grace"],
  ],
  ["WITH p AS (SELECT id FROM people WHERE id > 1), q AS (SELECT id FROM p) SELECT SUM(id) FROM q", [5n]],
  ["SELECT a.name FROM people a LEFT JOIN people b ON b.id = a.id + 1 WHERE b.id IS NULL", ["Grace"]],
  ["SELECT name FROM (SELECT name, ROW_NUMBER() OVER (ORDER BY score DESC) AS r FROM people) t WHERE r = 1", ["Grace"]],
  ["SELECT SUM(id) OVER (PARTITION BY d = 'x' ORDER BY id ROWS UNBOUNDED PRECEDING) FROM docs ORDER BY 1", [1n]],
  ["SELECT TOP 1 name FROM people ORDER BY score", ["Alan"]],
  ["SELECT name FROM people QUALIFY RANK() OVER (ORDER BY born) = 2", ["Grace"]],
  ["SELECT 1 UNION ALL SELECT 2 ORDER BY 1 DESC LIMIT 1", [2]],
  ["SELECT COUNT(*) FROM people p, docs d WHERE p.id = d.id AND p.born BETWEEN '1800-01-01' AND '1950-01-01'", [3n]],
])("%s", async (sql, row) => {
  expect((await db.rows(sql))[0]).toEqual(row);
});

test.each([
  ["SELECT * FROM nowhere", 'ERROR: relation "nowhere" does not exist'],
  ["SELECT * FROM no.where", 'ERROR: schema "no" does not exist'],
  ["SELECT nothing FROM people", 'ERROR: column "nothing" does not exist in people'],
  ["SELECT p.nothing FROM people p", 'ERROR: column "nothing" does not exist in p'],
  ["SELECT q.id FROM people p", 'ERROR: missing FROM-clause entry for table "q"'],
  [
    "SELECT name.first FROM people",
    'ERROR: navigation on column "name" is not allowed as it is not SUPER type\n  Position: 13',
  ],
  ["SELECT 1 / (id - 1) FROM people", "ERROR: division by zero"],
  ["SELECT 'x'::int", 'ERROR: invalid input syntax for integer: "x"'],
  [
    "SELECT id, COUNT(*) FROM people",
    'ERROR: column "id" must appear in the GROUP BY clause or be used in an aggregate function',
  ],
  ["SELECT SUBSTR(1, 2, 3, 4)", "ERROR: function substr(integer, integer, integer, integer) does not exist"],
  ["SELECT XPATH('a')", "ERROR: function xpath is not built in the local Redshift"],
  ["SELECT id FROM people a, people b", 'ERROR: column reference "id" is ambiguous'],
  ["SELECT JSON_PARSE('{')", "ERROR: JSON parsing error: not JSON"],
  ["SELECT 1 FROM", "ERROR: syntax error at end of input\n  Position: 14"],
  ["SELECT FROM people", 'ERROR: syntax error at or near "FROM"\n  Position: 8'],
  ["SELECT 1; SELECT 2", "ERROR: cannot insert multiple commands into a prepared statement"],
  ["SELECT 'a", `ERROR: unterminated quoted string at or near "'a"\n  Position: 8`],
  ["INSERT INTO people (id) VALUES ('x')", 'ERROR: invalid input syntax for integer: "x"'],
  [
    "INSERT INTO people (name) VALUES ('123456789012345678901')",
    "ERROR: value too long for type character varying(20)",
  ],
  ["CREATE TABLE people (a int)", 'ERROR: relation "people" already exists'],
  ["COPY people FROM 's3://x'", "ERROR: COPY is not built in the local Redshift"],
  ["SELECT * FROM stv_mv_info", "ERROR: permission denied for relation stv_mv_info"],
  ["SET no_such_thing TO 1", 'ERROR: unrecognized configuration parameter "no_such_thing"'],
])("%s is refused", async (sql, message) => {
  expect(await db.error(sql)).toBe(message);
});

test("names and types columns as Redshift does", async () => {
  const { columns } = await db.session.execute(
    'SELECT id, 1, COUNT(*), SUM(id) AS "Total", name::varchar(5), CASE WHEN true THEN 1 END, score FROM people GROUP BY id, name, score',
  );
  expect(columns!.map((column) => [column.name, column.typeName, column.precision, column.tableName])).toEqual([
    ["id", "int4", 10, "people"],
    ["?column?", "int4", 10, ""],
    ["count", "int8", 19, ""],
    ["total", "int8", 19, ""],
    ["name", "varchar", 5, ""],
    ["case", "int4", 10, ""],
    ["score", "numeric", 6, "people"],
  ]);
});
