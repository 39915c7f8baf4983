import { connect } from "node:http2";
import {
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  SubscribeToShardCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient, StartingPosition, SubscribeToShardEvent } from "@aws-sdk/client-kinesis";
import { Decoder, encode } from "cbor-x";
import { expect } from "vitest";
import { readPayloads } from "../event-messages.ts";
import type { Contract } from "./contract.ts";
import { FIRST_SHARD, put } from "./records.ts";
import type { Target } from "./target.ts";

const LIFETIME_MS = 300_000;
const MIB = 1024 * 1024;
/** `int64AsNumber` is an option that the types lack. */
const decodeOptions = { useRecords: false, mapsAsObjects: true, int64AsNumber: true };
const cbor = new Decoder(decodeOptions);
const FROM_START: StartingPosition = { Type: "TRIM_HORIZON" };
const after = (SequenceNumber: string | undefined): StartingPosition => ({
  Type: "AFTER_SEQUENCE_NUMBER",
  SequenceNumber,
});

/** A subscription as a client sees it, which reads on its own. */
interface Subscription {
  readonly events: readonly SubscribeToShardEvent[];
  /** The data of all records so far, as text. */
  texts(): string[];
  /** Resolves once so many records have come. */
  untilRecords(count: number): Promise<void>;
  /** Resolves once so many events have come. */
  untilEvents(count: number): Promise<void>;
  /** Resolves once the stream of events has ended; rejects with the error in it. */
  readonly ended: Promise<void>;
  /** Goes away. */
  abort(): void;
}

async function register({ client, arn }: Target, StreamName: string, ConsumerName = "reader"): Promise<string> {
  const command = new RegisterStreamConsumerCommand({ StreamARN: arn(StreamName), ConsumerName });
  return (await client.send(command)).Consumer?.ConsumerARN ?? "";
}

async function subscribe(
  target: Target,
  ConsumerARN: string,
  StartingPosition: StartingPosition,
  { ShardId = FIRST_SHARD, client = target.connect() }: { ShardId?: string; client?: KinesisClient } = {},
): Promise<Subscription> {
  const controller = new AbortController();
  const command = new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition });
  const { EventStream = [] } = await client
    .send(command, { abortSignal: controller.signal })
    .catch((error: unknown) => {
      client.destroy();
      throw error;
    });
  const events: SubscribeToShardEvent[] = [];
  let tell = (): void => {};
  const ended = (async () => {
    try {
      for await (const { SubscribeToShardEvent: event } of EventStream) {
        if (event) events.push(event);
        tell();
      }
    } finally {
      client.destroy();
    }
  })();
  ended.catch(() => undefined);
  const texts = (): string[] =>
    events.flatMap(({ Records = [] }) => Records.map(({ Data }) => Buffer.from(Data ?? []).toString()));
  const until = async (holds: () => boolean): Promise<void> => {
    const early = ended.then(() => {
      if (!holds()) throw new Error(`the subscription ended after ${events.length} events, ${texts().length} records`);
    });
    while (!holds()) await Promise.race([new Promise<void>((resolve) => (tell = resolve)), early]);
  };
  return {
    events,
    texts,
    untilRecords: (count) => until(() => texts().length >= count),
    untilEvents: (count) => until(() => events.length >= count),
    ended,
    abort: () => controller.abort(),
  };
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, position) => String(from + position));

/** Puts numbered records, in order, all into the shard that takes hash key 0. */
async function putNumbers({ client }: Target, StreamName: string, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 500) {
    const Records = numbers(start, Math.min(to, start + 500)).map((text) => ({
      PartitionKey: "k",
      ExplicitHashKey: "0",
      Data: Buffer.from(text),
    }));
    await client.send(new PutRecordsCommand({ StreamName, Records }));
  }
}

/** Puts so many MiB, each as two records, at the rate that a shard takes. */
async function putMiB({ client, clock }: Target, StreamName: string, count: number): Promise<void> {
  const record = { PartitionKey: "k", Data: Buffer.alloc(MIB / 2 - 1) };
  for (let put = 0; put < count; put += 1) {
    await client.send(new PutRecordsCommand({ StreamName, Records: [record, record] }));
    await clock.advance(1000);
  }
}

/** Reads the events of a subscription as a client that speaks CBOR gets them, to the end of the shard. */
async function readCborEvents({ kinesis }: Target, input: object): Promise<Record<string, unknown>[]> {
  const session = connect(kinesis.url);
  try {
    const stream = session.request({
      ":method": "POST",
      ":path": "/",
      "content-type": "application/x-amz-cbor-1.1",
      "x-amz-target": "Kinesis_20131202.SubscribeToShard",
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=00",
    });
    stream.end(encode(input));
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const [, ...events] = readPayloads(Buffer.concat(chunks));
    return events.map((payload) => cbor.decode(payload) as Record<string, unknown>);
  } finally {
    session.close();
  }
}

async function split({ client }: Target, StreamName: string): Promise<void> {
  const NewStartingHashKey = (2n ** 127n).toString();
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit: FIRST_SHARD, NewStartingHashKey }));
}

/** Enhanced fan-out over HTTP/2. */
export const subscribeToShard: Contract = {
  about: "SubscribeToShard",
  cases: [
    {
      title: "records arrive as they are put, with what GetRecords shows of them",
      fidelity: "close",
      note: "Kinesis API reference, SubscribeToShardEvent; how many records an event holds is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const subscription = await subscribe(target, await register(target, StreamName), { Type: "LATEST" });
        const { Records: [first] = [] } = await put(target, StreamName, ["a"]);
        await subscription.untilRecords(1);
        expect(subscription.events).toMatchObject([
          {
            Records: [
              {
                SequenceNumber: first?.SequenceNumber,
                ApproximateArrivalTimestamp: new Date(target.clock.now()),
                Data: Uint8Array.from(Buffer.from("a")),
                PartitionKey: "a",
              },
            ],
            ContinuationSequenceNumber: first?.SequenceNumber,
            MillisBehindLatest: 0,
          },
        ]);
        expect(subscription.events[0]?.Records?.[0]).not.toHaveProperty("EncryptionType");
        await target.client.send(
          new StartStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId: "alias/aws/kinesis" }),
        );
        await put(target, StreamName, ["b"]);
        await subscription.untilRecords(2);
        expect(subscription.events[1]?.Records?.[0]).toMatchObject({ EncryptionType: "KMS" });
        subscription.abort();
      },
    },
    {
      title: "begins where any of the five kinds of StartingPosition says",
      fidelity: "exact",
      note: "Kinesis API reference, StartingPosition",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const { Records: [, second] = [] } = await put(target, StreamName, ["1", "2", "3"]);
        await target.clock.advance(10_000);
        const Timestamp = new Date(target.clock.now());
        await put(target, StreamName, ["4"]);
        const SequenceNumber = second?.SequenceNumber;
        const expected: readonly (readonly [StartingPosition, readonly string[]])[] = [
          [FROM_START, ["1", "2", "3", "4", "5"]],
          [{ Type: "AT_SEQUENCE_NUMBER", SequenceNumber }, ["2", "3", "4", "5"]],
          [{ Type: "AFTER_SEQUENCE_NUMBER", SequenceNumber }, ["3", "4", "5"]],
          [{ Type: "AT_TIMESTAMP", Timestamp }, ["4", "5"]],
          [{ Type: "LATEST" }, ["5"]],
        ];
        const open: [Subscription, readonly string[]][] = [];
        for (const [position, texts] of expected) {
          const consumer = await register(target, StreamName, position.Type);
          open.push([await subscribe(target, consumer, position), texts]);
        }
        await put(target, StreamName, ["5"]);
        for (const [subscription, texts] of open) {
          await subscription.untilRecords(texts.length);
          expect(subscription.texts()).toEqual(texts);
          subscription.abort();
        }
        for (const position of [
          { Type: "AT_SEQUENCE_NUMBER" },
          { Type: "LATEST", SequenceNumber },
          { Type: "AT_TIMESTAMP" },
          { Type: "AT_SEQUENCE_NUMBER", SequenceNumber: "1" },
        ] as StartingPosition[]) {
          await expect(subscribe(target, ConsumerARN, position)).rejects.toMatchObject({
            name: "InvalidArgumentException",
          });
        }
      },
    },
    {
      title: "5,000 records come complete and in order while they are being written",
      fidelity: "exact",
      note: "Kinesis developer guide: order within a shard",
      async run(target) {
        const StreamName = await target.createStream();
        const subscription = await subscribe(target, await register(target, StreamName), FROM_START);
        await putNumbers(target, StreamName, 0, 5000);
        await subscription.untilRecords(5000);
        expect(subscription.texts()).toEqual(numbers(0, 5000));
        const continuations = subscription.events.map((event) => event.ContinuationSequenceNumber ?? "");
        expect(continuations).toEqual(continuations.toSorted());
        subscription.abort();
      },
    },
    {
      title: "MillisBehindLatest tells how far the end of the shard is",
      fidelity: "exact",
      note: "Kinesis API reference, SubscribeToShardEvent",
      async run(target) {
        const StreamName = await target.createStream();
        const large = "x".repeat(700_000);
        await put(target, StreamName, ["1"]);
        await target.client.send(
          new PutRecordsCommand({
            StreamName,
            Records: [1, 2].map(() => ({ PartitionKey: "k", Data: Buffer.from(large) })),
          }),
        );
        await target.clock.advance(7000);
        const subscription = await subscribe(target, await register(target, StreamName), FROM_START);
        await subscription.untilRecords(3);
        expect(subscription.events.map(({ MillisBehindLatest }) => MillisBehindLatest)).toEqual([7000, 0]);
        subscription.abort();
      },
    },
    {
      title:
        "an idle subscription gets an event without records every 5 seconds, whose ContinuationSequenceNumber grows",
      fidelity: "exact",
      note: "recorded in aws/aws-sdk-ruby#2779",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const { Records: [first] = [] } = await put(target, StreamName, ["1"]);
        const subscription = await subscribe(target, ConsumerARN, FROM_START);
        await subscription.untilEvents(1);
        for (const events of [2, 3, 4]) {
          await target.clock.advance(5000);
          await subscription.untilEvents(events);
        }
        // Anything sent before this record would have come before it.
        await target.clock.advance(4999);
        await put(target, StreamName, ["2"]);
        await subscription.untilRecords(2);
        expect(subscription.events).toHaveLength(5);
        const idle = subscription.events.slice(1, 4);
        expect(idle).toMatchObject(idle.map(() => ({ Records: [], MillisBehindLatest: 0 })));
        const continuations = subscription.events.map((event) => BigInt(event.ContinuationSequenceNumber ?? 0));
        expect(continuations[0]).toBe(BigInt(first?.SequenceNumber ?? 0));
        for (const [position, continuation] of continuations.slice(1).entries()) {
          expect(continuation).toBeGreaterThan(continuations[position] as bigint);
        }
        subscription.abort();
      },
    },
    {
      title: "a subscription ends after five minutes, and the next one goes on after its ContinuationSequenceNumber",
      fidelity: "exact",
      note: "Kinesis API reference, SubscribeToShard",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const seen: string[] = [];
        let position = FROM_START;
        for (let round = 0; round < 3; round += 1) {
          const subscription = await subscribe(target, ConsumerARN, position);
          await putNumbers(target, StreamName, round * 700, round * 700 + 700);
          await subscription.untilRecords(700);
          await target.clock.advance(LIFETIME_MS - 1);
          await putNumbers(target, StreamName, 10_000 + round, 10_001 + round);
          await subscription.untilRecords(701);
          await target.clock.advance(1);
          await subscription.ended;
          seen.push(...subscription.texts());
          position = after(subscription.events.at(-1)?.ContinuationSequenceNumber);
        }
        const expected = [0, 1, 2].flatMap((round) => [
          ...numbers(round * 700, round * 700 + 700),
          `${10_000 + round}`,
        ]);
        expect(seen).toEqual(expected);
      },
    },
    {
      title:
        "the ContinuationSequenceNumber of an idle event loses and repeats nothing, as AT_ or AFTER_SEQUENCE_NUMBER",
      fidelity: "close",
      note: "Kinesis API reference, SubscribeToShardEvent; what AT_SEQUENCE_NUMBER does with it is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["1"]);
        const first = await subscribe(target, await register(target, StreamName), FROM_START);
        await first.untilRecords(1);
        await target.clock.advance(5000);
        await first.untilEvents(2);
        first.abort();
        await put(target, StreamName, ["2"]);
        const SequenceNumber = first.events[1]?.ContinuationSequenceNumber;
        for (const Type of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const) {
          const consumer = await register(target, StreamName, Type);
          const second = await subscribe(target, consumer, { Type, SequenceNumber });
          await second.untilRecords(1);
          expect(second.texts()).toEqual(["2"]);
          second.abort();
        }
      },
    },
    {
      title:
        "at the end of a shard that is split the last event names its children and has no ContinuationSequenceNumber",
      fidelity: "exact",
      note: "Kinesis API reference, SubscribeToShardEvent; awslabs/amazon-kinesis-client#1744",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const parent = await subscribe(target, ConsumerARN, FROM_START);
        await putNumbers(target, StreamName, 0, 500);
        await split(target, StreamName);
        await putNumbers(target, StreamName, 500, 1000);
        await parent.ended;
        expect(parent.texts()).toEqual(numbers(0, 500));
        const last = parent.events.at(-1);
        expect(last).toMatchObject({ Records: [], MillisBehindLatest: 0 });
        expect(last).not.toHaveProperty("ContinuationSequenceNumber");
        expect(last?.ChildShards).toEqual([
          {
            ShardId: "shardId-000000000001",
            ParentShards: [FIRST_SHARD],
            HashKeyRange: { StartingHashKey: "0", EndingHashKey: (2n ** 127n - 1n).toString() },
          },
          {
            ShardId: "shardId-000000000002",
            ParentShards: [FIRST_SHARD],
            HashKeyRange: {
              StartingHashKey: (2n ** 127n).toString(),
              EndingHashKey: (2n ** 128n - 1n).toString(),
            },
          },
        ]);
        const child = await subscribe(target, ConsumerARN, FROM_START, {
          ShardId: last?.ChildShards?.[0]?.ShardId ?? "",
        });
        await child.untilRecords(500);
        expect(child.texts()).toEqual(numbers(500, 1000));
        child.abort();
      },
    },
    {
      title: "LATEST on a closed shard answers with its end",
      fidelity: "exact",
      note: "awslabs/amazon-kinesis-client#1744",
      async run(target) {
        const StreamName = await target.createStream();
        await putNumbers(target, StreamName, 0, 10);
        await split(target, StreamName);
        const subscription = await subscribe(target, await register(target, StreamName), { Type: "LATEST" });
        await subscription.ended;
        expect(subscription.events).toMatchObject([{ Records: [], ChildShards: [{}, {}] }]);
      },
    },
    {
      title: "a consumer that is not ACTIVE cannot subscribe",
      fidelity: "close",
      note: "text recorded for another operation (aws-cloudformation/cloudformation-coverage-roadmap#2442), and here with small differences (awslabs/kinesis-hot-shard-advisor#37)",
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(500);
        const second = Math.floor(target.clock.now() / 1000);
        const ConsumerARN = await register(target, StreamName);
        const refusal = {
          name: "ResourceInUseException",
          message:
            `Consumer reader with creation timestamp ${second} under stream ${StreamName} and account ` +
            `${target.accountId} is not in ACTIVE status.`,
        };
        await expect(subscribe(target, ConsumerARN, FROM_START)).rejects.toMatchObject(refusal);
        await target.clock.advance(500);
        (await subscribe(target, ConsumerARN, FROM_START)).abort();
        await target.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
        await expect(subscribe(target, ConsumerARN, FROM_START)).rejects.toMatchObject(refusal);
      },
    },
    {
      title: "a second call within 5 seconds is refused, also when the first subscription is over",
      fidelity: "exact",
      note: "Kinesis API reference, SubscribeToShard; text: awslabs/amazon-kinesis-client#391",
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        const ConsumerARN = await register(target, StreamName);
        const first = await subscribe(target, ConsumerARN, FROM_START);
        const again = () => subscribe(target, ConsumerARN, FROM_START);
        const refusal = {
          name: "ResourceInUseException",
          message: `Another active subscription exists for this consumer: ${target.accountId}:${StreamName}:${FIRST_SHARD}:reader`,
        };
        await expect(again()).rejects.toMatchObject(refusal);
        first.abort();
        await first.ended.catch(() => undefined);
        await target.clock.advance(4999);
        await expect(again()).rejects.toMatchObject(refusal);
        // Neither another shard nor another consumer is concerned.
        (await subscribe(target, ConsumerARN, FROM_START, { ShardId: "shardId-000000000001" })).abort();
        (await subscribe(target, await register(target, StreamName, "other"), FROM_START)).abort();
        await target.clock.advance(1);
        (await again()).abort();
      },
    },
    {
      title: "a second call after 5 seconds takes over, and the first subscription ends with ResourceInUseException",
      fidelity: "exact",
      note: "Kinesis API reference, SubscribeToShard",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const first = await subscribe(target, ConsumerARN, FROM_START);
        await put(target, StreamName, ["1"]);
        await first.untilRecords(1);
        await target.clock.advance(5000);
        const second = await subscribe(target, ConsumerARN, { Type: "LATEST" });
        await expect(first.ended).rejects.toMatchObject({ name: "ResourceInUseException" });
        await put(target, StreamName, ["2"]);
        await second.untilRecords(1);
        expect(second.texts()).toEqual(["2"]);
        expect(first.texts()).toEqual(["1"]);
        second.abort();
      },
    },
    {
      title:
        "a subscription ends with ResourceNotFoundException when its consumer is deregistered or its stream deleted",
      fidelity: "close",
      note: "Kinesis API reference, SubscribeToShardEventStream; the texts, and that DELETING is enough, are not confirmed",
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(500);
        const ConsumerARN = await register(target, StreamName);
        const other = await register(target, StreamName, "other");
        await target.clock.advance(500);
        const first = await subscribe(target, ConsumerARN, FROM_START);
        const second = await subscribe(target, other, FROM_START);
        await target.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
        await expect(first.ended).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        await put(target, StreamName, ["1"]);
        await second.untilRecords(1);
        await target.client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
        await expect(second.ended).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
    {
      title: "a stream, a consumer or a shard that is not there is ResourceNotFoundException",
      fidelity: "close",
      note: "Kinesis API reference, SubscribeToShard; the text about consumers is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const unknown = [
          subscribe(target, `${target.arn("nothing")}/consumer/reader:1`, FROM_START),
          subscribe(target, `${target.arn(StreamName)}/consumer/reader:1`, FROM_START),
          subscribe(target, ConsumerARN, FROM_START, { ShardId: "shardId-000000000009" }),
        ];
        for (const call of unknown) await expect(call).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
    {
      title: "DryRun checks a call and begins no subscription",
      fidelity: "close",
      note: "Kinesis API reference, SubscribeToShard; the text is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const dryRun = (ShardId: string) =>
          target.client.send(
            new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition: FROM_START, DryRun: true }),
          );
        await expect(dryRun("shardId-000000000009")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        await expect(dryRun(FIRST_SHARD)).rejects.toMatchObject({ name: "DryRunOperationException" });
        (await subscribe(target, ConsumerARN, FROM_START)).abort();
        await expect(dryRun(FIRST_SHARD)).rejects.toMatchObject({ name: "ResourceInUseException" });
      },
    },
    {
      title: "a subscription is sent 2 MiB of records a second",
      fidelity: "close",
      note: "Kinesis API reference, RegisterStreamConsumer; that it begins with a second's worth, and how large events are, is not confirmed",
      options: { limits: true },
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        await putMiB(target, StreamName, 6);
        const start = target.clock.now();
        const subscription = await subscribe(target, ConsumerARN, FROM_START);
        await subscription.untilRecords(4);
        for (let records = 6; records <= 12; records += 2) {
          await target.clock.advance(500);
          await subscription.untilRecords(records);
        }
        let bytes = 0;
        for (const { Records = [], MillisBehindLatest = 0 } of subscription.events.slice(0, -1)) {
          const sentAt = Number(Records.at(-1)?.ApproximateArrivalTimestamp) + MillisBehindLatest;
          bytes += (Records.length * MIB) / 2;
          expect(bytes).toBeLessThanOrEqual(2 * MIB * (1 + (sentAt - start) / 1000));
        }
        const rate = (6 * MIB - 2 * MIB) / ((target.clock.now() - start) / 1000);
        expect(rate / (2 * MIB)).toBeCloseTo(1, 2);
        subscription.abort();
      },
    },
    {
      title: "with limits off records are sent as fast as the client takes them",
      fidelity: "different",
      note: "a switch for bulk work",
      async run(target) {
        const StreamName = await target.createStream();
        await putMiB(target, StreamName, 6);
        const start = target.clock.now();
        const subscription = await subscribe(target, await register(target, StreamName), FROM_START);
        await subscription.untilRecords(12);
        expect(target.clock.now()).toBe(start);
        subscription.abort();
      },
    },
    {
      title: "a client that speaks CBOR, as the Kinesis Client Library does, gets its events in CBOR",
      fidelity: "close",
      note: "a timestamp is tag 1 with milliseconds (aws/aws-sdk-java-v2); the content type of each event is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const ConsumerARN = await register(target, StreamName);
        const { Records: [first] = [] } = await put(target, StreamName, ["a"]);
        await split(target, StreamName);
        const events = await readCborEvents(target, {
          ConsumerARN,
          ShardId: FIRST_SHARD,
          StartingPosition: FROM_START,
        });
        expect(events).toMatchObject([
          {
            Records: [
              {
                SequenceNumber: first?.SequenceNumber,
                PartitionKey: "a",
                Data: Buffer.from("a"),
                // The decoder takes the milliseconds for seconds.
                ApproximateArrivalTimestamp: new Date(target.clock.now() * 1000),
              },
            ],
            ContinuationSequenceNumber: first?.SequenceNumber,
            MillisBehindLatest: 0,
          },
          { Records: [], MillisBehindLatest: 0, ChildShards: [{}, {}] },
        ]);
      },
    },
    {
      title: "events also come over HTTP/1.1",
      fidelity: "different",
      note: "AWS documents HTTP/2 only",
      async run(target) {
        const StreamName = await target.createStream();
        const subscription = await subscribe(target, await register(target, StreamName), FROM_START, {
          client: target.connect("HTTP/1.1"),
        });
        await putNumbers(target, StreamName, 0, 1000);
        await subscription.untilRecords(1000);
        expect(subscription.texts()).toEqual(numbers(0, 1000));
        subscription.abort();
      },
    },
  ],
};
