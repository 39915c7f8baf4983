import { createHash } from "node:crypto";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
  PutRecordsCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import { REQUEST_RATES } from "../../src/physics/request-rates.ts";
import type { Contract } from "./contract.ts";
import type { Target } from "./target.ts";

const options = { limits: true };
const KIB = 1024;
const MIB = 1024 * KIB;
const SHARD = "shardId-000000000000";
const THROTTLED = "ProvisionedThroughputExceededException";
/** AWS's words for a shard that has taken too much. */
const writeText = (streamName: string, shardId = SHARD) =>
  `Rate exceeded for shard ${shardId} in stream ${streamName} under account 000000000000.`;

/** That what was measured is the limit, to 1 %. */
function expectLimit(measured: number, limit: number, what?: string): void {
  expect(Math.abs(measured - limit) / limit, what).toBeLessThanOrEqual(0.01);
}

/** An input of each operation that has a rate: valid, and of no consequence for another call. */
function ratedInputs(StreamName: string, arn: string): Readonly<Record<string, object>> {
  const channel = { ChannelARN: "arn:aws:kinesis:eu-west-1:000000000000:channel/none:1" };
  const consumer = { StreamARN: arn, ConsumerName: "none" };
  return {
    AddTagsToStream: { StreamName, Tags: { a: "b" } },
    CreateChannel: {
      ChannelName: "none",
      ServiceExecutionRoleARN: "arn:aws:iam::000000000000:role/none",
      StreamConfigurationList: [{ StreamARN: `${arn}-none`, RecordConfiguration: { RecordFormatType: "JSON" } }],
    },
    CreateStream: { StreamName, ShardCount: 1 },
    DecreaseStreamRetentionPeriod: { StreamName, RetentionPeriodHours: 24 },
    DeleteChannel: channel,
    DeleteResourcePolicy: { ResourceARN: arn },
    DeleteStream: { StreamName: "none" },
    DeregisterStreamConsumer: consumer,
    DescribeAccountSettings: {},
    DescribeChannel: channel,
    DescribeLimits: {},
    DescribeStream: { StreamName },
    DescribeStreamConsumer: consumer,
    DescribeStreamSummary: { StreamName },
    DisableEnhancedMonitoring: { StreamName, ShardLevelMetrics: ["ALL"] },
    EnableEnhancedMonitoring: { StreamName, ShardLevelMetrics: ["ALL"] },
    GetResourcePolicy: { ResourceARN: arn },
    IncreaseStreamRetentionPeriod: { StreamName, RetentionPeriodHours: 24 },
    ListChannels: {},
    ListShards: { StreamName },
    ListStreamConsumers: { StreamARN: arn },
    ListStreams: {},
    ListTagsForStream: { StreamName },
    MergeShards: { StreamName, ShardToMerge: SHARD, AdjacentShardToMerge: SHARD },
    PutResourcePolicy: { ResourceARN: arn, Policy: "{}" },
    RegisterStreamConsumer: { StreamARN: arn, ConsumerName: "one" },
    RemoveTagsFromStream: { StreamName, TagKeys: ["a"] },
    SplitShard: { StreamName, ShardToSplit: SHARD, NewStartingHashKey: "1" },
    SubscribeToShard: { ConsumerARN: `${arn}/consumer/none:1`, ShardId: SHARD, StartingPosition: { Type: "LATEST" } },
    UpdateAccountSettings: { MinimumThroughputBillingCommitment: { Status: "DISABLED" } },
    UpdateChannel: channel,
    UpdateShardCount: { StreamName, TargetShardCount: 100, ScalingType: "UNIFORM_SCALING" },
    UpdateStreamWarmThroughput: { StreamName, WarmThroughputMiBps: 4 },
  };
}

/** What is put. */
interface Load {
  /** Of each record, key included. Default 1. */
  readonly bytes?: number;
  /** Of one byte each, taken in turn. Default one and the same. */
  readonly keys?: readonly string[];
}

/** Puts records of one size under the keys in turn, and answers how many came in. */
async function put(
  { client }: Target,
  StreamName: string,
  { count, bytes = 1, keys = ["k"] }: Load & { readonly count: number },
): Promise<number> {
  // A key is of one byte and counts.
  const Data = Buffer.alloc(bytes - 1);
  let admitted = 0;
  for (let from = 0; from < count; from += 500) {
    const Records = Array.from({ length: Math.min(500, count - from) }, (_, position) => ({
      PartitionKey: keys[(from + position) % keys.length] ?? "",
      Data,
    }));
    const { FailedRecordCount = 0 } = await client.send(new PutRecordsCommand({ StreamName, Records }));
    admitted += Records.length - FailedRecordCount;
  }
  return admitted;
}

/** Puts records for some seconds, after what may come at once is used up, and answers how many came in. */
async function putFor(
  target: Target,
  streamName: string,
  { seconds = 10, perSecond, ...load }: Load & { readonly seconds?: number; readonly perSecond: number },
): Promise<number> {
  await put(target, streamName, { ...load, count: perSecond });
  let admitted = 0;
  for (let step = 0; step < seconds * 5; step += 1) {
    await target.clock.advance(200);
    admitted += await put(target, streamName, { ...load, count: perSecond / 5 });
  }
  return admitted;
}

async function iterator(
  { client }: Target,
  StreamName: string,
  ShardIteratorType: "TRIM_HORIZON" | "LATEST" = "TRIM_HORIZON",
) {
  const answer = await client.send(new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType }));
  return answer.ShardIterator;
}

/** Calls until the time is over, `perSecond` times a second, and answers what the calls brought that were not refused. */
async function callFor(
  { clock }: Target,
  { seconds, perSecond }: { readonly seconds: number; readonly perSecond: number },
  call: () => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (let count = 0; count < seconds * perSecond; count += 1) {
    await clock.advance(1000 / perSecond);
    sum += await call().catch((error: Error) => {
      expect(error.name).toMatch(/^(ProvisionedThroughput|Limit)ExceededException$/);
      return 0;
    });
  }
  return sum;
}

/** Calls an operation by its name, over connections that are kept: there are thousands of calls. */
async function callByName({ kinesis }: Target, operation: string, input: object) {
  const answer = await fetch(kinesis.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `Kinesis_20131202.${operation}`,
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=00",
    },
    body: JSON.stringify(input),
  });
  const body = await answer.text();
  const { message = "" } = (body === "" ? {} : JSON.parse(body)) as { readonly message?: string };
  return { status: answer.status, message };
}

/** Makes so many calls, some at a time, and sums up what they bring. */
async function callTimes(count: number, call: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let made = 0; made < count; made += 50) {
    const calls = Array.from({ length: Math.min(50, count - made) }, call);
    for (const brought of await Promise.all(calls)) sum += brought;
  }
  return sum;
}

async function shardCount({ client }: Target, StreamName: string): Promise<number | undefined> {
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  return StreamDescriptionSummary?.OpenShardCount;
}

/** Sixteen keys of one byte, the hash keys of which are as far from each other as those of sixteen shards. */
const SPREAD_KEYS = Array.from({ length: 16 }, (_, sixteenth) => {
  for (let code = 0x21; code < 0x7f; code += 1) {
    const key = String.fromCharCode(code);
    if (Number.parseInt(createHash("md5").update(key).digest("hex").charAt(0), 16) === sixteenth) return key;
  }
  throw new Error(`no printable key falls into sixteenth ${sixteenth}`);
});

/** What shards take and give, how often operations may be called, and how on-demand streams grow. */
export const limits: Contract = {
  about: "Limits",
  cases: [
    {
      title: "a shard takes 1,000 records a second",
      fidelity: "close",
      note: "rate: Kinesis API reference, CreateStream; that a second's worth may come at once, and not more, is not confirmed",
      options,
      async run(target) {
        const streamName = await target.createStream();
        expect(await put(target, streamName, { count: 1500 })).toBe(1000);
        expectLimit(await putFor(target, streamName, { perSecond: 2000 }), 10_000);
      },
    },
    {
      title: "a shard takes 1 MiB a second, keys included",
      fidelity: "close",
      note: "rate: Kinesis API reference, CreateStream; keys: Kinesis developer guide, edition of 2021; as above",
      options,
      async run(target) {
        const streamName = await target.createStream();
        const bytes = 16 * KIB;
        expect(await put(target, streamName, { count: 100, bytes })).toBe(64);
        expectLimit(await putFor(target, streamName, { perSecond: 130, bytes }), 640);
      },
    },
    {
      title:
        "PutRecords stores what fits and refuses each record that does not with ProvisionedThroughputExceededException",
      fidelity: "exact",
      note: "mhart/kinesalite#87, run on AWS",
      options,
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        const record = (PartitionKey: string, bytes: number) => ({ PartitionKey, Data: Buffer.alloc(bytes) });
        const [low = "", high = ""] = [SPREAD_KEYS[0], SPREAD_KEYS[15]];
        const { FailedRecordCount, Records } = await target.client.send(
          new PutRecordsCommand({
            StreamName,
            Records: [record(low, 700 * KIB), record(low, 700 * KIB), record(high, 700 * KIB), record(low, 100 * KIB)],
          }),
        );
        expect(FailedRecordCount).toBe(1);
        expect(Records?.map(({ ShardId }) => ShardId)).toEqual([SHARD, undefined, "shardId-000000000001", SHARD]);
        expect(Records?.[1]).toEqual({ ErrorCode: THROTTLED, ErrorMessage: writeText(StreamName) });
        const stored = await target.client.send(
          new GetRecordsCommand({ ShardIterator: await iterator(target, StreamName) }),
        );
        expect(stored.Records?.map(({ Data }) => Data?.length)).toEqual([700 * KIB, 100 * KIB]);
      },
    },
    {
      title: "PutRecord is refused as a whole with ProvisionedThroughputExceededException, status 400",
      fidelity: "close",
      note: "Kinesis API reference, PutRecord; that the text is that of PutRecords is not confirmed",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        const command = new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.alloc(600 * KIB) });
        await target.client.send(command);
        await expect(target.client.send(command)).rejects.toMatchObject({
          name: THROTTLED,
          message: writeText(StreamName),
          $metadata: { httpStatusCode: 400 },
        });
      },
    },
    {
      title:
        "records above 1 MiB come in as up to 10 MiB at once and 1 MiB a second, and smaller ones as capacity returns",
      fidelity: "close",
      note: "Kinesis developer guide, handle large records; that the tank fills at the rate of the shard is not confirmed",
      options,
      async run(target) {
        const StreamName = "large";
        await target.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1, MaxRecordSizeInKiB: 10 * KIB }));
        expect(await put(target, StreamName, { count: 1, bytes: 10 * MIB })).toBe(1);
        expect(await put(target, StreamName, { count: 1, bytes: KIB })).toBe(0);
        await target.clock.advance(100);
        expectLimit((await put(target, StreamName, { count: 200, bytes: KIB })) * KIB, (MIB / 1000) * 100);
        const large = () => put(target, StreamName, { count: 1, bytes: 2 * MIB });
        expectLimit(await callFor(target, { seconds: 10, perSecond: 1 }, large), 5);
      },
    },
    {
      title: "GetRecords may be called 5 times a second for a shard",
      fidelity: "close",
      note: "Kinesis API reference, GetRecords; that a second's worth may come at once is not confirmed",
      options,
      async run(target) {
        const streamName = await target.createStream();
        const ShardIterator = await iterator(target, streamName);
        const read = () => target.client.send(new GetRecordsCommand({ ShardIterator })).then(() => 1);
        for (let call = 0; call < 5; call += 1) await read();
        await expect(read()).rejects.toMatchObject({ name: THROTTLED, $metadata: { httpStatusCode: 400 } });
        expectLimit(await callFor(target, { seconds: 20, perSecond: 10 }, read), 100);
      },
    },
    {
      title: "GetRecords that answered 10 MiB is refused for 5 s, for all readers of the shard",
      fidelity: "exact",
      note: "Kinesis API reference, GetRecords; text: awslabs/amazon-kinesis-client#1521",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        for (let mib = 0; mib < 11; mib += 1) {
          expect(await put(target, StreamName, { count: 4, bytes: 256 * KIB })).toBe(4);
          await target.clock.advance(1000);
        }
        const [one, other] = [await iterator(target, StreamName), await iterator(target, StreamName)];
        const read = (ShardIterator: string | undefined) =>
          target.client.send(new GetRecordsCommand({ ShardIterator }));
        expect((await read(one)).Records).toHaveLength(40);
        for (const [wait, ShardIterator] of [
          [0, one],
          [4999, other],
        ] as const) {
          await target.clock.advance(wait);
          await expect(read(ShardIterator)).rejects.toMatchObject({
            name: THROTTLED,
            message: `Rate exceeded for Shard - 000000000000/${StreamName}/${SHARD}`,
          });
        }
        await target.clock.advance(1);
        expect((await read(other)).Records).toHaveLength(40);
      },
    },
    {
      title: "a shard gives 2 MiB a second",
      fidelity: "close",
      note: "Kinesis API reference, GetRecords; that calls are refused until a second's worth is there again follows from its 1 s and 5 s",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        for (let mib = 0; mib < 3; mib += 1) {
          await put(target, StreamName, { count: 4, bytes: 256 * KIB });
          await target.clock.advance(1000);
        }
        const ShardIterator = await iterator(target, StreamName);
        const read = async () => {
          const { Records = [] } = await target.client.send(new GetRecordsCommand({ ShardIterator, Limit: 10 }));
          return Records.length * 256 * KIB;
        };
        await read();
        expectLimit(await callFor(target, { seconds: 10, perSecond: 20 }, read), 20 * MIB);
      },
    },
    {
      title: "GetShardIterator may be called 5 times a second for a shard",
      fidelity: "close",
      note: "Kinesis API reference, GetShardIterator; text: reported in 2017",
      options,
      async run(target) {
        const streamName = await target.createStream();
        for (let call = 0; call < 5; call += 1) await iterator(target, streamName);
        await expect(iterator(target, streamName)).rejects.toMatchObject({
          name: THROTTLED,
          message: writeText(streamName),
        });
        const call = () => iterator(target, streamName, "LATEST").then(() => 1);
        expectLimit(await callFor(target, { seconds: 20, perSecond: 10 }, call), 100);
      },
    },
    {
      title: "a shard iterator is good for 5 minutes",
      fidelity: "exact",
      note: "Kinesis API reference, GetShardIterator",
      options,
      async run(target) {
        const ShardIterator = await iterator(target, await target.createStream());
        const read = () => target.client.send(new GetRecordsCommand({ ShardIterator }));
        await target.clock.advance(300_000);
        await read();
        await target.clock.advance(1);
        await expect(read()).rejects.toMatchObject({ name: "ExpiredIteratorException" });
      },
    },
    {
      title: "the other operations may be called as often as AWS publishes, counted by account or by stream",
      fidelity: "close",
      note: "Kinesis API reference, each operation; Kinesis developer guide, quotas and limits; texts: boto/botocore#821, Graylog2/graylog-plugin-integrations#341; that a call counts only once its input is valid is not confirmed",
      options,
      async run(target) {
        const streamName = await target.createStream();
        const streamArn = `arn:aws:kinesis:eu-west-1:000000000000:stream/${streamName}`;
        const inputs = ratedInputs(streamName, streamArn);
        const texts: Record<string, string> = {};
        for (const [operation, { perSecond }] of Object.entries(REQUEST_RATES)) {
          const call = async (): Promise<number> => {
            const { status, message } = await callByName(target, operation, inputs[operation] ?? {});
            if (!message.startsWith("Rate exceeded")) return 1;
            expect(status, operation).toBe(400);
            texts[operation] = message;
            return 0;
          };
          await target.clock.advance(10_000);
          expect(await callTimes(perSecond + 1, call), operation).toBe(perSecond);
          // Then twice as many calls as the rate allows, in steps.
          const steps = Math.max(10, Math.ceil(20 / perSecond));
          const perStep = Math.max(perSecond / 50, 20 / steps);
          let admitted = 0;
          for (let step = 0; step < steps; step += 1) {
            await target.clock.advance((1000 * perStep) / perSecond);
            admitted += await callTimes(perStep * 2, call);
          }
          expectLimit(admitted, steps * perStep, operation);
        }
        expect(texts).toMatchObject({
          DescribeStream: `Rate exceeded for stream ${streamName} under account 000000000000.`,
          ListTagsForStream: `Rate exceeded for stream ${streamName} under account 000000000000.`,
          PutResourcePolicy: `Rate exceeded for stream ${streamName} under account 000000000000.`,
          ListStreams: "Rate exceeded for account 000000000000.",
        });
      },
    },
    {
      title: "a new on-demand stream takes 4,000 records a second, and a single key 1,000",
      fidelity: "exact",
      note: "Kinesis data streams FAQ, on-demand mode; Kinesis developer guide, on-demand mode",
      options,
      async run(target) {
        const streamName = await target.createStream({ onDemand: true });
        expectLimit(await putFor(target, streamName, { seconds: 3, perSecond: 8000, keys: SPREAD_KEYS }), 12_000);
        expectLimit(await putFor(target, streamName, { seconds: 3, perSecond: 2000 }), 3000);
      },
    },
    {
      title:
        "an on-demand stream of any size doubles 15 minutes after its shards took more than half of what they can, and so on",
      fidelity: "close",
      note: "Kinesis developer guide, on-demand mode, handling exceptions; that traffic is measured by the minute, and that shards are looked at when records come in, is not AWS's",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        await target.client.send(
          new UpdateStreamModeCommand({
            StreamARN: `arn:aws:kinesis:eu-west-1:000000000000:stream/${StreamName}`,
            StreamModeDetails: { StreamMode: "ON_DEMAND" },
          }),
        );
        const oneRecord = () => put(target, StreamName, { count: 1 });
        for (const shards of [1, 2]) {
          expect(await shardCount(target, StreamName)).toBe(shards);
          for (let second = 0; second < 31; second += 1) {
            await target.clock.advance(1000);
            // As much as all shards take, evenly: more would be refused.
            const count = shards * 992;
            expect(await put(target, StreamName, { count, keys: SPREAD_KEYS })).toBe(count);
          }
          await target.clock.jump(14 * 60_000 + 28_000);
          await oneRecord();
          expect(await shardCount(target, StreamName)).toBe(shards);
          await target.clock.advance(1000);
          await oneRecord();
        }
        expect(await shardCount(target, StreamName)).toBe(4);
        const load = { seconds: 3, perSecond: 8000, keys: SPREAD_KEYS };
        expectLimit(await putFor(target, StreamName, load), 12_000);
      },
    },
    {
      title: "nothing is limited, and no on-demand stream grows, with limits off",
      fidelity: "different",
      note: "a switch of this endpoint",
      async run(target) {
        const streamName = await target.createStream({ onDemand: true });
        for (let second = 0; second < 5; second += 1) {
          expect(await put(target, streamName, { count: 7000 })).toBe(7000);
          await target.clock.advance(1000);
        }
        await target.clock.jump(60 * 60_000);
        await put(target, streamName, { count: 1 });
        for (let call = 0; call < 30; call += 1) expect(await shardCount(target, streamName)).toBe(4);
      },
    },
  ],
};
