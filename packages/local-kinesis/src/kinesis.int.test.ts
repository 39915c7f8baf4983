import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  paginateListStreams,
} from "@aws-sdk/client-kinesis";
import type { GetShardIteratorCommandInput } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Decoder, Encoder } from "cbor-x";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAll } from "../testing/read-all.ts";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { systemClock } from "./clock.ts";
import { startLocalKinesis } from "./index.ts";
import type { LocalKinesis } from "./index.ts";

const ARN = "arn:aws:kinesis:eu-west-1:000000000000:stream/";
let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let kinesis: LocalKinesis;
let client: KinesisClient;
let offsetMs = 0;
let streams = 0;

const options = (url: string) => ({
  endpoint: url,
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

beforeAll(async () => {
  directory = await makeTemporaryDirectory();
  kinesis = await startLocalKinesis({
    directory: directory.path,
    port: 0,
    clock: { ...systemClock, now: () => Date.now() + offsetMs },
    stateDelayMs: 0,
    limits: false,
  });
  // Without attempts after an error: the client takes some of them for a reason to wait.
  client = new KinesisClient({ ...options(kinesis.url), maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await kinesis.close();
  await directory.remove();
});

async function newStream(args: { ShardCount?: number } = { ShardCount: 1 }): Promise<string> {
  streams += 1;
  const StreamName = `stream-${streams}`;
  await client.send(
    new CreateStreamCommand({
      StreamName,
      ...(args.ShardCount === undefined ? { StreamModeDetails: { StreamMode: "ON_DEMAND" } } : args),
    }),
  );
  return StreamName;
}

function put(StreamName: string, texts: readonly string[], by = client) {
  return by.send(
    new PutRecordsCommand({
      StreamName,
      Records: texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) })),
    }),
  );
}

async function read(input: Omit<GetShardIteratorCommandInput, "ShardId">, by = client, Limit?: number) {
  const { ShardIterator } = await by.send(new GetShardIteratorCommand({ ShardId: "shardId-000000000000", ...input }));
  const answer = await by.send(new GetRecordsCommand({ ShardIterator, Limit }));
  return { ...answer, texts: (answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()) };
}

describe.each(["HTTP/2", "HTTP/1.1"])("an unmodified client over %s", (protocol) => {
  const connect = () =>
    new KinesisClient({
      ...options(kinesis.url),
      ...(protocol === "HTTP/1.1" ? { requestHandler: new NodeHttpHandler() } : {}),
    });

  it("makes a stream, puts records and reads them back", async () => {
    const own = connect();
    const StreamName = `${await newStream()}`;
    const answer = await put(StreamName, ["a", "b", "ü€😀"], own);
    expect(answer.FailedRecordCount).toBe(0);
    expect(answer.Records?.map(({ ShardId }) => ShardId)).toEqual(Array(3).fill("shardId-000000000000"));
    const numbers = answer.Records?.map(({ SequenceNumber }) => SequenceNumber ?? "") ?? [];
    expect(numbers.every((number) => /^49\d{54}$/.test(number))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);

    const { Records, texts, MillisBehindLatest, NextShardIterator } = await read(
      { StreamName, ShardIteratorType: "TRIM_HORIZON" },
      own,
    );
    expect(texts).toEqual(["a", "b", "ü€😀"]);
    expect(Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(texts);
    expect(Records?.map(({ SequenceNumber }) => SequenceNumber)).toEqual(numbers);
    expect(Math.abs((Records?.[0]?.ApproximateArrivalTimestamp?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(MillisBehindLatest).toBe(0);

    await put(StreamName, ["later"], own);
    const next = await own.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }));
    expect(next.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(["later"]);
    own.destroy();
  });

  it("takes records of 10 MiB in one request and reads them back whole", async () => {
    const own = connect();
    const StreamName = await newStream();
    const records = Array.from({ length: 10 }, (_, number) => Buffer.alloc(1_048_570, number));
    await own.send(
      new PutRecordsCommand({ StreamName, Records: records.map((Data) => ({ PartitionKey: "k", Data })) }),
    );
    const { Records } = await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" }, own);
    expect(
      Records?.every(({ Data }, number) => Buffer.compare(Data ?? Buffer.alloc(0), records[number] as Buffer) === 0),
    ).toBe(true);
    expect(Records).toHaveLength(10);
    own.destroy();
  });
});

describe("CBOR", () => {
  it("puts and reads records, with bytes and times as AWS's Java client sends them", async () => {
    const StreamName = await newStream();
    const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
    const call = async (operation: string, input: object) => {
      const response = await fetch(kinesis.url, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-cbor-1.1",
          "x-amz-target": `Kinesis_20131202.${operation}`,
          "x-amz-date": "20250101T000000Z",
          authorization:
            "AWS4-HMAC-SHA256 Credential=local/20250101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
        },
        body: new Uint8Array(encoder.encode(input)),
      });
      const decoder = new Decoder({ useRecords: false, mapsAsObjects: true });
      return { status: response.status, body: decoder.decode(Buffer.from(await response.arrayBuffer())) };
    };
    const stored = await call("PutRecord", { StreamName, PartitionKey: "k", Data: Buffer.from([0, 255]) });
    expect(stored.body.SequenceNumber).toMatch(/^49/);
    const many = await call("PutRecords", { StreamName, Records: [{ PartitionKey: "k", Data: Buffer.from("x") }] });
    expect(many.body).toMatchObject({ FailedRecordCount: 0, Records: [{ ShardId: "shardId-000000000000" }] });
    const { body } = await call("GetShardIterator", {
      StreamName,
      ShardId: "shardId-000000000000",
      ShardIteratorType: "TRIM_HORIZON",
    });
    const records = (await call("GetRecords", { ShardIterator: body.ShardIterator })).body.Records;
    expect(records.map(({ Data }: { Data: Buffer }) => Data.toString("hex"))).toEqual(["00ff", "78"]);
    const failed = await call("PutRecord", { StreamName: "none", PartitionKey: "k", Data: Buffer.from("x") });
    expect(failed).toMatchObject({ status: 400, body: { __type: "ResourceNotFoundException" } });
  });
});

describe("streams", () => {
  it("have four shards of a quarter of the hash keys when on demand", async () => {
    const StreamName = await newStream({});
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription).toMatchObject({
      StreamARN: `${ARN}${StreamName}`,
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      RetentionPeriodHours: 24,
      EncryptionType: "NONE",
      HasMoreShards: false,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    });
    expect(StreamDescription?.Shards?.map(({ ShardId }) => ShardId)).toEqual(
      [0, 1, 2, 3].map((index) => `shardId-00000000000${index}`),
    );
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamARN: `${ARN}${StreamName}` }));
    expect(summary.StreamDescriptionSummary).toMatchObject({ OpenShardCount: 4, ConsumerCount: 0 });
  });

  it("are listed in pages, and so are their shards", async () => {
    const StreamName = await newStream({ ShardCount: 5 });
    const names: string[] = [];
    for await (const page of paginateListStreams({ client, pageSize: 2 }, {})) names.push(...(page.StreamNames ?? []));
    expect(names).toEqual([...names].sort());
    expect(names).toContain(StreamName);
    const after = await client.send(new ListStreamsCommand({ ExclusiveStartStreamName: names.at(-2), Limit: 1 }));
    expect(after).toMatchObject({ StreamNames: [names.at(-1)], HasMoreStreams: false });

    const shards: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const address = NextToken === undefined ? { StreamName } : { NextToken };
      const page = await client.send(new ListShardsCommand({ ...address, MaxResults: 2 }));
      shards.push(...(page.Shards ?? []).map(({ ShardId }) => ShardId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(shards).toHaveLength(5);
    const rest = await client.send(
      new ListShardsCommand({ StreamName, ShardFilter: { Type: "AFTER_SHARD_ID", ShardId: shards[2] } }),
    );
    expect(rest.Shards?.map(({ ShardId }) => ShardId)).toEqual(shards.slice(3));
    const latest = await client.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: "AT_LATEST" } }));
    expect(latest.Shards).toHaveLength(5);
    const described = await client.send(new DescribeStreamCommand({ StreamName, Limit: 2 }));
    expect(described.StreamDescription).toMatchObject({ HasMoreShards: true });
  });

  it("change retention, encryption, mode and tags", async () => {
    const StreamName = await newStream();
    const StreamARN = `${ARN}${StreamName}`;
    await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 168 }));
    await client.send(new DecreaseStreamRetentionPeriodCommand({ StreamARN, RetentionPeriodHours: 48 }));
    await client.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId: "alias/key" }));
    await client.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: "ON_DEMAND" } }));
    await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: "local", team: "a" } }));
    await client.send(new TagResourceCommand({ ResourceARN: StreamARN, Tags: { team: "b", cost: "0" } }));
    await client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ["stage"] }));
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(summary.StreamDescriptionSummary).toMatchObject({
      RetentionPeriodHours: 48,
      EncryptionType: "KMS",
      KeyId: "alias/key",
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      OpenShardCount: 1,
    });
    const tags = [
      { Key: "cost", Value: "0" },
      { Key: "team", Value: "b" },
    ];
    expect(await client.send(new ListTagsForStreamCommand({ StreamName }))).toMatchObject({ Tags: tags });
    expect(await client.send(new ListTagsForStreamCommand({ StreamName, Limit: 1 }))).toMatchObject({
      Tags: tags.slice(0, 1),
      HasMoreTags: true,
    });
    const stored = await put(StreamName, ["a"]);
    expect(stored.EncryptionType).toBe("KMS");
    expect((await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" })).Records?.[0]?.EncryptionType).toBe("KMS");
    await client.send(new StopStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId: "alias/key" }));
    await client.send(new UntagResourceCommand({ ResourceARN: StreamARN, TagKeys: ["cost", "team", "none"] }));
    expect((await client.send(new ListTagsForResourceCommand({ ResourceARN: StreamARN }))).Tags).toEqual([]);
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription).toMatchObject({ EncryptionType: "NONE" });
    expect(StreamDescription?.KeyId).toBeUndefined();
  });

  it("begin anew after they were deleted, and what belonged to the old ones is refused", async () => {
    const StreamName = await newStream();
    const stored = await put(StreamName, ["old"]);
    const { NextShardIterator } = await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" });
    await client.send(new DeleteStreamCommand({ StreamName }));
    await expect(client.send(new DescribeStreamCommand({ StreamName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Stream ${StreamName} under account 000000000000 not found.`,
    });
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    expect((await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts).toEqual([]);
    await expect(client.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    const StartingSequenceNumber = stored.Records?.[0]?.SequenceNumber ?? "";
    await expect(
      read({ StreamName, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber }),
    ).rejects.toThrow("because it did not come from this stream");
    await expect(
      kinesis.reader.read({
        streamName: StreamName,
        shardId: "shardId-000000000000",
        afterSequenceNumber: StartingSequenceNumber,
        maxRecords: 1,
        maxBytes: 1,
      }),
    ).rejects.toThrow("is read from its start");
  });
});

describe("records", () => {
  it("go to the shard of their hash key, in the order they were put", async () => {
    const StreamName = await newStream({ ShardCount: 3 });
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    for (const { ShardId, HashKeyRange } of StreamDescription?.Shards ?? []) {
      for (const ExplicitHashKey of [HashKeyRange?.StartingHashKey, HashKeyRange?.EndingHashKey]) {
        const record = { PartitionKey: "same", Data: Buffer.from(""), ExplicitHashKey };
        expect(await client.send(new PutRecordCommand({ StreamName, ...record }))).toMatchObject({ ShardId });
        const many = await client.send(new PutRecordsCommand({ StreamName, Records: [record] }));
        expect(many.Records?.[0]).toMatchObject({ ShardId });
      }
    }
  });

  it("have growing numbers under concurrent puts, each of its own", async () => {
    const StreamName = await newStream();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, batch) => put(StreamName, [`${batch}-a`, `${batch}-b`])),
    );
    const numbers = answers.flatMap(({ Records }) => Records?.map(({ SequenceNumber }) => SequenceNumber ?? "") ?? []);
    expect(new Set(numbers).size).toBe(80);
    const { Records } = await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" });
    expect(Records?.map(({ SequenceNumber }) => SequenceNumber)).toEqual([...numbers].sort());
  });

  it("are read from each type of iterator", async () => {
    const StreamName = await newStream();
    const first = await put(StreamName, ["1", "2", "3"]);
    offsetMs += 10_000;
    const Timestamp = new Date(Date.now() + offsetMs - 5000);
    await put(StreamName, ["4", "5"]);
    const StartingSequenceNumber = first.Records?.[1]?.SequenceNumber;
    const texts = async (input: Omit<GetShardIteratorCommandInput, "ShardId" | "StreamName">) =>
      (await read({ StreamName, ...input })).texts.join("");
    expect(await texts({ ShardIteratorType: "TRIM_HORIZON" })).toBe("12345");
    expect(await texts({ ShardIteratorType: "LATEST" })).toBe("");
    expect(await texts({ ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("2345");
    expect(await texts({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("345");
    expect(await texts({ ShardIteratorType: "AT_TIMESTAMP", Timestamp })).toBe("45");
    expect(await texts({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(0) })).toBe("12345");
  });

  it("say how far a reader is behind", async () => {
    const StreamName = await newStream();
    await put(StreamName, ["1", "2"]);
    offsetMs += 60_000;
    const page = await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" }, client, 1);
    expect(page.texts).toEqual(["1"]);
    expect(page.MillisBehindLatest).toBeGreaterThanOrEqual(60_000);
  });

  it("leave with their retention, and a longer one does not bring them back", async () => {
    const StreamName = await newStream();
    await put(StreamName, ["old"]);
    offsetMs += 25 * 3_600_000;
    await put(StreamName, ["new"]);
    expect((await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts).toEqual(["new"]);
    await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
    expect((await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts).toEqual(["new"]);
  });
});

describe("shards", () => {
  const shardsOf = async (StreamName: string) =>
    (await client.send(new ListShardsCommand({ StreamName }))).Shards?.map(
      ({ ShardId, ParentShardId, SequenceNumberRange }) => [
        Number(ShardId?.slice(8)),
        ParentShardId === undefined ? undefined : Number(ParentShardId.slice(8)),
        SequenceNumberRange?.EndingSequenceNumber === undefined ? "open" : "closed",
      ],
    );

  it("are split and merged, and a reader goes from the closed one to its children", async () => {
    const StreamName = await newStream();
    await put(StreamName, ["before"]);
    await client.send(
      new SplitShardCommand({ StreamName, ShardToSplit: "shardId-000000000000", NewStartingHashKey: `${1n << 127n}` }),
    );
    expect(await shardsOf(StreamName)).toEqual([
      [0, undefined, "closed"],
      [1, 0, "open"],
      [2, 0, "open"],
    ]);
    const { ChildShards, NextShardIterator, texts } = await read({ StreamName, ShardIteratorType: "TRIM_HORIZON" });
    expect(texts).toEqual(["before"]);
    expect(NextShardIterator).toBeUndefined();
    expect(ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
      ["shardId-000000000001", ["shardId-000000000000"]],
      ["shardId-000000000002", ["shardId-000000000000"]],
    ]);
    const page = { streamName: StreamName, shardId: "shardId-000000000000", maxRecords: 5, maxBytes: 1e6 };
    expect(await kinesis.reader.read(page)).toMatchObject({ atTip: true, ended: true });

    await put(StreamName, ["a", "b", "c", "d"]);
    await client.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: "shardId-000000000001",
        AdjacentShardToMerge: "shardId-000000000002",
      }),
    );
    expect((await put(StreamName, ["after"])).Records?.[0]?.ShardId).toBe("shardId-000000000003");
    const latest = await client.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: "AT_LATEST" } }));
    expect(latest.Shards).toMatchObject([
      {
        ShardId: "shardId-000000000003",
        ParentShardId: "shardId-000000000001",
        AdjacentParentShardId: "shardId-000000000002",
      },
    ]);
    await expect(
      client.send(new SplitShardCommand({ StreamName, ShardToSplit: "shardId-000000000000", NewStartingHashKey: "5" })),
    ).rejects.toMatchObject({ name: "InvalidArgumentException" });
    await expect(
      client.send(new SplitShardCommand({ StreamName, ShardToSplit: "shardId-000000000003", NewStartingHashKey: "1" })),
    ).rejects.toThrow("is not both greater than one plus the shard's StartingHashKey 0 and less than");
  });

  it("change in number while records come in, and none is lost or told twice", async () => {
    const StreamName = await newStream({ ShardCount: 2 });
    let isScaling = true;
    const texts: string[] = [];
    const putting = [0, 1, 2, 3].map(async (writer) => {
      for (let round = 0; isScaling || round < 5; round += 1) {
        const batch = Array.from({ length: 20 }, (_, index) => `${writer}/${round}/${index}`);
        texts.push(...batch);
        expect((await put(StreamName, batch)).FailedRecordCount).toBe(0);
      }
    });
    for (const TargetShardCount of [4, 3, 2, 1]) {
      await client.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: "UNIFORM_SCALING" }));
      const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
      expect(StreamDescriptionSummary?.OpenShardCount).toBe(TargetShardCount);
    }
    isScaling = false;
    await Promise.all(putting);
    const stored = (await readAll(kinesis.reader, StreamName)).map(({ data }) => Buffer.from(data).toString());
    expect(stored.sort()).toEqual(texts.sort());
    await expect(
      client.send(new UpdateShardCountCommand({ StreamName, TargetShardCount: 3, ScalingType: "UNIFORM_SCALING" })),
    ).rejects.toMatchObject({ name: "LimitExceededException" });
  });
});

describe("errors in AWS's words", () => {
  const refused = async (answer: Promise<unknown>, name: string, message: string) => {
    await expect(answer).rejects.toMatchObject({ name, message });
  };
  const entry = (change: object) => ({ PartitionKey: "k", Data: Buffer.from("x"), ...change });

  it("ValidationException for what breaks the model", async () => {
    const StreamName = await newStream();
    const records = (Records: object[]) => new PutRecordsCommand({ StreamName, Records: Records as never });
    await refused(
      client.send(new CreateStreamCommand({ StreamName: "a b", ShardCount: 1 })),
      "ValidationException",
      "1 validation error detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy " +
        "regular expression pattern: [a-zA-Z0-9_.-]+",
    );
    await refused(
      client.send(records([])),
      "ValidationException",
      "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length " +
        "greater than or equal to 1",
    );
    await refused(
      client.send(records([entry({}), entry({ PartitionKey: "", ExplicitHashKey: "x" })])),
      "ValidationException",
      "2 validation errors detected: Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member " +
        "must have length greater than or equal to 1; Value 'x' at 'records.2.member.explicitHashKey' failed to " +
        "satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
    );
    await expect(client.send(records(Array.from({ length: 501 }, () => entry({}))))).rejects.toThrow(
      "Member must have length less than or equal to 500",
    );
    await refused(
      client.send(records([entry({}), entry({ Data: Buffer.alloc(1_048_577) })])),
      "ValidationException",
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at " +
        "'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    );
    await expect(
      client.send(new PutRecordCommand({ StreamName, PartitionKey: "kk", Data: Buffer.alloc(1_048_575) })),
    ).rejects.toMatchObject({ name: "ValidationException" });
    await refused(
      client.send(
        new GetShardIteratorCommand({ StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "NOW" as never }),
      ),
      "ValidationException",
      "1 validation error detected: Value 'NOW' at 'shardIteratorType' failed to satisfy constraint: Member must " +
        "satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]",
    );
  });

  it("ResourceNotFoundException and ResourceInUseException", async () => {
    const StreamName = await newStream();
    await refused(
      client.send(new PutRecordCommand({ StreamName: "none", PartitionKey: "k", Data: Buffer.from("") })),
      "ResourceNotFoundException",
      "Stream none under account 000000000000 not found.",
    );
    await refused(
      client.send(new DescribeStreamCommand({ StreamARN: "arn:aws:kinesis:eu-west-1:111111111111:stream/other" })),
      "ResourceNotFoundException",
      "Stream other under account 111111111111 not found.",
    );
    await refused(
      client.send(
        new GetShardIteratorCommand({ StreamName, ShardId: "shardId-000000000005", ShardIteratorType: "LATEST" }),
      ),
      "ResourceNotFoundException",
      `Shard shardId-000000000005 in stream ${StreamName} under account 000000000000 does not exist`,
    );
    await refused(
      client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })),
      "ResourceInUseException",
      `Stream ${StreamName} under account 000000000000 already exists.`,
    );
  });

  it("InvalidArgumentException and ExpiredIteratorException", async () => {
    const StreamName = await newStream();
    const ExplicitHashKey = (1n << 128n).toString();
    await refused(
      client.send(new PutRecordsCommand({ StreamName, Records: [entry({ ExplicitHashKey })] })),
      "InvalidArgumentException",
      "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. " +
        `Specified value was ${ExplicitHashKey}`,
    );
    await refused(
      client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 23 })),
      "InvalidArgumentException",
      "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
    );
    await refused(
      client.send(new GetRecordsCommand({ ShardIterator: "AAAA" })),
      "InvalidArgumentException",
      "Invalid ShardIterator.",
    );
    const { NextShardIterator } = await read({ StreamName, ShardIteratorType: "LATEST" });
    offsetMs += 300_001;
    await expect(client.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }))).rejects.toMatchObject({
      name: "ExpiredIteratorException",
      message: expect.stringMatching(
        /^Iterator expired\. The iterator was created at time \w{3} \w{3} \d\d [\d:]{8} UTC \d{4} while right now it is .* tolerated delay of 300000 milliseconds\.$/,
      ),
    });
  });

  it("LimitExceededException above the shards of an account", async () => {
    await expect(
      client.send(new CreateStreamCommand({ StreamName: "huge", ShardCount: 20_001 })),
    ).rejects.toMatchObject({
      name: "LimitExceededException",
      message: expect.stringContaining(
        "Number of additional shards that would have resulted from this request: 20001.",
      ),
    });
  });

  it("a sentence for an operation that is not built", async () => {
    const response = await fetch(kinesis.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "Kinesis_20131202.ReadMinds",
        "x-amz-date": "20250101T000000Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20250101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: "{}",
    });
    expect(await response.json()).toMatchObject({
      __type: "UnknownOperationException",
      message: expect.stringContaining("ReadMinds is not built in the local Kinesis yet"),
    });
  });
});

describe("the reader in the same process", () => {
  it("sees what clients put, and hears of it", async () => {
    const StreamName = await newStream();
    const { reader } = kinesis;
    let appends = 0;
    const stop = reader.onAppend(StreamName, () => (appends += 1));
    const stored = await put(StreamName, ["a", "b"]);
    await expect.poll(() => appends).toBe(1);
    stop();
    await put(StreamName, ["c"]);
    expect(await reader.describe(StreamName)).toEqual({ streamName: StreamName, streamArn: `${ARN}${StreamName}` });
    expect(await reader.describe("none")).toBeUndefined();
    expect(await reader.listShards(StreamName)).toEqual([{ shardId: "shardId-000000000000", closed: false }]);
    const page = await reader.read({
      streamName: StreamName,
      shardId: "shardId-000000000000",
      afterSequenceNumber: stored.Records?.[0]?.SequenceNumber ?? "",
      maxRecords: 1,
      maxBytes: 100,
    });
    expect(page).toMatchObject({ atTip: false, ended: false });
    expect(page.records[0]).toMatchObject({
      sequenceNumber: stored.Records?.[1]?.SequenceNumber,
      partitionKey: "b",
      data: Buffer.from("b"),
    });
    expect(appends).toBe(1);
  });
});
