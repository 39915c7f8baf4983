import { join } from "node:path";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientOf } from "../testing/client-of.ts";
import { createDirectClient } from "../testing/direct-client.ts";
import { createHeldClock } from "../testing/held-clock.ts";
import { RECORDS_PER_CALL, findKillFaults, putUntilKilled, readNumberedRecords } from "../testing/kill-run.ts";
import type { NumberedRecord } from "../testing/kill-run.ts";
import type { PutUntilKilled, Upheaval } from "../testing/put-until-killed.ts";
import { readAll } from "../testing/read-all.ts";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { openKinesis, startLocalKinesis } from "./index.ts";

/** How often a process is killed; CONTRIBUTING.md says how to have more. */
const KILLS = Number(process.env["MILLRACE_KILLS"] ?? 5);
/** A directory is killed so often before another takes its place. */
const KILLS_A_DIRECTORY = 10;
const UPHEAVALS: readonly Upheaval[] = ["resharding", "nothing", "trimming", "deleting streams"];
let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});

afterEach(() => directory.remove());

async function start() {
  const kinesis = await startLocalKinesis({ directory: directory.path, port: 0, stateDelayMs: 0, limits: false });
  const client = clientOf(kinesis.url);
  const stop = async () => {
    client.destroy();
    await kinesis.close();
  };
  return { kinesis, client, stop };
}

describe("a directory", () => {
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
});

describe("a process that is killed", () => {
  it(
    "has lost no confirmed record, stored none twice, and kept the order of each shard",
    { timeout: 60_000 + KILLS * 20_000 },
    async () => {
      let earlier: NumberedRecord[] = [];
      let now = Date.UTC(2026, 0, 1);
      let firstNumber = 0;
      let startMs = 500;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const path = join(directory.path, `${Math.floor(kill / KILLS_A_DIRECTORY)}`);
        const open = () =>
          openKinesis({ directory: path, clock: createHeldClock(now), stateDelayMs: 0, limits: false });
        if (kill % KILLS_A_DIRECTORY === 0) {
          const kinesis = await open();
          await createDirectClient(kinesis.service).send(new CreateStreamCommand({ StreamName: "s", ShardCount: 2 }));
          await kinesis.close();
          earlier = [];
        }
        const upheaval = UPHEAVALS[kill % UPHEAVALS.length] as Upheaval;
        const durability: PutUntilKilled["durability"] = kill % 7 === 3 ? "power" : "process";
        const after = kill % 5 === 4 ? "start" : "first record";
        const moment = { after, delayMs: Math.random() * (after === "start" ? startMs : 400) } as const;
        const startedAt = Date.now();
        const options = { directory: path, streamName: "s", upheaval, durability, startAt: now, firstNumber };
        const latest = await putUntilKilled(options, moment);
        if (after === "first record") startMs = Date.now() - startedAt - moment.delayMs;
        now = latest.reduce((last, { at }) => Math.max(last, at), now);

        const kinesis = await open();
        const stored = await readNumberedRecords(kinesis.reader, "s");
        const about = `kill ${kill}, ${moment.delayMs} ms after the ${after}, ${upheaval}, ${durability}`;
        expect(findKillFaults(stored, { earlier, latest, now }), about).toEqual([]);
        await kinesis.close();

        earlier.push(...latest);
        const last = Math.max(firstNumber - 1, ...[...stored, ...latest].map(({ number }) => number));
        firstNumber = Math.ceil((last + 1) / RECORDS_PER_CALL) * RECORDS_PER_CALL;
      }
    },
  );
});
