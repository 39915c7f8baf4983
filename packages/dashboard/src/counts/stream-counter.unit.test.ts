import fc from "fast-check";
import { expect, test } from "vitest";
import { createStreamCounter, tallyOnce } from "./stream-counter.ts";
import type { StreamSource } from "./stream-source.ts";

/** A shard of the positions 1, 2, … `length()`, which gives `page` at a time. */
function shardOf(length: () => number, page = 3): StreamSource {
  return {
    listShards: () => Promise.resolve(["a"]),
    read(_shardId, after) {
      const from = Number(after ?? 0);
      const to = Math.min(length(), from + page);
      const positions = Array.from({ length: to - from }, (_, index) => String(from + index + 1));
      return Promise.resolve({ positions, atTip: to === length() });
    },
  };
}

test("counts up to any growing position while the shard grows", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 20 }), async (steps) => {
      let [length, reached] = [0, 0];
      const counter = createStreamCounter({ source: shardOf(() => length), maxBeyond: 7 });
      for (const [grows, moves] of steps) {
        length += grows;
        reached = Math.min(length, reached + moves);
        const tally = await counter.tally("a", reached === 0 ? undefined : String(reached));
        expect(tally.upTo).toBe(reached);
        expect(tally.beyond).toBeLessThanOrEqual(length - reached);
        if (tally.atTip) expect(tally.beyond).toBe(length - reached);
      }
    }),
  );
});

test("remembers a bounded number of records past the position", async () => {
  let reads = 0;
  const source = shardOf(() => 1_000_000, 10);
  const counter = createStreamCounter({
    source: { ...source, read: (...args) => ((reads += 1), source.read(...args)) },
    maxBeyond: 50,
  });
  const tally = await counter.tally("a", "5");
  expect(tally).toMatchObject({ upTo: 5, atTip: false });
  expect(tally.beyond).toBeLessThanOrEqual(60);
  expect(reads).toBeLessThanOrEqual(6);
});

test("reads on past a page without records", async () => {
  const pages = [
    { positions: ["1"], atTip: false },
    { positions: [], atTip: false },
    { positions: ["2"], atTip: true },
  ];
  const source: StreamSource = {
    listShards: () => Promise.resolve(["a"]),
    read: () => Promise.resolve(pages.shift() ?? { positions: [], atTip: true }),
  };
  expect(await createStreamCounter({ source }).tally("a", "2")).toEqual({
    upTo: 2,
    beyond: 0,
    first: "1",
    atTip: true,
  });
});

test("refuses a position that goes back, and starts again when told to forget", async () => {
  const counter = createStreamCounter({ source: shardOf(() => 9) });
  await counter.tally("a", "8");
  await expect(counter.tally("a", "7")).rejects.toThrow(/must not go back/);
  counter.forget("a");
  expect(await counter.tally("a", "7")).toMatchObject({ upTo: 7, beyond: 2 });
});

test("stops when told to", async () => {
  const source = shardOf(() => 1_000_000);
  await expect(
    createStreamCounter({ source }).tally("a", "900000", AbortSignal.abort(new Error("closing"))),
  ).rejects.toThrow("closing");
});

test("counts a shard once without remembering it", async () => {
  expect(
    await tallyOnce(
      shardOf(() => 10),
      "a",
      "4",
    ),
  ).toEqual({ upTo: 4, beyond: 6, first: "1", atTip: true });
  expect(
    await tallyOnce(
      shardOf(() => 10),
      "a",
      undefined,
    ),
  ).toMatchObject({ upTo: 0, beyond: 10 });
});
