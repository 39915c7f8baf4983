import { expect, it } from "vitest";
import { maxOnDemandThroughput, shardCountForThroughput } from "./on-demand.ts";

it("an on-demand stream has a shard for each MiB/s, and four at least", () => {
  expect([0, 1, 4, 4.1, 100].map(shardCountForThroughput)).toEqual([4, 4, 4, 5, 100]);
});

it("an on-demand stream grows further in three regions", () => {
  expect(["eu-west-1", "eu-central-1"].map(maxOnDemandThroughput)).toEqual([10_240, 200]);
});
