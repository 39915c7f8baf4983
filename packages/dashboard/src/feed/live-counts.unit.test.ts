import fc from "fast-check";
import { expect, test } from "vitest";
import { fakePipeline, join, leave } from "../../testing/fake-pipeline.ts";
import { createStreamCounter } from "../counts/stream-counter.ts";
import { streamSource } from "../counts/stream-source.ts";
import { readSkipped } from "../counts/skipped.ts";
import { createViewShards } from "../counts/view-shards.ts";
import { loadTiles } from "../tiles/tile.ts";
import { beginning } from "../counts/read-counts.ts";
import { createLiveCounts } from "./live-counts.ts";

const shardIds = ["shardId-000000000000", "shardId-000000000001", "shardId-000000000002"];

async function setUp(shards: readonly string[] = shardIds) {
  const tiles = await loadTiles();
  const records = tiles.find((tile) => tile.chart === "total");
  const pipeline = fakePipeline({ tiles, shardIds: shards });
  let time = 0;
  const counts = createLiveCounts({
    counter: createStreamCounter({ source: streamSource(pipeline.kinesis, "events") }),
    warehouse: pipeline.warehouse,
    now: () => time,
    settleMs: 15_000,
  });
  return {
    ...pipeline,
    counts,
    wait: (ms: number) => (time += ms),
    async observe() {
      const skipped = await readSkipped(pipeline.warehouse);
      const view = createViewShards();
      view.add(await pipeline.warehouse.query(records?.sql ?? "", { since: beginning }));
      return { shards: view.read(), skipped };
    },
  };
}

test("never differs while events flow, whatever the shards and the refreshes do", async () => {
  const step = fc.record({
    puts: fc.array(fc.nat(2), { maxLength: 12 }),
    refreshes: fc.boolean(),
    limit: fc.integer({ min: 1, max: 6 }),
    skips: fc.boolean(),
    late: fc.array(fc.nat(2), { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { counts, observe, put, refresh } = await setUp();
      for (const { puts, refreshes, limit, skips, late } of steps) {
        for (const shard of puts) put(shardIds[shard] ?? "", shard === 1 ? leave : join);
        if (refreshes) refresh({ limit, skip: (body) => skips && body === leave });
        const observation = await observe();
        // These arrive, and some become visible, between the view's answer and the reading of the stream.
        for (const shard of late) put(shardIds[shard] ?? "", join);
        refresh({ limit: 2 });
        await counts.verify(observation);
        expect(counts.read().phase).toBe("ok");
      }
    }),
    { numRuns: 60 },
  );
});

test("waits before it calls a difference one, and takes it back when it is gone", async () => {
  const { counts, observe, put, refresh, wait } = await setUp();
  put(shardIds[0] ?? "", join);
  put(shardIds[0] ?? "", join);
  refresh({ lose: (_, index) => index === 0 });
  await counts.verify(await observe());
  expect(counts.read().phase).toBe("settling");
  wait(15_000);
  expect(counts.read()).toMatchObject({ phase: "different", records: { stream: 2, view: 1, ok: false } });
});

test("says that it is reading until the first comparison", async () => {
  const { counts } = await setUp();
  expect(counts.read()).toEqual({ phase: "reading", perShard: [], notes: [] });
});

test("counts anew when the view was made anew", async () => {
  const { counts, observe, put, refresh, forgetView } = await setUp();
  for (let count = 0; count < 5; count += 1) put(shardIds[0] ?? "", join);
  refresh();
  await counts.verify(await observe());
  forgetView();
  refresh({ limit: 2 });
  await counts.verify(await observe());
  expect(counts.read()).toMatchObject({ phase: "ok", records: { stream: 2, view: 2 }, inFlight: 3 });
});

test("counts what is older than the stream once", async () => {
  const { counts, observe, put, refresh, expire, asked } = await setUp();
  for (let count = 0; count < 5; count += 1) put(shardIds[0] ?? "", join);
  refresh();
  expire(shardIds[0] ?? "", 3);
  await counts.verify(await observe());
  await counts.verify(await observe());
  expect(counts.read()).toMatchObject({ phase: "ok", records: { stream: 2, view: 5, expired: 3 } });
  expect(asked.filter((name) => name === "expired")).toHaveLength(1);
});
