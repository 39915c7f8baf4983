import { join } from "node:path";
import { open } from "lmdb";
import type { RootDatabase } from "lmdb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { MAX_BLOCK_BYTES, encodeChunks, readEntry, toRecord } from "./block.ts";
import type { BlockExtent, LoggedRecord } from "./block.ts";
import { findByTime, readLog, scanLog } from "./log-reader.ts";
import type { ReadRange } from "./log-reader.ts";
import { createLogWriter } from "./log-writer.ts";
import { openShardLog } from "./shard-log.ts";
import { openBlocks } from "./open-blocks.ts";
import type { OpenBlocks } from "./open-blocks.ts";
import type { ShardLog } from "./shard-log.ts";
import { removeStreamLog, trimLogs } from "./trim.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let root: RootDatabase;
let blocks: OpenBlocks;
let streamId = 0;
let clock = 1000;

beforeAll(async () => {
  directory = await makeTemporaryDirectory();
  root = open({ path: directory.path, noSubdir: false });
  const index = root.openDB<Buffer, Buffer>({ name: "blocks", encoding: "binary", keyEncoding: "binary" });
  blocks = await openBlocks({ index, directory: join(directory.path, "records"), log: () => {} });
});

afterAll(async () => {
  await blocks.close();
  await root.close();
  await directory.remove();
});

function newShard(): ShardLog {
  streamId += 1;
  return openShardLog(blocks, streamId, 0);
}

async function put(shard: ShardLog, texts: readonly string[]): Promise<void> {
  const writer = createLogWriter({ blocks, now: () => clock, onCommit: () => {} });
  const drafts = texts.map((text) => ({ partitionKey: `k${text.slice(0, 20)}`, data: Buffer.from(text) }));
  await writer.append(encodeChunks(drafts).map((chunk) => ({ shard, chunk })));
}

/** Reads twice, with the records kept and with each looked at in passing, which must come to the same. */
function read(shard: ShardLog, part: Partial<ReadRange> = {}) {
  const range = { from: 1, notBefore: 0, maxRecords: 1e6, maxBytes: 1e9, ...part };
  const { records, ...scan } = readLog(blocks, shard, range);
  const passed: LoggedRecord[] = [];
  const inPassing = scanLog(blocks, shard, range, (span) => {
    const { data, ...record } = toRecord(span);
    passed.push({ ...record, data: Buffer.from(data) });
  });
  expect(inPassing).toEqual(scan);
  expect(passed).toEqual(records);
  return { ...scan, records, texts: records.map(({ data }) => data.toString()) };
}

function entriesOf({ streamId: id }: ShardLog) {
  return [...blocks.index.getRange()]
    .filter(({ key }) => key.readUInt32BE(0) === id)
    .map(({ value }) => readEntry(value));
}

/** Three blocks of three records, a second apart. */
async function nineRecords(): Promise<ShardLog> {
  const shard = newShard();
  for (const start of [1, 4, 7]) {
    clock = start * 1000;
    await put(shard, [start, start + 1, start + 2].map(String));
  }
  return shard;
}

describe("the log of a shard", () => {
  it("gives back what was put, in order, from any index", async () => {
    const shard = await nineRecords();
    for (let from = 1; from <= 10; from += 1) {
      const slice = read(shard, { from });
      expect(slice.texts).toEqual(
        "123456789"
          .slice(from - 1)
          .split("")
          .filter(Boolean),
      );
      expect(slice).toMatchObject({ next: 10, atTip: true });
    }
    expect(read(shard).records[4]).toMatchObject({ index: 5, arrivedAt: 4000, partitionKey: "k5" });
  });

  it("stops at the number of records and at the bytes asked for, and goes on from there", async () => {
    const shard = await nineRecords();
    expect(read(shard, { maxRecords: 4 })).toMatchObject({ next: 5, atTip: false, texts: ["1", "2", "3", "4"] });
    expect(read(shard, { maxRecords: 9 })).toMatchObject({ next: 10, atTip: true, bytes: 27, lastArrivedAt: 7000 });
    expect(read(shard, { maxRecords: 6 })).toMatchObject({ next: 7, atTip: false, bytes: 18, lastArrivedAt: 4000 });
    expect(read(shard, { maxBytes: 7 })).toMatchObject({ next: 3, atTip: false });
    expect(read(shard, { maxBytes: 1 }).texts).toEqual(["1"]);
  });

  it("passes over records that arrived before the retention start", async () => {
    const shard = await nineRecords();
    expect(read(shard, { notBefore: 4000 }).texts).toEqual(["4", "5", "6", "7", "8", "9"]);
    expect(read(shard, { notBefore: 4001, maxRecords: 1 }).texts).toEqual(["7"]);
    expect(read(shard, { notBefore: 9000 })).toMatchObject({ texts: [], next: 10, atTip: true });
  });

  it("finds records by their arrival", async () => {
    const shard = await nineRecords();
    expect([0, 1000, 1001, 4000, 5000, 7000, 7001].map((time) => findByTime(blocks, shard, time))).toEqual([
      1, 1, 4, 4, 7, 7, 10,
    ]);
    expect(findByTime(blocks, newShard(), 5)).toBe(1);
  });

  it("trims whole blocks, but never the last, so that indexes go on after all records have expired", async () => {
    const shard = await nineRecords();
    expect(await trimLogs(blocks, shard.streamId, { expired: [], kept: [shard] }, 4000)).toBe(1);
    expect(read(shard).texts).toEqual(["4", "5", "6", "7", "8", "9"]);
    expect(findByTime(blocks, shard, 0)).toBe(4);
    expect(await trimLogs(blocks, shard.streamId, { expired: [], kept: [shard] }, 1e9)).toBe(1);
    expect(read(shard)).toMatchObject({ texts: [], next: 10, atTip: true });
    expect(openShardLog(blocks, shard.streamId, 0)).toEqual(shard);
    expect(shard.nextIndex).toBe(10);
  });

  it("removes all blocks of a stream and none of its neighbour", async () => {
    const [first, second] = [await nineRecords(), await nineRecords()];
    expect(await removeStreamLog(blocks, first.streamId)).toBe(3);
    expect(read(first).texts).toEqual([]);
    expect(read(second).texts).toHaveLength(9);
  });

  it("splits what is put at once into blocks of bounded size and keeps a larger record whole", async () => {
    const shard = newShard();
    const texts = ["a", "b", "c", "d"]
      .map((letter) => letter.repeat(MAX_BLOCK_BYTES / 3))
      .concat("e".repeat(1_048_576));
    await put(shard, texts);
    expect(read(shard).texts).toEqual(texts);
    const lengths = entriesOf(shard).map(({ place }) => (place as BlockExtent).length);
    expect(lengths).toHaveLength(3);
    expect(lengths.slice(0, -1).every((length) => length <= MAX_BLOCK_BYTES)).toBe(true);
  });

  it("gathers puts of one moment in one block a shard and answers each with its own place", async () => {
    const [left, right] = [newShard(), newShard()];
    const commits: ShardLog[][] = [];
    const writer = createLogWriter({
      blocks,
      now: () => clock,
      onCommit: (shards) => commits.push([...shards]),
    });
    const chunkOf = (text: string) => encodeChunks([{ partitionKey: "k", data: Buffer.from(text) }])[0] as never;
    const placements = await Promise.all(
      ["a", "b", "c"].map((text) =>
        writer.append([
          { shard: left, chunk: chunkOf(text) },
          { shard: right, chunk: chunkOf(text) },
        ]),
      ),
    );
    expect(placements.map(([place]) => place?.firstIndex)).toEqual([1, 2, 3]);
    expect(commits).toEqual([[left, right]]);
    expect(read(left).texts).toEqual(["a", "b", "c"]);
    expect(entriesOf(right)).toHaveLength(1);
  });

  it("answers after the bytes and then their entry are on disk, if it is to sync first", async () => {
    const shard = newShard();
    const { promise: synced, resolve: endSync } = Promise.withResolvers<void>();
    const { promise: syncing, resolve: beginSync } = Promise.withResolvers<void>();
    const sync = (): Promise<void> => {
      beginSync();
      return synced;
    };
    const writer = createLogWriter({
      blocks: { ...blocks, files: { ...blocks.files, sync } },
      now: () => clock,
      onCommit: () => {},
      syncsFirst: true,
    });
    let isAnswered = false;
    const appending = writer
      .append([{ shard, chunk: encodeChunks([{ partitionKey: "k", data: Buffer.from("a") }])[0] as never }])
      .then(() => (isAnswered = true));
    await syncing;
    expect(isAnswered).toBe(false);
    expect(read(shard).texts).toEqual([]);
    endSync();
    await appending;
    expect(read(shard).texts).toEqual(["a"]);
  });
});
