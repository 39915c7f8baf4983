import { expect, it, onTestFinished } from "vitest";
import { credentials, startKinesisWorld } from "../../testing/kinesis-world.ts";
import { testStreamReader } from "../../testing/stream-reader-contract.ts";
import { openKinesisReader } from "./kinesis-reader.ts";

const open = (endpoint: string) =>
  openKinesisReader({ endpoint, region: "eu-west-1", credentials, pollMs: 20, readsPerSecond: 1_000 });

testStreamReader("a reader over the Kinesis API", ({ kinesis }) => open(kinesis.url));
testStreamReader("a reader in the process of the Kinesis", ({ kinesis }) => kinesis.reader);

async function start(options: Parameters<typeof startKinesisWorld>[0] = {}) {
  const world = await startKinesisWorld(options);
  const reader = open(world.kinesis.url);
  onTestFinished(async () => {
    reader.close();
    await world[Symbol.asyncDispose]();
  });
  await world.createStream("events");
  const shardId = "shardId-000000000000";
  return { world, reader, request: { streamName: "events", shardId, maxRecords: 100, maxBytes: 1_000_000 } };
}

it("waits for its turn where the endpoint allows five reads a second, and fails none", async () => {
  const { world, reader, request } = await start({ limits: true });
  await world.put("events", ["a"]);
  const answers = await Promise.all(Array.from({ length: 12 }, () => reader.read(request)));
  expect(answers.map(({ records }) => records.length)).toEqual(Array.from({ length: 12 }, () => 1));
});

it.each(["throttle", "internal-failure", "reset"] as const)("goes on after %s", async (kind) => {
  const { world, reader, request } = await start();
  const [first] = await world.put("events", ["a"]);
  world.kinesis.faults.set({ seed: 1, rules: [{ kind, rate: 1, times: 2 }] });
  const { records } = await reader.read(request);
  expect(records).toMatchObject([{ sequenceNumber: first?.SequenceNumber }]);
});

it("keeps iterators, so that a shard is asked for one only once", async () => {
  const { world, reader, request } = await start();
  let after = (await world.put("events", ["a"]))[0]!.SequenceNumber!;
  await reader.read(request);
  world.kinesis.faults.set({
    seed: 1,
    rules: [{ kind: "latency", latencyMs: [0, 0], rate: 1, operations: ["GetShardIterator"] }],
  });
  for (const text of ["b", "c", "d"]) {
    await world.put("events", [text]);
    const { records } = await reader.read({ ...request, afterSequenceNumber: after });
    expect(records.map(({ data }) => Buffer.from(data).toString())).toEqual([text]);
    after = records[0]!.sequenceNumber;
  }
  expect(world.kinesis.faults.report()).toMatchObject({ rules: [{ asked: 0 }] });
});

it("takes a shard whose records are all past their retention for read", async () => {
  const { world, reader, request } = await start();
  await world.put("events", ["a"]);
  await world.split("events", request.shardId);
  world.pass(25 * 3_600_000);
  expect(await reader.read(request)).toEqual({ records: [], atTip: true, ended: true });
});

it("ends what waits when it is closed", async () => {
  const { world, reader, request } = await start();
  world.kinesis.faults.set({ seed: 1, rules: [{ kind: "throttle", rate: 1 }] });
  const reading = reader.read(request);
  reader.close();
  await expect(reading).rejects.toThrow();
});
