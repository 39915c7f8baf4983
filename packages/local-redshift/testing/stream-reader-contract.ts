import { describe, expect, it, onTestFinished } from "vitest";
import type { StreamReader, StreamRecord } from "../src/database/streaming/stream-reader.ts";
import { startKinesisWorld, type KinesisWorld } from "./kinesis-world.ts";

const firstShard = "shardId-000000000000";
const hourMs = 3_600_000;
const textOf = (record: StreamRecord) => Buffer.from(record.data).toString();

/** What every reader of streams promises, whichever way it reads. `open` makes one; it is closed by the test. */
export function testStreamReader(
  name: string,
  open: (world: KinesisWorld) => StreamReader & { readonly close?: () => void },
): void {
  async function start() {
    const world = await startKinesisWorld();
    await world.createStream("events");
    const reader = open(world);
    onTestFinished(async () => {
      reader.close?.();
      await world[Symbol.asyncDispose]();
    });
    const read = (afterSequenceNumber?: string, shardId = firstShard, maxRecords = 1_000) =>
      reader.read({
        streamName: "events",
        shardId,
        maxRecords,
        maxBytes: 10_000_000,
        ...(afterSequenceNumber === undefined ? {} : { afterSequenceNumber }),
      });
    return { world, reader, read };
  }

  describe(name, () => {
    it("knows which streams there are", async () => {
      const { world, reader } = await start();
      expect(await reader.describe("events")).toEqual({
        streamName: "events",
        streamArn: "arn:aws:kinesis:eu-west-1:000000000000:stream/events",
      });
      expect(await reader.describe("later")).toBeUndefined();
      await world.createStream("later");
      expect(await reader.describe("later")).toMatchObject({ streamName: "later" });
    });

    it("begins with the oldest record and goes on behind the one that was read last", async () => {
      const { world, read } = await start();
      const stored = await world.put("events", ["a", "b", "c"]);
      const page = await read(undefined, firstShard, 2);
      expect(page).toMatchObject({ atTip: false, ended: false });
      expect(page.records.map(textOf)).toEqual(["a", "b"]);
      expect(page.records[0]).toMatchObject({ sequenceNumber: stored[0]?.SequenceNumber, partitionKey: "a" });
      expect(Math.abs(page.records[0]!.arrivedAt - Date.now())).toBeLessThan(hourMs);
      const rest = await read(page.records[1]!.sequenceNumber);
      expect(rest).toMatchObject({ atTip: true, ended: false });
      expect(rest.records.map(textOf)).toEqual(["c"]);
      expect((await read(rest.records[0]!.sequenceNumber)).records).toEqual([]);
      await world.put("events", ["d"]);
      expect((await read(rest.records[0]!.sequenceNumber)).records.map(textOf)).toEqual(["d"]);
    });

    it("gives the same again to who asks for it again", async () => {
      const { world, read } = await start();
      const [first] = await world.put("events", ["a", "b", "c"]);
      for (const after of [undefined, first?.SequenceNumber, undefined, first?.SequenceNumber])
        expect((await read(after)).records.map(textOf)).toEqual(after === undefined ? ["a", "b", "c"] : ["b", "c"]);
    });

    it("goes on after five minutes, when an iterator of the API expires", async () => {
      const { world, read } = await start();
      const [first] = await world.put("events", ["a"]);
      expect((await read()).records.map(textOf)).toEqual(["a"]);
      expect((await read(first?.SequenceNumber)).records).toEqual([]);
      world.pass(6 * 60_000);
      await world.put("events", ["b"]);
      expect((await read(first?.SequenceNumber)).records.map(textOf)).toEqual(["b"]);
    });

    it("tells the end of a shard that was split or merged, and the shards that follow", async () => {
      const { world, reader, read } = await start();
      await world.put("events", ["a"]);
      expect(await reader.listShards("events")).toEqual([{ shardId: firstShard, closed: false }]);
      await world.split("events", firstShard);
      const page = await read();
      expect(page).toMatchObject({ atTip: true, ended: true });
      expect(page.records.map(textOf)).toEqual(["a"]);
      expect(await read(page.records[0]!.sequenceNumber)).toEqual({ records: [], atTip: true, ended: true });
      const [left, right] = ["shardId-000000000001", "shardId-000000000002"];
      await world.merge("events", left, right);
      expect(await read(undefined, left)).toMatchObject({ records: [], ended: true });
      expect(await reader.listShards("events")).toEqual([
        { shardId: firstShard, closed: true },
        { shardId: left, parentShardId: firstShard, closed: true },
        { shardId: right, parentShardId: firstShard, closed: true },
        { shardId: "shardId-000000000003", parentShardId: left, adjacentParentShardId: right, closed: false },
      ]);
    });

    it("goes on with the oldest record when retention has passed the one that was read last", async () => {
      const { world, read } = await start();
      const [first] = await world.put("events", ["a", "b"]);
      world.pass(25 * hourMs);
      expect(await read(first?.SequenceNumber)).toMatchObject({ records: [], ended: false });
      await world.put("events", ["c"]);
      expect((await read(first?.SequenceNumber)).records.map(textOf)).toEqual(["c"]);
      expect((await read()).records.map(textOf)).toEqual(["c"]);
    });

    it("refuses to go on in a stream that was deleted and made again", async () => {
      const { world, read } = await start();
      const [first] = await world.put("events", ["a"]);
      expect((await read(first?.SequenceNumber)).records).toEqual([]);
      await world.deleteStream("events");
      world.pass(2_000);
      await world.createStream("events");
      await world.put("events", ["b", "c"]);
      await expect(read(first?.SequenceNumber)).rejects.toMatchObject({ name: "StreamPositionError" });
      expect((await read()).records.map(textOf)).toEqual(["b", "c"]);
    });

    it("refuses to go on behind a record that the shard has lost though it has older ones", async () => {
      const { world, read } = await start();
      const [first, second] = await world.put("events", ["a", "b"]);
      // The number that a third record would have had: it lies as far from the second as that from the first.
      const [before, last] = [BigInt(first!.SequenceNumber!), BigInt(second!.SequenceNumber!)];
      await expect(read(String(last + (last - before)))).rejects.toMatchObject({ name: "StreamPositionError" });
    });

    it("calls whoever follows a stream after a put, and no more once it is told so", async () => {
      const { world, reader } = await start();
      let calls = 0;
      const stop = reader.onAppend("events", () => (calls += 1));
      await world.put("events", ["a"]);
      await expect.poll(() => calls).toBeGreaterThan(0);
      stop();
    });
  });
}
