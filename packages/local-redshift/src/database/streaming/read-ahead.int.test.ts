import { expect, test } from "vitest";
import { memoryStreams } from "../../../testing/memory-streams.ts";
import { openTestDatabase } from "../../../testing/open-test-database.ts";
import type { StreamReader } from "./stream-reader.ts";

/** A database with a view that nothing refreshes by itself, over a stream that gives ten records at a time. */
async function withStream(query: string, wrap: (read: StreamReader["read"]) => StreamReader["read"] = (read) => read) {
  const streams = memoryStreams();
  const { reader } = streams;
  const read = wrap((request) => reader.read({ ...request, maxRecords: 10 }));
  const database = await openTestDatabase({ ...streams, reader: { ...reader, read } }, undefined, {
    readAheadRecords: 5,
  });
  const stream = streams.stream("events");
  await database.run(
    "CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default",
    `CREATE MATERIALIZED VIEW mv AUTO REFRESH NO AS ${query}`,
  );
  return { database, stream, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const payload = "SELECT sequence_number, refresh_time, JSON_PARSE(kinesis_data) AS payload FROM kds.events";
const numbers = "SELECT payload.n::INT FROM mv ORDER BY sequence_number";
const upTo = (count: number) => Array.from({ length: count }, (_, n) => [n]);

test("a refresh of many records has each once and in order, and reads what came while it stored", async () => {
  let onRead = (): void => undefined;
  await using world = await withStream(payload, (read) => (request) => {
    onRead();
    return read(request);
  });
  const { database, stream } = world;
  for (let n = 0; n < 95; n += 1) stream.put({ n });
  let reads = 0;
  onRead = () => {
    reads += 1;
    if (reads === 10) for (let n = 95; n < 99; n += 1) stream.put({ n });
  };
  await database.run("REFRESH MATERIALIZED VIEW mv");
  expect(await database.rows(numbers)).toEqual(upTo(99));
  const times = await database.rows("SELECT DISTINCT refresh_time::VARCHAR FROM mv ORDER BY 1");
  const starts = await database.rows(
    "SELECT start_time::VARCHAR FROM sys_mv_refresh_history WHERE mv_name = 'mv' ORDER BY 1",
  );
  expect(times.length).toBeGreaterThanOrEqual(10);
  expect(starts.map(String)).toEqual(expect.arrayContaining(times.map(String)));
});

test("what is read ahead and cannot be read is read again in its turn", async () => {
  let reads = 0;
  await using world = await withStream(payload, (read) => (request) => {
    reads += 1;
    return reads === 2 ? Promise.reject(new Error("connection reset")) : read(request);
  });
  const { database, stream } = world;
  for (let n = 0; n < 30; n += 1) stream.put({ n });
  await database.run("REFRESH MATERIALIZED VIEW mv");
  expect(await database.rows(numbers)).toEqual(upTo(30));
});

test("a record that blocks the view leaves what came before it, and nothing that was read ahead after it", async () => {
  await using world = await withStream(payload);
  const { database, stream } = world;
  for (let n = 0; n < 10; n += 1) stream.put({ n });
  stream.put(Buffer.from("no JSON"));
  for (let n = 10; n < 40; n += 1) stream.put({ n });
  expect(await database.error("REFRESH MATERIALIZED VIEW mv")).toContain("JSON parsing error");
  expect(await database.error("REFRESH MATERIALIZED VIEW mv")).toContain("JSON parsing error");
  expect(await database.rows(numbers)).toEqual(upTo(10));
});
