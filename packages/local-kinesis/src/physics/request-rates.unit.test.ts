import * as sdk from "@aws-sdk/client-kinesis";
import { describe, expect, it } from "vitest";
import type { Stream } from "../streams/stream.ts";
import { REQUEST_RATES, createRequestRates } from "./request-rates.ts";

const ARN = "arn:aws:kinesis:eu-west-1:000000000000:stream/";

/** Rates at a time that stands unless `clock.now` is changed, with streams of these names and numbers. */
function setUp(streams: Readonly<Record<string, number>> = { one: 1, other: 2 }) {
  const clock = { now: 0 };
  const ids = new Map(Object.entries(streams));
  const rates = createRequestRates();
  const context = {
    accountId: "000000000000",
    now: () => clock.now,
    catalogue: { find: (name: string) => (ids.has(name) ? ({ state: { id: ids.get(name) } } as Stream) : undefined) },
  };
  const call = (operation: string, input: Record<string, unknown>): string => {
    try {
      rates.admit(context, operation, input);
      return "admitted";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const count = (operation: string, input: Record<string, unknown>): number => {
    let admitted = 0;
    while (admitted < 5000 && call(operation, input) === "admitted") admitted += 1;
    return admitted;
  };
  return { clock, ids, call, count };
}

describe("request rates", () => {
  it("are known for every operation of the API but those on records and those of which AWS publishes none", () => {
    const operations = Object.keys(sdk)
      .filter((name) => /^[A-Z].*Command$/.test(name))
      .map((name) => name.slice(0, -"Command".length));
    const rated = Object.keys(REQUEST_RATES);
    expect(rated.filter((name) => !operations.includes(name))).toEqual([]);
    expect(operations.filter((name) => !rated.includes(name)).sort()).toEqual([
      "GetRecords",
      "GetShardIterator",
      "ListTagsForResource",
      "PutRecord",
      "PutRecords",
      "StartStreamEncryption",
      "StopStreamEncryption",
      "TagResource",
      "UntagResource",
      "UpdateMaxRecordSize",
      "UpdateStreamMode",
      "UpdateStreamRecordDistributionStrategy",
    ]);
  });

  it("of an account are one for all its streams, and each operation has its own", () => {
    const { call, count } = setUp();
    expect(count("DescribeStream", { StreamName: "one" })).toBe(10);
    expect(call("DescribeStream", { StreamARN: `${ARN}other` })).toBe(
      "Rate exceeded for stream other under account 000000000000.",
    );
    expect(count("ListStreams", {})).toBe(5);
    expect(call("ListStreams", {})).toBe("Rate exceeded for account 000000000000.");
  });

  it("of a stream are its own, and not those of a stream of the same name before", () => {
    const { ids, count } = setUp();
    expect(count("ListShards", { StreamName: "one" })).toBe(1000);
    expect(count("ListShards", { StreamARN: `${ARN}one` })).toBe(0);
    expect(count("ListShards", { StreamName: "other" })).toBe(1000);
    ids.set("one", 3);
    expect(count("ListShards", { StreamName: "one" })).toBe(1000);
  });

  it("of a stream count nothing where there is none", () => {
    expect(setUp().count("ListShards", { StreamName: "none" })).toBe(5000);
  });

  it("of SubscribeToShard are those of a consumer and a shard", () => {
    const { clock, count } = setUp();
    const input = (consumer: string, ShardId: string) => ({ ConsumerARN: `${ARN}one/consumer/${consumer}:1`, ShardId });
    expect(count("SubscribeToShard", input("a", "0"))).toBe(1);
    expect(count("SubscribeToShard", input("a", "1"))).toBe(1);
    expect(count("SubscribeToShard", input("b", "0"))).toBe(1);
    clock.now += 999;
    expect(count("SubscribeToShard", input("a", "0"))).toBe(0);
    clock.now += 1;
    expect(count("SubscribeToShard", input("a", "0"))).toBe(1);
  });

  it.each(Object.entries(REQUEST_RATES))(
    "of %s hold in the long run, after a second's worth",
    (operation, { perSecond }) => {
      const { clock, call, count } = setUp();
      const input = { StreamName: "one" };
      expect(count(operation, input)).toBe(perSecond);
      let admitted = 0;
      const step = 500 / perSecond;
      for (clock.now = step; clock.now <= 10_000; clock.now += step)
        admitted += call(operation, input) === "admitted" ? 1 : 0;
      expect(Math.abs(admitted / (perSecond * 10) - 1)).toBeLessThanOrEqual(0.01);
    },
  );
});
