import { expect, test, vi } from "vitest";
import { firstShard, memoryStreams } from "../../../testing/memory-streams.ts";
import { openTestDatabase, roleArn, type TestDatabase } from "../../../testing/open-test-database.ts";

const guarded = `SELECT approximate_arrival_timestamp, partition_key, shard_id, sequence_number, refresh_time,
  CASE WHEN CAN_JSON_PARSE(kinesis_data) THEN JSON_PARSE(kinesis_data) ELSE NULL END AS payload,
  CASE WHEN NOT CAN_JSON_PARSE(kinesis_data) THEN kinesis_data ELSE NULL END AS failed_payload
FROM kds."events"`;

async function withStream(view = `CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS ${guarded}`): Promise<TestDatabase> {
  const test = await openTestDatabase();
  test.streams.stream("events");
  await test.run(`CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`, view);
  return test;
}

const count = async (test: TestDatabase) => Number((await test.rows("SELECT COUNT(*) FROM mv"))[0]![0]);

test("runs the tutorial's two statements and fills the view", async () => {
  await using test = await openTestDatabase();
  const stream = test.streams.stream("your-data-stream-staging");
  await test.run(
    `CREATE EXTERNAL SCHEMA kinesis_data FROM KINESIS IAM_ROLE '${roleArn}';`,
    `CREATE MATERIALIZED VIEW "your-stream-view" AUTO REFRESH YES AS
     SELECT approximate_arrival_timestamp, partition_key, shard_id, sequence_number, refresh_time,
       JSON_PARSE(kinesis_data) as payload FROM kinesis_data."your-data-stream-staging";`,
  );
  stream.put({ event_name: "JOIN", user: 7 });
  await expect
    .poll(() => test.rows('SELECT payload.event_name, payload."user"::int, shard_id FROM "your-stream-view"'))
    .toEqual([['"JOIN"', 7, firstShard]]);
});

test("starts at the oldest record, and takes each once over reopening", async () => {
  const first = await openTestDatabase();
  const stream = first.streams.stream("events");
  for (let index = 0; index < 50; index += 1) stream.put({ index });
  await first.run(
    "CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default",
    `CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS ${guarded}`,
  );
  await expect.poll(() => count(first)).toBe(50);
  stream.put({ index: 50 });
  await using second = await first.reopen();
  for (let index = 51; index < 100; index += 1) stream.put({ index });
  await expect.poll(() => count(second)).toBe(100);
  expect(await second.rows("SELECT COUNT(DISTINCT sequence_number), MAX(payload.index::int) FROM mv")).toEqual([
    [100n, 99],
  ]);
});

test("keeps what is not JSON as bytes and goes on", async () => {
  await using test = await withStream();
  const stream = test.streams.stream("events");
  stream.put('{"a":1,"a":2}');
  stream.put("{ broken");
  stream.put({ a: [1] });
  await expect.poll(() => count(test)).toBe(3);
  expect(
    await test.rows("SELECT payload, from_varbyte(failed_payload, 'utf-8') FROM mv ORDER BY sequence_number"),
  ).toEqual([
    [null, '{"a":1,"a":2}'],
    [null, "{ broken"],
    ['{"a":[1]}', null],
  ]);
});

test("an unguarded poison record blocks its view and no other", async () => {
  await using test = await withStream(
    "CREATE MATERIALIZED VIEW poisoned AUTO REFRESH YES AS SELECT JSON_PARSE(kinesis_data) AS payload FROM kds.events",
  );
  await test.run(`CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS ${guarded}`);
  test.streams.stream("events").put("poison");
  await expect.poll(() => count(test)).toBe(1);
  expect(await test.error("REFRESH MATERIALIZED VIEW poisoned")).toMatch("JSON parsing error");
  expect(await test.rows("SELECT * FROM poisoned")).toEqual([]);
  const failed = await test.rows(
    "SELECT COUNT(*) > 0 FROM sys_mv_refresh_history WHERE mv_name = 'poisoned' AND status LIKE 'Refresh failed%'",
  );
  expect(failed).toEqual([[true]]);
});

test("skips records over 1,048,576 bytes, counts them and says so", async () => {
  await using test = await withStream();
  const stream = test.streams.stream("events");
  const skipped = stream.put(new Uint8Array(1_048_577));
  stream.put({ a: 1 });
  await expect.poll(() => count(test)).toBe(1);
  expect(await test.rows("SELECT SUM(scanned_rows), SUM(skipped_rows) FROM sys_stream_scan_states")).toEqual([
    ["1", "1"],
  ]);
  expect(await test.rows("SELECT stream_name, mv_name, partition_id, position FROM sys_stream_scan_errors")).toEqual([
    ["events", "mv", firstShard, skipped.sequenceNumber],
  ]);
  await using again = await test.reopen();
  expect(await again.rows("SELECT SUM(scanned_rows), SUM(skipped_rows) FROM sys_stream_scan_states")).toEqual([
    ["1", "1"],
  ]);
});

test("reads the children of a split shard after its end", async () => {
  await using test = await withStream();
  const stream = test.streams.stream("events");
  stream.put({ n: 1 });
  stream.split(firstShard, ["shardId-000000000001", "shardId-000000000002"]);
  stream.put({ n: 2 }, "shardId-000000000001");
  stream.put({ n: 3 }, "shardId-000000000002");
  await expect.poll(() => count(test)).toBe(3);
  const shards = await test.rows("SELECT shard_id, COUNT(*) FROM mv GROUP BY 1 ORDER BY 1");
  expect(shards.map(([shard]) => shard)).toEqual([firstShard, "shardId-000000000001", "shardId-000000000002"]);
});

test("one REFRESH reads the children of a shard whose split its reader of streams learns of at the shard's end", async () => {
  const streams = memoryStreams();
  const { listShards, read } = streams.reader;
  let known: Awaited<ReturnType<typeof listShards>> | undefined;
  await using test = await openTestDatabase({
    ...streams,
    reader: {
      ...streams.reader,
      listShards: async (name) => (known ??= await listShards(name)),
      async read(request) {
        const answer = await read(request);
        if (answer.ended) known = undefined;
        return answer;
      },
    },
  });
  const stream = streams.stream("events");
  await test.run(
    "CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default",
    `CREATE MATERIALIZED VIEW mv AS ${guarded}`,
    "REFRESH MATERIALIZED VIEW mv",
  );
  stream.split(firstShard, ["shardId-000000000001"]);
  stream.put({ n: 2 }, "shardId-000000000001");
  await test.run("REFRESH MATERIALIZED VIEW mv");
  expect(await count(test)).toBe(1);
});

test("refreshes on request only without AUTO REFRESH, and after ALTER on its own", async () => {
  await using test = await withStream(`CREATE MATERIALIZED VIEW mv AS ${guarded}`);
  test.streams.stream("events").put({ a: 1 });
  await test.run("REFRESH MATERIALIZED VIEW mv");
  expect(await count(test)).toBe(1);
  test.streams.stream("events").put({ a: 2 });
  expect(await count(test)).toBe(1);
  await test.run("ALTER MATERIALIZED VIEW mv AUTO REFRESH YES");
  await expect.poll(() => count(test)).toBe(2);
  expect(await test.rows("SELECT autorefresh FROM svv_mv_info")).toEqual([["t"]]);
});

test("filters with CAN_JSON_PARSE in WHERE", async () => {
  await using test = await withStream(
    "CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT JSON_PARSE(kinesis_data) AS payload FROM kds.events WHERE CAN_JSON_PARSE(kinesis_data)",
  );
  test.streams.stream("events").put("no");
  test.streams.stream("events").put({ yes: true });
  await expect.poll(() => count(test)).toBe(1);
});

test("drops what was read with the view, and reads it again into a new one", async () => {
  await using test = await withStream();
  test.streams.stream("events").put({ a: 1 });
  await expect.poll(() => count(test)).toBe(1);
  await test.run("DROP MATERIALIZED VIEW mv", `CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS ${guarded}`);
  await expect.poll(() => count(test)).toBe(1);
});

test("does not read again what TRUNCATE removed", async () => {
  await using test = await withStream();
  test.streams.stream("events").put({ a: 1 });
  await expect.poll(() => count(test)).toBe(1);
  await test.run("TRUNCATE mv");
  test.streams.stream("events").put({ a: 2 });
  await vi.waitFor(async () => expect(await test.rows("SELECT payload.a FROM mv")).toEqual([["2"]]));
});

test("refreshes for a transaction that has read the view, though a change of the view waits for that one", async () => {
  await using test = await withStream(`CREATE MATERIALIZED VIEW mv AS ${guarded}`);
  test.streams.stream("events").put({ a: 1 });
  const reader = await test.database.connect({ name: "admin", superuser: true });
  await reader.execute("BEGIN");
  await reader.execute("SELECT COUNT(*) FROM mv");
  const changed = test.session.execute("ALTER MATERIALIZED VIEW mv AUTO REFRESH YES");
  await reader.execute("REFRESH MATERIALIZED VIEW mv");
  await reader.execute("COMMIT");
  await changed;
  expect(await count(test)).toBe(1);
});

test("finds the deadlock of a transaction that keeps a view over it from being kept and waits for its refresh", async () => {
  await using test = await withStream(`CREATE MATERIALIZED VIEW mv AS ${guarded}`);
  await test.run("CREATE VIEW typed AS SELECT sequence_number, payload.a::int AS a FROM mv");
  test.streams.stream("events").put({ a: 1 });
  await test.run("BEGIN", "SELECT COUNT(*) FROM typed");
  expect(await test.error("REFRESH MATERIALIZED VIEW mv")).toBe("ERROR: deadlock detected");
  await test.run("ROLLBACK", "REFRESH MATERIALIZED VIEW mv");
  expect(await test.rows("SELECT a FROM typed")).toEqual([[1]]);
});

const column = "JSON_PARSE(kinesis_data) AS payload";
test.each([
  ["a join", `SELECT ${column} FROM kds.events JOIN kds.other ON true`, "JOIN is not supported"],
  ["a second stream", `SELECT ${column} FROM kds.events, kds.other`, "JOIN is not supported"],
  [
    "a subquery",
    `SELECT p FROM (SELECT ${column.replace("payload", "p")} FROM kds.events) AS s`,
    "Column aliases are not supported",
  ],
  ["WITH", `WITH s AS (SELECT ${column} FROM kds.events) SELECT payload FROM s`, "Column aliases are not supported"],
  [
    "navigation of parsed JSON",
    "SELECT JSON_PARSE(kinesis_data).a FROM kds.events",
    'navigation on column "payload" is not allowed as it is not SUPER type',
  ],
  [
    "navigation of its alias",
    `SELECT ${column}, payload.a::int FROM kds.events`,
    'navigation on column "payload" is not allowed as it is not SUPER type',
  ],
  [
    "unnesting",
    `SELECT ${column} FROM kds.events e, e.payload p`,
    'navigation on column "payload" is not allowed as it is not SUPER type',
  ],
  ["a cast of parsed JSON", "SELECT JSON_PARSE(kinesis_data)::varchar FROM kds.events", "is not SUPER type"],
  ["ORDER BY", `SELECT ${column} FROM kds.events ORDER BY 1`, "do not support ORDER BY"],
  [
    "a window function",
    "SELECT ROW_NUMBER() OVER (ORDER BY sequence_number) FROM kds.events",
    "Window functions are not supported",
  ],
  ["a mutable function", "SELECT GETDATE(), kinesis_data FROM kds.events", "Mutable functions are not supported"],
  ["a stream that is not there", `SELECT ${column} FROM kds.nowhere`, "does not exist"],
])("refuses a streaming view with %s", async (_what, query, message) => {
  await using test = await openTestDatabase();
  test.streams.stream("events");
  test.streams.stream("other");
  await test.run(`CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`);
  expect(await test.error(`CREATE MATERIALIZED VIEW mv AS ${query}`)).toContain(message);
});

test("knows neither OR REPLACE nor IF NOT EXISTS, nor attributes after AUTO REFRESH", async () => {
  await using test = await withStream();
  expect(await test.error(`CREATE OR REPLACE MATERIALIZED VIEW mv AS ${guarded}`)).toContain(
    'syntax error at or near "MATERIALIZED"',
  );
  expect(await test.error(`CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS ${guarded}`)).toContain("syntax error");
  expect(await test.error(`CREATE MATERIALIZED VIEW mv AS ${guarded}`)).toBe('ERROR: relation "mv" already exists');
  expect(await test.error(`CREATE MATERIALIZED VIEW x AUTO REFRESH YES SORTKEY(a) AS ${guarded}`)).toContain(
    'at or near "SORTKEY"',
  );
  await test.run(
    `CREATE MATERIALIZED VIEW x BACKUP NO DISTSTYLE KEY DISTKEY(shard_id) SORTKEY(sequence_number) AUTO REFRESH NO AS ${guarded}`,
  );
});

test("wants a role that is attached, and keeps the role of a schema that exists", async () => {
  await using test = await openTestDatabase();
  const other = "arn:aws:iam::000000000000:role/other";
  expect(await test.error(`CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${other}'`)).toContain(
    "is not associated",
  );
  await test.run(`CREATE EXTERNAL SCHEMA kds FROM KINESIS REGION 'eu-west-1' IAM_ROLE default`);
  await test.run(`CREATE EXTERNAL SCHEMA IF NOT EXISTS kds FROM KINESIS IAM_ROLE '${other}'`);
  const [row] = await test.rows("SELECT schemaname, esoptions FROM svv_external_schemas");
  expect(row).toEqual(["kds", JSON.stringify({ REGION: "eu-west-1", IAM_ROLE: roleArn })]);
});

test("gives the bytes of a record as they were sent, whatever of them was read as JSON", async () => {
  await using test = await withStream(
    `CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT kinesis_data AS sent,
       CASE WHEN CAN_JSON_PARSE(kinesis_data) THEN JSON_PARSE(kinesis_data) END AS payload FROM kds."events"`,
  );
  const sent = ['{"a":1}', '{ "a": 1 }', '{"ä":"é"} ', '["é\u{1f600}"]', "not JSON", "", '"\\u00e9"'].map((text) =>
    Buffer.from(text),
  );
  sent.push(Buffer.from([0xff, 0x00, 0x7b]));
  for (const bytes of sent) test.streams.stream("events").put(bytes);
  await expect.poll(() => count(test)).toBe(sent.length);
  const rows = await test.rows("SELECT sent, payload FROM mv");
  expect(rows.map(([bytes]) => bytes).sort()).toEqual(sent.map((bytes) => bytes.toString("hex")).sort());
  expect(rows.find(([bytes]) => bytes === sent[1]!.toString("hex"))?.[1]).toBe('{"a":1}');
});
