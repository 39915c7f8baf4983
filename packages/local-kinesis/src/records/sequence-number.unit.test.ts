import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSequencer, formatSequenceNumber, parseSequenceNumber } from "./sequence-number.ts";

// Shards created after 2055 have numbers that start with 50.
const second = fc.integer({ min: 1_500_000_000, max: 2_600_000_000 });
const shardIndex = fc.integer({ min: 0, max: 0x7fffffff });
const index = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe("sequence numbers", () => {
  it("have 56 digits, start with 49 and say what they were made of", () => {
    fc.assert(
      fc.property(fc.record({ createdSecond: second, shardIndex, index, arrivedSecond: second }), (parts) => {
        const expected = { ...parts, arrivedSecond: Math.max(parts.arrivedSecond, parts.createdSecond) };
        const text = formatSequenceNumber(parts);
        expect(text).toMatch(/^49\d{54}$/);
        expect(parseSequenceNumber(text)).toEqual(expected);
      }),
    );
  });

  it("grow with the index, as numbers and as text", () => {
    fc.assert(
      fc.property(second, shardIndex, fc.uniqueArray(index, { minLength: 2, maxLength: 2 }), (created, shard, pair) => {
        const [low, high] = pair.sort((left, right) => left - right) as [number, number];
        const sequencer = createSequencer(created, shard);
        const early = sequencer(low, (created + 9) * 1000);
        const late = sequencer(high, created * 1000);
        expect(early < late && BigInt(early) < BigInt(late)).toBe(true);
      }),
    );
  });

  it("agree with one that AWS gave", () => {
    // The sample event of the Lambda developer guide (Kinesis): of shardId-000000000006, arrived at 1545084650.987.
    expect(parseSequenceNumber("49590338271490256608559692538361571095921575989136588898")).toMatchObject({
      shardIndex: 6,
      arrivedSecond: 1_545_084_650,
    });
  });

  it("are not read from anything else", () => {
    for (const text of ["0", "1", "49", "x".repeat(56), `5${"0".repeat(55)}`, "9".repeat(129)]) {
      expect(parseSequenceNumber(text)).toBeUndefined();
    }
  });
});
