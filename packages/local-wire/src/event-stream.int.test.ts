import { once } from "node:events";
import { request as requestHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:http2";
import type { ClientHttp2Stream } from "node:http2";
import { KinesisClient, SubscribeToShardCommand } from "@aws-sdk/client-kinesis";
import type { SubscribeToShardEventStream } from "@aws-sdk/client-kinesis";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Decoder } from "cbor-x";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EventStreamAnswer, WireError, startWireServer } from "./index.ts";
import type { WireEvent, WireRequest, WireServer } from "./index.ts";

const SIGNED = {
  "x-amz-date": "20250101T000000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20250101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
};
/** `int64AsNumber` is an option of cbor-x's decoder that its types lack; without it a time over 64 bits throws. */
const decodeOptions = { useRecords: false, int64AsNumber: true };
const decoder = new Decoder(decodeOptions);
const ARRIVED = new Date(1_700_000_000_500);

const PATIENCE = { timeout: 10_000 };
let server: WireServer;
let answer: (request: WireRequest) => unknown;
let lines: string[];

const service = { targetPrefix: "Kinesis_20131202", handle: async (request: WireRequest) => answer(request) };
const start = () => startWireServer({ services: [service], port: 0, log: (line) => lines.push(line) });

beforeAll(async () => void (server = await start()));
beforeEach(() => void (lines = []));
afterAll(() => server.close());

function event(position: number, bytes = 1): WireEvent {
  return {
    type: "SubscribeToShardEvent",
    payload: {
      Records: [
        {
          SequenceNumber: String(position),
          ApproximateArrivalTimestamp: ARRIVED,
          Data: new Uint8Array(bytes).fill(position),
          PartitionKey: "k",
        },
      ],
      ContinuationSequenceNumber: String(position),
      MillisBehindLatest: 0,
    },
  };
}

async function* threeEvents(): AsyncGenerator<WireEvent> {
  for (const position of [1, 2, 3]) yield event(position);
}

/** Events without end, which says how many were taken and whether it was told to stop. */
function endless(bytes: number) {
  const seen = { taken: 0, returned: 0 };
  const iterator: AsyncIterator<WireEvent> = {
    next: async () => ({ done: false, value: event((seen.taken += 1), bytes) }),
    return: async () => {
      seen.returned += 1;
      return { done: true, value: undefined };
    },
  };
  return { seen, answer: new EventStreamAnswer({ [Symbol.asyncIterator]: () => iterator }) };
}

async function collect(events: AsyncIterable<SubscribeToShardEventStream> | undefined) {
  const collected: SubscribeToShardEventStream[] = [];
  for await (const member of events ?? []) collected.push(member);
  return collected;
}

describe.each(["HTTP/2", "HTTP/1.1"])("an unmodified client over %s", (version) => {
  const subscribe = async (by: KinesisClient, abortSignal?: AbortSignal) =>
    by.send(
      new SubscribeToShardCommand({ ConsumerARN: "arn", ShardId: "s", StartingPosition: { Type: "LATEST" } }),
      abortSignal ? { abortSignal } : {},
    );
  const newClient = (url: string) =>
    new KinesisClient({
      endpoint: url,
      region: "eu-west-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
      ...(version === "HTTP/1.1" ? { requestHandler: new NodeHttpHandler() } : {}),
    });
  let client: KinesisClient;

  beforeAll(() => void (client = newClient(server.url)));
  afterAll(() => client.destroy());

  it("reads the events to their end", async () => {
    answer = () => new EventStreamAnswer(threeEvents());
    const events = await collect((await subscribe(client)).EventStream);
    expect(events.map((member) => member.SubscribeToShardEvent?.ContinuationSequenceNumber)).toEqual(["1", "2", "3"]);
    expect(events[1]?.SubscribeToShardEvent?.Records).toEqual([
      { SequenceNumber: "2", ApproximateArrivalTimestamp: ARRIVED, Data: Uint8Array.of(2), PartitionKey: "k" },
    ]);
  });

  it("has its answer before the first event is there", async () => {
    let release = (): void => {};
    answer = () =>
      new EventStreamAnswer(
        (async function* () {
          await new Promise<void>((resolve) => (release = resolve));
          yield event(1);
        })(),
      );
    const { EventStream } = await subscribe(client);
    release();
    expect(await collect(EventStream)).toHaveLength(1);
  });

  it("hears an error of the service behind the events before it", async () => {
    answer = () =>
      new EventStreamAnswer(
        (async function* () {
          yield event(1);
          throw new WireError("ResourceInUseException", "another subscription took over");
        })(),
      );
    const { EventStream } = await subscribe(client);
    const heard: unknown[] = [];
    const reading = (async () => {
      for await (const member of EventStream ?? []) heard.push(member);
    })();
    await expect(reading).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: "another subscription took over",
    });
    expect(heard).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it("hears of a fault as InternalFailureException, whose cause only the log hears", async () => {
    answer = () =>
      new EventStreamAnswer({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("secret")) }) });
    const { EventStream } = await subscribe(client);
    await expect(collect(EventStream)).rejects.toMatchObject({
      name: "InternalFailureException",
      message: expect.not.stringContaining("secret") as unknown,
    });
    expect(lines.join()).toContain("Kinesis_20131202.SubscribeToShard failed: Error: secret");
  });

  it("stops the events when it goes away", async () => {
    const source = endless(1);
    answer = () => source.answer;
    const leaving = new AbortController();
    const { EventStream } = await subscribe(client, leaving.signal);
    const reading = (async () => {
      for await (const member of EventStream ?? []) if (member.SubscribeToShardEvent) leaving.abort();
    })();
    await reading.catch(() => undefined);
    await expect.poll(() => source.seen.returned, PATIENCE).toBe(1);
    expect(lines).toEqual([]);
  });

  it("sees its stream end when the server closes", async () => {
    const other = await start();
    let returned = false;
    answer = ({ signal }) =>
      new EventStreamAnswer(
        (async function* () {
          try {
            yield event(1);
            await once(signal, "abort");
          } finally {
            returned = true;
          }
        })(),
      );
    const own = newClient(other.url);
    const { EventStream } = await subscribe(own);
    const reading = collect(EventStream);
    await other.close();
    await reading.catch(() => undefined);
    expect(returned).toBe(true);
    own.destroy();
  });
});

/** A subscription without an SDK, which is not read until it is asked for. */
async function openRaw(version: string, contentType: string): Promise<IncomingMessage | ClientHttp2Stream> {
  const headers = {
    "content-type": contentType,
    "x-amz-target": "Kinesis_20131202.SubscribeToShard",
    ...SIGNED,
  };
  const body = contentType.includes("cbor") ? Buffer.from("a0", "hex") : "{}";
  if (version === "HTTP/2") {
    const session = connect(server.url);
    const stream = session.request({ ":method": "POST", ":path": "/", ...headers });
    stream.on("close", () => session.close());
    stream.end(body);
    const [received] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(received["content-type"]).toBe("application/vnd.amazon.eventstream");
    return stream;
  }
  const request = requestHttp(server.url, { method: "POST", headers });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.headers["content-type"]).toBe("application/vnd.amazon.eventstream");
  expect(response.headers["transfer-encoding"]).toBe("chunked");
  return response;
}

function split(bytes: Buffer) {
  const codec = new EventStreamCodec(
    (text) => Buffer.from(text as Uint8Array).toString(),
    (text) => Buffer.from(text),
  );
  const messages: { headers: Record<string, unknown>; body: Buffer }[] = [];
  for (let start = 0; start < bytes.length; start += bytes.readUInt32BE(start)) {
    const { headers, body } = codec.decode(bytes.subarray(start, start + bytes.readUInt32BE(start)));
    const texts = Object.entries(headers).map(([name, { value }]) => [name, value]);
    messages.push({ headers: Object.fromEntries(texts) as Record<string, unknown>, body: Buffer.from(body) });
  }
  return messages;
}

describe.each(["HTTP/2", "HTTP/1.1"])("the bytes over %s", (version) => {
  it.each([
    ["application/x-amz-json-1.1", "application/json", (body: Buffer) => JSON.parse(body.toString()) as unknown],
    ["application/x-amz-cbor-1.1", "application/cbor", (body: Buffer) => decoder.decode(body) as unknown],
  ])("of %s are messages of %s behind an initial response", async (contentType, payloadType, decode) => {
    answer = () => new EventStreamAnswer(threeEvents());
    const chunks: Buffer[] = [];
    for await (const chunk of await openRaw(version, contentType)) chunks.push(chunk as Buffer);
    const messages = split(Buffer.concat(chunks));
    expect(messages.map(({ headers }) => headers)).toEqual(
      ["initial-response", ...Array<string>(3).fill("SubscribeToShardEvent")].map((type) => ({
        ":message-type": "event",
        ":event-type": type,
        ":content-type": payloadType,
      })),
    );
    expect(messages.slice(0, 2).map(({ body }) => decode(body))).toMatchObject([
      {},
      { ContinuationSequenceNumber: "1", MillisBehindLatest: 0 },
    ]);
  });

  it("are not made faster than the client takes them", async () => {
    const source = endless(1024 * 1024);
    answer = () => source.answer;
    const stream = await openRaw(version, "application/x-amz-json-1.1");
    // The buffers of both sides and the HTTP/2 window fill, then it rests: the same count for many turns in a row.
    let last = -1;
    let still = 0;
    await expect
      .poll(() => ((still = source.seen.taken === last ? still + 1 : 0), (last = source.seen.taken), still), {
        interval: 20,
        timeout: 10_000,
      })
      .toBeGreaterThan(10);
    expect(last).toBeLessThan(50);
    stream.destroy();
    await expect.poll(() => source.seen.returned, PATIENCE).toBe(1);
  });
});
