import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDirectWorld } from "../../testing/model/model-world.ts";
import type { ModelWorld } from "../../testing/model/model-world.ts";
import { SEGMENT_BYTES } from "../log/segment-files.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const StreamName = "s";
const id = (number: number): string => `shardId-${String(number).padStart(12, "0")}`;
let world: ModelWorld;

beforeEach(async () => {
  world = await openDirectWorld();
  await world.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});
afterEach(() => world.close());

async function put(recordCount: number, bytes = 10): Promise<void> {
  const Records = Array.from({ length: recordCount }, (_, key) => ({
    PartitionKey: `${key}`,
    Data: Buffer.alloc(bytes, "x"),
  }));
  await world.client.send(new PutRecordsCommand({ StreamName, Records }));
}

async function listedIds(): Promise<(string | undefined)[]> {
  const { Shards } = await world.client.send(new ListShardsCommand({ StreamName }));
  const { StreamDescription } = await world.client.send(new DescribeStreamCommand({ StreamName }));
  expect(StreamDescription?.Shards).toEqual(Shards);
  return (Shards ?? []).map(({ ShardId }) => ShardId);
}

async function iterator(ShardId: string): Promise<string | undefined> {
  const input = { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
  return (await world.client.send(new GetShardIteratorCommand(input))).ShardIterator;
}

async function split(): Promise<void> {
  const input = { StreamName, ShardToSplit: id(0), NewStartingHashKey: (2n ** 127n).toString() };
  await world.client.send(new SplitShardCommand(input));
}

async function bytesOnDisk(): Promise<number> {
  const names = await readdir(world.directory, { recursive: true });
  // A file may go while they are looked at.
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(world.directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The shards of which blocks lie on disk, once for each block. */
async function shardsOnDisk(): Promise<number[]> {
  let indexes: number[] = [];
  await world.reopen(async () => {
    const root = open({ path: world.directory, noSubdir: false, readOnly: true });
    const blocks = root.openDB<Buffer, Buffer>({ name: "blocks", encoding: "binary", keyEncoding: "binary" });
    indexes = [...blocks.getKeys()].map((key) => key.readUInt32BE(4));
    await root.close();
  });
  return indexes;
}

describe("records past their retention", () => {
  it("leave the disk within a minute, but for the last entry, which tells where the shard stands", async () => {
    for (let hour = 0; hour < 3; hour += 1) {
      await put(1);
      await world.clock.advance(HOUR_MS);
    }
    expect(await shardsOnDisk()).toEqual([0, 0, 0]);
    await world.clock.jump(22 * HOUR_MS - MINUTE_MS);
    await world.clock.advance(MINUTE_MS);
    expect(await shardsOnDisk()).toEqual([0, 0]);
    await world.clock.jump(HOUR_MS);
    await world.clock.jump(HOUR_MS);
    expect(await shardsOnDisk()).toEqual([0]);
  });

  it("leave room for new ones, so that the directory stops growing", async () => {
    const sizes: number[] = [];
    for (let day = 0; day < 10; day += 1) {
      for (let call = 0; call < 10; call += 1) await put(400, 2500);
      await world.clock.jump(25 * HOUR_MS);
      sizes.push(await bytesOnDisk());
    }
    // A file of records goes as a whole: a hundred megabytes were put, two of these files stay at most.
    expect(Math.max(...sizes)).toBeLessThan(2 * SEGMENT_BYTES);
  });

  it("leave with their stream when that is deleted", async () => {
    await put(500, 2000);
    await world.client.send(new DeleteStreamCommand({ StreamName }));
    expect(await shardsOnDisk()).toEqual([]);
    expect(await bytesOnDisk()).toBeLessThan(500 * 2000);
  });
});

describe("a closed shard", () => {
  it("is listed and read while it has records, then its id is unknown and its blocks are gone", async () => {
    await put(20);
    await split();
    await put(20);
    await world.clock.jump(24 * HOUR_MS);
    expect(await listedIds()).toEqual([id(0), id(1), id(2)]);
    expect(
      (await world.client.send(new GetRecordsCommand({ ShardIterator: await iterator(id(0)) }))).Records,
    ).toHaveLength(20);

    const ShardIterator = await iterator(id(0));
    await world.clock.jump(1);
    expect(await listedIds()).toEqual([id(1), id(2)]);
    const notFound = { name: "ResourceNotFoundException", message: expect.stringContaining(id(0)) };
    await expect(iterator(id(0))).rejects.toMatchObject(notFound);
    await expect(world.client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject(notFound);
    await expect(split()).rejects.toMatchObject(notFound);
    await world.clock.jump(MINUTE_MS);
    expect((await shardsOnDisk()).sort()).toEqual([1, 2]);
  });

  it("gives its number to no other, and is still named as the parent of its children", async () => {
    await split();
    await world.clock.jump(25 * HOUR_MS);
    await world.reopen();
    await world.client.send(new MergeShardsCommand({ StreamName, ShardToMerge: id(1), AdjacentShardToMerge: id(2) }));
    expect(await listedIds()).toEqual([id(1), id(2), id(3)]);
    const { Shards } = await world.client.send(new ListShardsCommand({ StreamName }));
    expect(Shards?.map(({ ParentShardId }) => ParentShardId)).toEqual([id(0), id(0), id(1)]);
  });

  it("does not come back with a longer retention period, and goes at once with a shorter one", async () => {
    await split();
    await world.clock.jump(25 * HOUR_MS);
    await world.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 72 }));
    expect(await listedIds()).toEqual([id(1), id(2)]);
    await world.client.send(new MergeShardsCommand({ StreamName, ShardToMerge: id(1), AdjacentShardToMerge: id(2) }));
    await world.clock.jump(25 * HOUR_MS);
    expect(await listedIds()).toEqual([id(1), id(2), id(3)]);
    await world.client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 }));
    expect(await listedIds()).toEqual([id(3)]);
  });
});
