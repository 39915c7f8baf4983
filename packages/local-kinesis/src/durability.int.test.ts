import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll } from "../testing/read-all.ts";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { openKinesis, startLocalKinesis } from "./index.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});

afterEach(() => directory.remove());

async function start() {
  const kinesis = await startLocalKinesis({ directory: directory.path, port: 0, stateDelayMs: 0, limits: false });
  const client = new KinesisClient({
    endpoint: kinesis.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const stop = async () => {
    client.destroy();
    await kinesis.close();
  };
  return { kinesis, client, stop };
}

describe("a directory", () => {
  it("is refused with the file and the cure if it holds something else", async () => {
    await writeFile(join(directory.path, "data.mdb"), "something else".repeat(1000));
    await expect(openKinesis({ directory: directory.path })).rejects.toThrow(
      `data.mdb is not a readable stream log; move it away, or remove ${directory.path} to start`,
    );
  });

  it("keeps streams, records, positions and iterators over a close", async () => {
    const before = await start();
    await before.client.send(
      new CreateStreamCommand({ StreamName: "s", StreamModeDetails: { StreamMode: "ON_DEMAND" }, Tags: { a: "b" } }),
    );
    const put = (client: KinesisClient, text: string) =>
      client.send(
        new PutRecordsCommand({
          StreamName: "s",
          Records: Array.from({ length: 20 }, (_, key) => ({ PartitionKey: `${key}`, Data: Buffer.from(text) })),
        }),
      );
    await put(before.client, "before");
    const { ShardIterator } = await before.client.send(
      new GetShardIteratorCommand({ StreamName: "s", ShardId: "shardId-000000000000", ShardIteratorType: "LATEST" }),
    );
    const kept = await readAll(before.kinesis.reader, "s");
    const shards = await before.kinesis.reader.listShards("s");
    await before.stop();

    const after = await start();
    expect(await after.kinesis.reader.listShards("s")).toEqual(shards);
    expect(await readAll(after.kinesis.reader, "s")).toEqual(kept);
    await put(after.client, "after");
    const all = await readAll(after.kinesis.reader, "s", 3);
    expect(all).toHaveLength(40);
    for (const { shardId } of shards) {
      const numbers = all.filter((record) => record.shardId === shardId).map(({ sequenceNumber }) => sequenceNumber);
      expect([...new Set(numbers)].sort()).toEqual(numbers);
    }
    const { Records = [] } = await after.client.send(new GetRecordsCommand({ ShardIterator }));
    expect(new Set(Records.map(({ Data }) => Buffer.from(Data ?? []).toString()))).toEqual(new Set(["after"]));
    await after.stop();
  });

  it("holds every record whose put was confirmed, once, after the process was killed", async () => {
    const setUp = await start();
    await setUp.client.send(
      new CreateStreamCommand({ StreamName: "s", StreamModeDetails: { StreamMode: "ON_DEMAND" } }),
    );
    await setUp.stop();

    const script = new URL("../testing/put-until-killed.ts", import.meta.url).pathname;
    for (const enough of [2_000, 5_000]) {
      const child = spawn(process.execPath, [script, directory.path, "s"], { stdio: ["ignore", "pipe", "inherit"] });
      const closed = once(child, "close");
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.length > enough * 80) child.kill("SIGKILL");
      });
      await closed;
      expect(child.signalCode).toBe("SIGKILL");

      // The last line may be cut off: it was written, but not all of it.
      const confirmed = output.split("\n").slice(0, -1);
      expect(confirmed.length).toBeGreaterThan(enough / 2);
      const { kinesis, stop } = await start();
      const stored = new Map<string, number>();
      for (const { shardId, sequenceNumber, data } of await readAll(kinesis.reader, "s")) {
        const line = `${shardId} ${sequenceNumber} ${Buffer.from(data).toString()}`;
        stored.set(line, (stored.get(line) ?? 0) + 1);
      }
      expect(confirmed.filter((line) => stored.get(line) !== 1)).toEqual([]);
      await stop();
    }
  });
});
