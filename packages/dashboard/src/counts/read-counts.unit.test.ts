import { expect, test } from "vitest";
import { type FakeBody, fakePipeline, join, leave, notJson, unknownEvent } from "../../testing/fake-pipeline.ts";
import { loadTiles } from "../tiles/tile.ts";
import { countFrom, readCounts } from "./read-counts.ts";
import { streamSource } from "./stream-source.ts";

const [a, b] = ["shardId-000000000000", "shardId-000000000001"] as const;
const streamName = "events";

async function pipeline() {
  return fakePipeline({ tiles: await loadTiles(), shardIds: [a, b] });
}

test("counts both equations at the positions that the view reached", async () => {
  const { put, refresh, warehouse, kinesis } = await pipeline();
  for (const body of [join, leave, unknownEvent, notJson]) put(a, body);
  put(b, join);
  refresh();
  put(b, join);
  const counts = await readCounts({ warehouse, kinesis, streamName });
  expect(counts.records).toEqual({ stream: 5, view: 5, skipped: 0, expired: 0, ok: true });
  expect(counts.events).toEqual({
    total: 4,
    typed: { activity: 3, web_requests: 0 },
    quarantined: 1,
    withoutEvents: 1,
    ok: true,
  });
  expect(counts.inFlight).toBe(1);
  expect(counts.perShard.map(({ shardId, stream, inFlight }) => [shardId, stream, inFlight])).toEqual([
    [a, 4, 0],
    [b, 1, 1],
  ]);
  expect(counts.notes).toEqual([]);
});

test("takes a shard that the view has not reached as in flight", async () => {
  const { put, refresh, addShard, warehouse, kinesis } = await pipeline();
  put(a, join);
  refresh();
  addShard("shardId-000000000002");
  put("shardId-000000000002", join);
  const counts = await readCounts({ warehouse, kinesis, streamName });
  expect(counts.records.ok).toBe(true);
  expect(counts.inFlight).toBe(1);
  expect(counts.perShard.at(-1)).toEqual({
    shardId: "shardId-000000000002",
    stream: 0,
    view: 0,
    skipped: 0,
    expired: 0,
    inFlight: 1,
  });
});

test("is not confused by what arrives and commits while the stream is read", async () => {
  const { put, refresh, warehouse, kinesis } = await pipeline();
  for (let count = 0; count < 10; count += 1) put(a, join);
  refresh();
  const source = streamSource(kinesis, streamName);
  const counts = await countFrom({
    warehouse,
    source: {
      listShards: () => source.listShards(),
      read(shardId, after) {
        put(a, join);
        refresh();
        return source.read(shardId, after);
      },
    },
  });
  expect(counts.records).toMatchObject({ stream: 10, view: 10, ok: true });
  expect(counts.inFlight).toBeGreaterThan(0);
});

test("adds what was skipped, also at the end of a shard", async () => {
  const { put, refresh, warehouse, kinesis } = await pipeline();
  const oversize: FakeBody = { family: "bad", reason: "oversize", isEvent: false };
  for (const body of [join, oversize, join, oversize]) put(a, body);
  put(b, oversize);
  refresh({ skip: (body) => body === oversize });
  const { records } = await readCounts({ warehouse, kinesis, streamName });
  expect(records).toEqual({ stream: 5, view: 2, skipped: 3, expired: 0, ok: true });
});

test("goes on without the system view and says so", async () => {
  const { put, refresh, warehouse, kinesis, failures } = await pipeline();
  put(a, join);
  refresh();
  failures.set("skipped", 'ERROR: relation "sys_stream_scan_states" does not exist');
  const counts = await readCounts({ warehouse, kinesis, streamName });
  expect(counts.records.ok).toBe(true);
  expect(counts.notes).toEqual([expect.stringContaining("skipped records are not known")]);
});

test("compares with what retention still holds", async () => {
  const { put, refresh, expire, warehouse, kinesis } = await pipeline();
  for (let count = 0; count < 6; count += 1) put(a, join);
  for (let count = 0; count < 3; count += 1) put(b, join);
  refresh();
  expire(a, 2);
  expire(b, 3);
  const { records } = await readCounts({ warehouse, kinesis, streamName });
  expect(records).toEqual({ stream: 4, view: 9, skipped: 0, expired: 5, ok: true });
});

test("tells that records are missing from the view", async () => {
  const { put, refresh, warehouse, kinesis } = await pipeline();
  for (const body of [join, leave, join]) put(a, body);
  refresh({ lose: (body) => body === leave });
  const counts = await countFrom({ warehouse, source: streamSource(kinesis, streamName), retryDelayMs: 1 });
  expect(counts.records).toMatchObject({ stream: 3, view: 2, ok: false });
});

test("leaves the stream alone when it is told not to verify", async () => {
  const { put, refresh, warehouse } = await pipeline();
  put(a, join);
  refresh();
  const counts = await readCounts({
    warehouse,
    kinesis: { send: () => Promise.reject(new Error("the stream was read")) },
    streamName,
    verify: false,
  });
  expect(counts.records).toEqual({ view: 1, skipped: 0, expired: 0 });
  expect(counts).not.toHaveProperty("inFlight");
});

test("reports how many records it has read", async () => {
  const { put, refresh, warehouse, kinesis } = await pipeline();
  for (let count = 0; count < 4; count += 1) put(a, join);
  refresh();
  const progress: number[] = [];
  await readCounts({ warehouse, kinesis, streamName, onProgress: (read) => progress.push(read) });
  expect(progress.at(-1)).toBe(4);
});
