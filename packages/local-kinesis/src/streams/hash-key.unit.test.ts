import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divideHashKeys, formatHashKey, hashKeyBefore, hashKeyOf, parseHashKey } from "./hash-key.ts";
import { createShardStates, findOpenShard } from "./stream.ts";
import type { Shard, Stream } from "./stream.ts";

const MAX = (1n << 128n) - 1n;
const hashKey = fc.bigInt({ min: 0n, max: MAX }).map((value) => value.toString());

function streamOf(shardCount: number): Stream {
  const shards = createShardStates(shardCount, 0, 0).map((state) => ({ state }) as Shard);
  return { state: {} as Stream["state"], shards, openShards: shards, rotation: { turn: 0 } };
}

describe("hash keys", () => {
  it("are divided without a gap or an overlap, in ranges as wide as each other but for the last", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (count) => {
        const ranges = divideHashKeys(count).map(
          ({ start, end }) => [BigInt(`0x${start}`), BigInt(`0x${end}`)] as const,
        );
        expect(ranges).toHaveLength(count);
        expect(ranges[0]?.[0]).toBe(0n);
        expect(ranges.at(-1)?.[1]).toBe(MAX);
        ranges.slice(1).forEach(([start], position) => expect(start).toBe((ranges[position]?.[1] ?? 0n) + 1n));
        expect(new Set(ranges.slice(0, -1).map(([start, end]) => end - start)).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("divide into the ranges AWS shows for four shards", () => {
    expect(divideHashKeys(4).map(({ start }) => formatHashKey(start))).toEqual([
      "0",
      "85070591730234615865843651857942052864",
      "170141183460469231731687303715884105728",
      "255211775190703847597530955573826158592",
    ]);
    expect(formatHashKey(divideHashKeys(4)[3]?.end ?? "")).toBe("340282366920938463463374607431768211455");
  });

  it("find the one shard whose range holds them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), hashKey, (count, decimal) => {
        const { state } = findOpenShard(streamOf(count), parseHashKey(decimal) ?? "");
        expect(BigInt(`0x${state.start}`) <= BigInt(decimal) && BigInt(decimal) <= BigInt(`0x${state.end}`)).toBe(true);
      }),
    );
  });

  it("find the first and the last key of every range", () => {
    const stream = streamOf(7);
    for (const shard of stream.shards) {
      expect(findOpenShard(stream, shard.state.start)).toBe(shard);
      expect(findOpenShard(stream, shard.state.end)).toBe(shard);
    }
  });

  it("are the MD5 of the partition key in UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (key) => {
        expect(hashKeyOf(key)).toBe(createHash("md5").update(key, "utf8").digest("hex"));
      }),
    );
  });

  it("end at 2^128", () => {
    expect(parseHashKey(MAX.toString())).toBe("f".repeat(32));
    expect(parseHashKey((MAX + 1n).toString())).toBeUndefined();
    expect(hashKeyBefore("1".padEnd(32, "0"))).toBe("0".padEnd(32, "f"));
  });
});
