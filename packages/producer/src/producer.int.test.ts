import { families } from "@millrace/events";
import { afterEach, describe, expect, it } from "vitest";
import { joinEvents } from "../testing/event-factory.ts";
import { answerSuccess, startNullEndpoint, type NullEndpoint, type WireAnswer } from "../testing/null-endpoint.ts";
import { createKinesisClient, createProducer, replay } from "./index.ts";

/** Aim: 20,000 events/s and more. A machine busy with other tests may be ten times slower before this fails. */
const eventCount = 20_000;
const floorPerSecond = 2_000;

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const { close } of running.splice(0)) await close();
});

describe("a producer with the SDK's client", () => {
  it("resends what an answer on the wire calls failed", async () => {
    const { producer } = await connect((records, call) => {
      if (call > 1) return answerSuccess(records);
      const failed = { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded for shard" };
      const stored = { SequenceNumber: "1", ShardId: "shardId-000000000000" };
      const entries = Array.from({ length: records }, (_, index) => (index < 2 ? failed : stored));
      return { status: 200, body: JSON.stringify({ FailedRecordCount: 2, Records: entries }) };
    });
    for (const event of joinEvents(5)) void producer.send(event);
    await producer.close();
    expect(producer.counts).toMatchObject({ stored: 5, calls: 2, resent: 2 });
  });

  it.each<[string, WireAnswer]>([
    ["throttling", { status: 400, body: '{"__type":"ProvisionedThroughputExceededException","message":"slow down"}' }],
    ["a fault of the service", { status: 500, body: '{"__type":"InternalFailure"}' }],
    ["an error without a body", { status: 503, body: "" }],
    ["a lost connection", undefined],
    ["an answer cut off", { status: 200, body: '{"FailedRecordCount":0,"Rec' }],
  ])("repeats a call once after %s", async (_name, answer) => {
    const { endpoint, producer } = await connect((records, call) => (call === 1 ? answer : answerSuccess(records)));
    for (const event of joinEvents(5)) void producer.send(event);
    await producer.close();
    expect(producer.counts).toMatchObject({ stored: 5, failed: 0 });
    expect(endpoint.callCount()).toBe(2);
  });

  it("fails at once, and calls once, when there is no such stream", async () => {
    const body =
      '{"__type":"ResourceNotFoundException","message":"Stream events under account 000000000000 not found."}';
    const { endpoint, producer } = await connect(() => ({ status: 400, body }));
    const [outcome] = await Promise.all([producer.send(joinEvents(1)[0]), producer.close()]);
    expect(outcome).toMatchObject({ status: "failed", cause: { name: "ResourceNotFoundException" } });
    expect(endpoint.callCount()).toBe(1);
  });

  it("gives up on an endpoint that stays away", async () => {
    const first = await connect();
    const port = new URL(first.endpoint.url).port;
    await first.endpoint.close();
    const producer = createProducer({
      client: client(`http://127.0.0.1:${port}`),
      streamName: "events",
      maxAttempts: 3,
      baseDelayMs: 1,
    });
    const [outcome] = await Promise.all([producer.send(joinEvents(1)[0]), producer.close()]);
    expect(outcome).toMatchObject({ status: "failed", cause: { cause: { code: "ECONNREFUSED" } } });
    expect(producer.counts.calls).toBe(3);
  });

  it("replays lines without waiting for each", async () => {
    const { producer } = await connect();
    const events = Array.from({ length: 2_000 }, () => families[1]?.sample(Math.random, Date.now()));
    const text = Buffer.from(`${events.map((event) => JSON.stringify(event)).join("\n")}\n`);
    async function* file(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < eventCount; sent += events.length) yield text;
    }
    const startedAt = performance.now();
    const result = await replay({ lines: file(), producer });
    const perSecond = (eventCount * 1000) / (performance.now() - startedAt);
    await producer.close();
    console.log(`replay through the SDK to a null endpoint in the same process: ${Math.round(perSecond)} events/s`);
    expect(result).toMatchObject({ read: eventCount, stored: eventCount, rejected: 0, failed: 0 });
    expect(perSecond).toBeGreaterThan(floorPerSecond);
  });
});

async function connect(answer?: (records: number, call: number) => WireAnswer) {
  const endpoint: NullEndpoint = await startNullEndpoint(answer);
  running.push(endpoint);
  const producer = createProducer({ client: client(endpoint.url), streamName: "events", baseDelayMs: 1 });
  return { endpoint, producer };
}

function client(endpoint: string) {
  const created = createKinesisClient({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  running.push({ close: () => created.destroy() });
  return created;
}
