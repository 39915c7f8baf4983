import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divideHashKeys } from "./hash-key.ts";
import { halveShards, mergeShards, rescaleShards, splitShard } from "./resharding.ts";
import { createShardStates } from "./stream.ts";
import type { ShardState } from "./stream.ts";

const turn = { at: 5000, nextIndexOf: (index: number) => index + 10 };

function openRanges(shards: readonly ShardState[]) {
  return shards
    .filter(({ closed }) => closed === undefined)
    .map(({ start, end }) => ({ start, end }))
    .sort((left, right) => (left.start < right.start ? -1 : 1));
}

describe("resharding", () => {
  it("splits a shard into two that know it", () => {
    const shards = splitShard(createShardStates(1, 1, 1000), 0, "8".padEnd(32, "0"), turn);
    expect(shards[0]?.closed).toEqual({ at: 5000, nextIndex: 10 });
    expect(shards.slice(1)).toMatchObject([
      { index: 1, parentIndex: 0, start: "0".repeat(32), end: "7".padEnd(32, "f"), createdSecond: 6, openedAt: 5000 },
      { index: 2, parentIndex: 0, start: "8".padEnd(32, "0"), end: "f".repeat(32) },
    ]);
  });

  it("halves shards, but for one of a single key", () => {
    const whole = createShardStates(1, 1, 1000);
    const shards = halveShards(splitShard(whole, 0, "1".padStart(32, "0"), turn), [1, 2], turn);
    expect(shards.map(({ parentIndex, closed }) => [parentIndex, closed !== undefined])).toEqual([
      [undefined, true],
      [0, false],
      [0, true],
      [2, false],
      [2, false],
    ]);
    const [, single, , low, high] = shards.map(({ start, end }) => [start, end]);
    expect(single).toEqual(["0".repeat(32), "0".repeat(32)]);
    expect([low, high]).toEqual([
      ["1".padStart(32, "0"), "7".padEnd(32, "f")],
      ["8".padEnd(32, "0"), "f".repeat(32)],
    ]);
  });

  it("merges two neighbours into one that knows both", () => {
    const shards = mergeShards(createShardStates(2, 1, 1000), 0, 1, turn);
    expect(shards.map(({ closed }) => closed?.nextIndex)).toEqual([10, 11, undefined]);
    expect(shards[2]).toMatchObject({
      parentIndex: 0,
      adjacentParentIndex: 1,
      start: "0".repeat(32),
      end: "f".repeat(32),
    });
  });

  it("ends with even ranges whatever counts follow each other", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 5 }),
        ([first = 1, ...counts]) => {
          let shards = createShardStates(first, 1, 1000);
          for (const count of counts) {
            shards = rescaleShards(shards, count, turn);
            expect(openRanges(shards)).toEqual(divideHashKeys(count));
            expect(shards.map(({ index }) => index)).toEqual(shards.map((_, index) => index));
          }
        },
      ),
    );
  });
});
