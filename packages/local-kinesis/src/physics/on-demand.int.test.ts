import type { WireRequest } from "@millrace/local-wire";
import { expect, it, onTestFinished } from "vitest";
import { createHeldClock } from "../../testing/held-clock.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { openKinesis } from "../index.ts";
import type { KinesisOptions } from "../index.ts";

const MINUTE_MS = 60_000;
const toRecords = (keys: readonly string[]) => keys.map((PartitionKey) => ({ PartitionKey, Data: new Uint8Array(1) }));
/** So many keys that every shard gets its part. */
const SPREAD = Array.from({ length: 20 }, (_, batch) =>
  toRecords(Array.from({ length: 500 }, (_, position) => `${batch}/${position}`)),
);

/** A stream that is to be called without a wire between. */
async function setUp(options: Partial<KinesisOptions> = {}) {
  const directory = await makeTemporaryDirectory();
  const clock = createHeldClock();
  let kinesis = await openKinesis({ directory: directory.path, clock, stateDelayMs: 0, ...options });
  onTestFinished(async () => {
    await kinesis.close();
    await directory.remove();
  });
  const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
    const request = { operation, input, protocol: "cbor", requestId: "", region: "", accessKeyId: "" } as const;
    const signal = new AbortController().signal;
    return (await kinesis.service.handle({ ...request, signal } as unknown as WireRequest)) as Record<string, unknown>;
  };
  await call("CreateStream", { StreamName: "s", ShardCount: 1 });
  await call("UpdateStreamMode", {
    StreamARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/s",
    StreamModeDetails: { StreamMode: "ON_DEMAND" },
  });
  const reopen = async (): Promise<void> => {
    await kinesis.close();
    kinesis = await openKinesis({ directory: directory.path, clock, stateDelayMs: 0, ...options });
  };
  /** Puts so many batches of 500 records, spread over the shards or all under one key, and answers how many came in. */
  const put = async (batches: number, key?: string): Promise<number> => {
    const hot = key === undefined ? undefined : toRecords(Array<string>(500).fill(key));
    const answers = await Promise.all(
      Array.from({ length: batches }, (_, batch) =>
        call("PutRecords", { StreamName: "s", Records: hot ?? SPREAD[batch % SPREAD.length] }),
      ),
    );
    return batches * 500 - answers.reduce((failed, answer) => failed + Number(answer["FailedRecordCount"]), 0);
  };
  const openShards = async (): Promise<number> => {
    await clock.advance(1000);
    const { Shards } = await call("ListShards", { StreamName: "s", ShardFilter: { Type: "AT_LATEST" } });
    return (Shards as unknown[]).length;
  };
  /** As much for a minute as the stream takes, and a record 15 minutes after that minute began. */
  const heat = async (shards: number, key?: string): Promise<void> => {
    for (let second = 0; second < 33; second += 1) {
      await put(shards * 2, key);
      await clock.advance(1000);
    }
    await clock.jump(15 * MINUTE_MS - (clock.now() % MINUTE_MS));
    await put(1, key);
  };
  return { clock, put, openShards, heat, reopen };
}

it("an on-demand stream doubles every 15 minutes for an hour of more than it takes, and a restart keeps that", async () => {
  const { openShards, heat, put, clock, reopen } = await setUp();
  for (const shards of [1, 2, 4, 8]) {
    expect(await openShards()).toBe(shards);
    await heat(shards);
  }
  expect(await openShards()).toBe(16);
  await reopen();
  expect(await openShards()).toBe(16);
  await put(80);
  await clock.advance(1000);
  expect(Math.abs((await put(80)) / 16_000 - 1)).toBeLessThanOrEqual(0.01);
});

it("an on-demand stream splits a shard that one key fills, and the key is held to what a shard takes", async () => {
  const { openShards, heat, put } = await setUp();
  await heat(1, "hot");
  await heat(1, "hot");
  expect(await openShards()).toBe(3);
  expect(await put(4, "hot")).toBe(1000);
});

it("an on-demand stream stays as it is without limits, and with traffic that its shards take easily", async () => {
  const unlimited = await setUp({ limits: false });
  await unlimited.heat(2);
  expect(await unlimited.openShards()).toBe(1);
  const easy = await setUp();
  await easy.heat(0.5);
  expect(await easy.openShards()).toBe(1);
});
