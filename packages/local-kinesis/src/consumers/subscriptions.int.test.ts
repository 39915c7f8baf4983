import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import {
  CreateStreamCommand,
  DeregisterStreamConsumerCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { clientOf } from "../../testing/client-of.ts";
import { readPayloads } from "../../testing/event-messages.ts";
import { createHeldClock } from "../../testing/held-clock.ts";
import type { HeldClock } from "../../testing/held-clock.ts";
import { startLocalKinesis } from "../index.ts";
import type { LocalKinesis } from "../index.ts";

const StreamName = "s";
const StreamARN = `arn:aws:kinesis:eu-west-1:000000000000:stream/${StreamName}`;
const ShardId = "shardId-000000000000";
const StartingPosition = { Type: "TRIM_HORIZON" } as const;
const MIB = 1024 * 1024;

/** What is scheduled on the clock and has neither run nor been called off. */
let scheduled: Set<object>;
let clock: HeldClock;
let kinesis: LocalKinesis;
let client: KinesisClient;
let lines: string[];

beforeEach(async () => {
  const held = createHeldClock();
  scheduled = new Set();
  clock = {
    ...held,
    schedule(at, task) {
      const entry = {};
      scheduled.add(entry);
      const callOff = held.schedule(at, () => {
        scheduled.delete(entry);
        return task();
      });
      return () => {
        scheduled.delete(entry);
        callOff();
      };
    },
  };
  lines = [];
  kinesis = await startLocalKinesis({ clock, stateDelayMs: 0, limits: false, log: (line) => lines.push(line) });
  client = newClient();
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  onTestFinished(async () => {
    client.destroy();
    await kinesis.close();
  });
});

function newClient(): KinesisClient {
  return clientOf(kinesis.url, { maxAttempts: 1 });
}

async function register(ConsumerName: string): Promise<string> {
  const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  return Consumer?.ConsumerARN ?? "";
}

/** A subscription over HTTP/1.1 that is not read until somebody listens. */
async function openRaw(ConsumerARN: string): Promise<IncomingMessage> {
  const call = request(kinesis.url, {
    method: "POST",
    agent: false,
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Kinesis_20131202.SubscribeToShard",
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=00",
    },
  });
  call.on("error", () => undefined);
  call.end(JSON.stringify({ ConsumerARN, ShardId, StartingPosition }));
  const [response] = (await once(call, "response")) as [IncomingMessage];
  response.on("error", () => undefined);
  return response;
}

async function readToEnd(response: IncomingMessage): Promise<Record<string, unknown>[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const [, ...events] = readPayloads(Buffer.concat(chunks));
  return events.map((payload) => JSON.parse(payload.toString()) as Record<string, unknown>);
}

async function endShard(): Promise<void> {
  const NewStartingHashKey = (2n ** 127n).toString();
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey }));
}

describe("a subscription leaves nothing behind", () => {
  const ways: readonly (readonly [string, (response: IncomingMessage, consumerArn: string) => unknown])[] = [
    ["when its client goes away", (response) => response.destroy()],
    ["when its five minutes are over", () => clock.advance(300_000)],
    ["when its shard ends", endShard],
    [
      "when its consumer is deregistered",
      (_, ConsumerARN) => client.send(new DeregisterStreamConsumerCommand({ ConsumerARN })),
    ],
  ];

  it.each(ways)("%s", async (_, end) => {
    const ConsumerARN = await register("reader");
    const before = scheduled.size;
    const response = await openRaw(ConsumerARN);
    await expect.poll(() => scheduled.size).toBeGreaterThan(before + 1);
    response.resume();
    await end(response, ConsumerARN);
    // All that may be left is its seat, which is held for five seconds.
    await expect.poll(() => scheduled.size).toBeLessThanOrEqual(before + 1);
    await clock.advance(5000);
    expect(scheduled.size).toBe(before);
    expect(lines).toEqual([]);
  });

  it("when another takes over, which the next commit does not disturb", async () => {
    const ConsumerARN = await register("reader");
    const before = scheduled.size;
    const first = await openRaw(ConsumerARN);
    await clock.advance(5000);
    const second = await openRaw(ConsumerARN);
    expect(await readToEnd(first)).toContainEqual({
      message: `Another active subscription exists for this consumer: 000000000000:${StreamName}:${ShardId}:reader`,
    });
    await client.send(new PutRecordsCommand({ StreamName, Records: [{ PartitionKey: "k", Data: Buffer.from("x") }] }));
    await endShard();
    expect(await readToEnd(second)).toMatchObject([
      { Records: [{ Data: "eA==" }] },
      { Records: [], ChildShards: [{}, {}] },
    ]);
    await clock.advance(5000);
    expect(scheduled.size).toBe(before);
  });
});

it("ends with the server", async () => {
  const response = await openRaw(await register("reader"));
  const ended = once(response, "close");
  response.resume();
  await kinesis.close();
  await ended;
  expect(lines).toEqual([]);
});

it("makes no event before the client has room for it", async () => {
  const record = { PartitionKey: "k", Data: Buffer.alloc(MIB - 1) };
  for (let put = 0; put < 4; put += 1) {
    await client.send(new PutRecordsCommand({ StreamName, Records: [record, record, record, record] }));
  }
  await endShard();
  const slow = await openRaw(await register("slow"));
  const quick = await readToEnd(await openRaw(await register("quick")));
  expect(quick).toHaveLength(17);
  // By now the slow client would have been sent everything as well, if it were not waited for.
  await clock.advance(100_000);
  const events = await readToEnd(slow);
  expect(events).toHaveLength(17);
  const lateness = events.map((event) => event["MillisBehindLatest"]);
  expect(lateness[0]).toBe(0);
  expect(lateness.slice(-5, -2)).toEqual([100_000, 100_000, 100_000]);
});

it("survives clients that hang up at any moment", async () => {
  const consumers = await Promise.all(Array.from({ length: 10 }, (_, number) => register(`reader-${number}`)));
  const before = scheduled.size;
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(
      consumers.map(async (ConsumerARN, number) => {
        const own = newClient();
        const controller = new AbortController();
        const command = new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition });
        const sent = own.send(command, { abortSignal: controller.signal }).catch(() => undefined);
        if (number % 2 === 0) setImmediate(() => controller.abort());
        await sent;
        controller.abort();
        own.destroy();
      }),
    );
    await client.send(new PutRecordsCommand({ StreamName, Records: [{ PartitionKey: "k", Data: Buffer.from("x") }] }));
    await clock.advance(5000);
  }
  await expect.poll(async () => (await clock.advance(5000), scheduled.size)).toBe(before);
  expect(lines).toEqual([]);
});
