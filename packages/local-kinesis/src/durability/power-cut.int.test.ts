import { open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateStreamCommand, PutRecordsCommand, UpdateShardCountCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDirectClient } from "../../testing/direct-client.ts";
import { createRandom, readImage, writeAfterPowerCut } from "../../testing/power-cut.ts";
import { readAll } from "../../testing/read-all.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { openKinesis } from "../index.ts";
import type { StreamReader } from "../index.ts";
import { parseMeta, readMeta } from "./meta-page.ts";

const StreamName = "s";
const CHECKPOINT = "checkpoint.json";
const OPTIONS = { stateDelayMs: 0, limits: false };
let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let live: string;
let cut: string;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  live = join(directory.path, "live");
  cut = join(directory.path, "cut");
});
afterEach(() => directory.remove());

async function put(client: Pick<KinesisClient, "send">, text: string): Promise<void> {
  const Records = Array.from({ length: 20 }, (_, key) => ({ PartitionKey: `${key}`, Data: Buffer.from(text) }));
  await client.send(new PutRecordsCommand({ StreamName, Records }));
}

async function texts(reader: StreamReader): Promise<string[]> {
  return (await readAll(reader, StreamName)).map(({ data }) => Buffer.from(data).toString());
}

/** Whether the newest state of the database is the last checkpoint. */
async function isCheckpointed(): Promise<boolean> {
  const { meta } = JSON.parse(await readFile(join(live, CHECKPOINT), "utf8")) as { meta: string };
  const data = await open(join(live, "data.mdb"));
  try {
    return readMeta(data.fd)?.transaction === parseMeta(Buffer.from(meta, "base64"))?.transaction;
  } finally {
    await data.close();
  }
}

/** Puts and reshards after a checkpoint and before the next: what was there at the checkpoint, and the directory then and now. */
async function writeAfterCheckpoint(reader: StreamReader, client: Pick<KinesisClient, "send">) {
  for (let count = 2; ; count += 1) {
    await put(client, "before");
    await expect.poll(isCheckpointed, { timeout: 20_000 }).toBe(true);
    const [shards, records, synced] = [await reader.listShards(StreamName), await texts(reader), await readImage(live)];
    await put(client, "after");
    await client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: count, ScalingType: "UNIFORM_SCALING" }),
    );
    await put(client, "after");
    const written = await readImage(live);
    // On a busy machine the next checkpoint may have come; then once more.
    if (written.get(CHECKPOINT)?.equals(synced.get(CHECKPOINT) ?? Buffer.alloc(0)))
      return { shards, records, synced, written };
  }
}

/** Makes a directory what another run of the system finds: the processes of the one before are gone. */
async function restart(path: string): Promise<void> {
  await rm(join(path, "kinesis.lock"), { force: true });
  const file = join(path, CHECKPOINT);
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), bootId: "another" }));
}

describe("a power cut", () => {
  it("takes what came after the last checkpoint, as if it had not been", async () => {
    const kinesis = await openKinesis({ directory: live, ...OPTIONS });
    const client = createDirectClient(kinesis.service);
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { synced, written, shards, records } = await writeAfterCheckpoint(kinesis.reader, client);
    await kinesis.close();

    for (let seed = 0; seed < 10; seed += 1) {
      await writeAfterPowerCut(cut, synced, written, createRandom(seed));
      await restart(cut);
      const lines: string[] = [];
      const again = await openKinesis({ directory: cut, ...OPTIONS, log: (line) => lines.push(line) });
      expect(lines.join()).toContain("the machine stopped while");
      expect(await texts(again.reader)).toEqual(records);
      expect(await again.reader.listShards(StreamName)).toEqual(shards);
      await put(createDirectClient(again.service), "new");
      await again.close();
      const third = await openKinesis({ directory: cut, ...OPTIONS, log: (line) => expect.unreachable(line) });
      expect((await texts(third.reader)).sort()).toEqual([...records, ...Array<string>(20).fill("new")].sort());
      await third.close();
      await rm(cut, { recursive: true });
    }
  });

  it("takes nothing once the directory was closed, nor of what a killed process confirmed before the next opened it", async () => {
    const kinesis = await openKinesis({ directory: live, ...OPTIONS });
    const client = createDirectClient(kinesis.service);
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await put(client, "confirmed");
    const killed = await readImage(live);
    await kinesis.close();
    const closed = await readImage(live);

    await writeAfterPowerCut(cut, closed, closed, () => 0);
    const again = await openKinesis({ directory: cut, ...OPTIONS, log: (line) => expect.unreachable(line) });
    expect(await texts(again.reader)).toHaveLength(20);
    await again.close();
    await rm(cut, { recursive: true });

    await writeAfterPowerCut(cut, killed, killed, () => 0);
    await rm(join(cut, "kinesis.lock"));
    const next = await openKinesis({ directory: cut, ...OPTIONS });
    const opened = await readImage(cut);
    await next.close();
    await rm(cut, { recursive: true });
    await writeAfterPowerCut(cut, opened, opened, () => 0);
    await restart(cut);
    const last = await openKinesis({ directory: cut, ...OPTIONS });
    expect(await texts(last.reader)).toHaveLength(20);
    await last.close();
  });
});
