import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { clientOf } from "../../testing/client-of.ts";
import { createHeldClock } from "../../testing/held-clock.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { FaultPlanError, startLocalKinesis } from "../index.ts";
import type { FaultPlan, FaultRule, LocalKinesis } from "../index.ts";

const held = createHeldClock();
let callsOff = 0;
/** The held clock, which counts what is called off. */
const clock: typeof held = {
  ...held,
  schedule(at, task) {
    const callOff = held.schedule(at, task);
    return () => {
      callsOff += 1;
      callOff();
    };
  },
};
let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let kinesis: LocalKinesis;
/** Without attempts after an error. */
let client: KinesisClient;
let patient: KinesisClient;
let streams = 0;
let StreamName: string;

const connect = (maxAttempts: number, requestHandler = new NodeHttp2Handler({ disableConcurrentStreams: true })) =>
  clientOf(kinesis.url, { maxAttempts, requestHandler });

beforeAll(async () => {
  directory = await makeTemporaryDirectory();
  kinesis = await startLocalKinesis({ directory: directory.path, clock, stateDelayMs: 0, limits: false });
  client = connect(1);
  patient = connect(10);
});

beforeEach(async () => {
  kinesis.faults.clear();
  StreamName = `stream-${(streams += 1)}`;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});

afterAll(async () => {
  client.destroy();
  patient.destroy();
  await kinesis.close();
  await directory.remove();
});

const putOne = (by: KinesisClient, text: string) =>
  by.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.from(text) }));

const putMany = (by: KinesisClient, texts: readonly string[]) =>
  by.send(
    new PutRecordsCommand({
      StreamName,
      Records: texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) })),
    }),
  );

async function read(): Promise<string[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" }),
  );
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => Buffer.from(Data ?? []).toString());
}

const always = (rule: Partial<FaultRule>): FaultPlan => ({ seed: 1, rules: [{ rate: 1, ...rule } as FaultRule] });

describe("a call", () => {
  it.each([
    ["throttle", "ProvisionedThroughputExceededException", 400],
    ["internal-failure", "InternalFailure", 500],
    ["service-unavailable", "ServiceUnavailable", 503],
  ] as const)("that meets %s has %s, and nothing is done", async (kind, name, status) => {
    kinesis.faults.set(always({ kind, times: 1 }));
    await expect(putOne(client, "a")).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(await read()).toEqual([]);
  });

  it("that is throttled has the error of its operation", async () => {
    kinesis.faults.set(always({ kind: "throttle" }));
    await expect(client.send(new ListStreamsCommand())).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "Rate exceeded for account 000000000000.",
    });
    await expect(client.send(new DescribeStreamSummaryCommand({ StreamName }))).rejects.toMatchObject({
      name: "LimitExceededException",
      message: `Rate exceeded for stream ${StreamName} under account 000000000000.`,
    });
    await expect(client.send(new GetRecordsCommand({ ShardIterator: "x" }))).rejects.toMatchObject({
      name: "ProvisionedThroughputExceededException",
    });
  });

  it("belongs to the stream that its name, ARN or iterator says", async () => {
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "LATEST" }),
    );
    const StreamARN = `arn:aws:kinesis:eu-west-1:000000000000:stream/${StreamName}`;
    kinesis.faults.set(always({ kind: "throttle", streams: [StreamName] }));
    await expect(client.send(new DescribeStreamSummaryCommand({ StreamName }))).rejects.toThrow("Rate exceeded");
    await expect(client.send(new DescribeStreamSummaryCommand({ StreamARN }))).rejects.toThrow("Rate exceeded");
    await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toThrow("Rate exceeded");
    await client.send(new ListStreamsCommand());
    kinesis.faults.set(always({ kind: "throttle", streams: ["another"] }));
    await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(kinesis.faults.report().rules[0]).toMatchObject({ asked: 0, hits: 0 });
  });

  it("waits on the clock before anything is done", async () => {
    kinesis.faults.set(always({ kind: "latency", latencyMs: [5000, 5000], operations: ["PutRecord"] }));
    let isDone = false;
    const pending = putOne(client, "late").then(() => (isDone = true));
    await expect.poll(() => kinesis.faults.report().rules[0]?.hits, { timeout: 10_000 }).toBe(1);
    await clock.advance(4999);
    expect(await read()).toEqual([]);
    expect(isDone).toBe(false);
    await clock.advance(1);
    await pending;
    expect(await read()).toEqual(["late"]);
  });

  it("whose client leaves while it waits is not carried out", async () => {
    kinesis.faults.set(always({ kind: "latency", latencyMs: [5000, 5000], times: 1 }));
    const leaving = new AbortController();
    const pending = client.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.from("a") }), {
      abortSignal: leaving.signal,
    });
    await expect.poll(() => kinesis.faults.report().rules[0]?.hits, { timeout: 10_000 }).toBe(1);
    const before = callsOff;
    leaving.abort();
    await expect(pending).rejects.toThrow();
    await expect.poll(() => callsOff, { timeout: 10_000 }).toBe(before + 1);
    await clock.advance(10_000);
    expect(await read()).toEqual([]);
  });
});

describe("an unmodified client's own attempts", () => {
  it("make it whole through throttling, failures and resets", async () => {
    kinesis.faults.set({
      seed: 11,
      rules: [
        { kind: "throttle", rate: 0.2, times: 2 },
        { kind: "internal-failure", rate: 0.2, times: 2 },
        { kind: "service-unavailable", rate: 0.2, times: 2 },
        { kind: "reset", rate: 0.2, times: 2 },
      ],
    });
    const texts = Array.from({ length: 25 }, (_, number) => String(number));
    for (const text of texts) await putOne(patient, text);
    expect(kinesis.faults.report().rules.map(({ hits }) => hits)).toEqual([2, 2, 2, 2]);
    kinesis.faults.clear();
    expect(await read()).toEqual(texts);
  });

  it.each([
    ["a reset", "reset", () => connect(2)],
    [
      "silence over HTTP/2",
      "silence",
      () => connect(2, new NodeHttp2Handler({ requestTimeout: 200, disableConcurrentStreams: true })),
    ],
    [
      "silence over HTTP/1.1",
      "silence",
      () => connect(2, new NodeHttpHandler({ requestTimeout: 200, throwOnRequestTimeout: true }) as never),
    ],
  ] as const)("after %s in place of the answer store a record twice", async (_, manner, make) => {
    kinesis.faults.set(always({ kind: "no-answer", manner, times: 1 }));
    const own = make();
    await putOne(own, "once");
    own.destroy();
    expect(await read()).toEqual(["once", "once"]);
  });
});

describe("records that fail", () => {
  const texts = Array.from({ length: 200 }, (_, number) => `record ${number}`);
  const failuresOf = async (plan: FaultPlan) => {
    kinesis.faults.set(plan);
    const { Records = [], FailedRecordCount } = await putMany(client, texts);
    const failed = Records.flatMap(({ ErrorCode }, position) => (ErrorCode === undefined ? [] : [position]));
    expect(FailedRecordCount).toBe(failed.length);
    expect(kinesis.faults.report().rules[0]).toMatchObject({ asked: 200, hits: failed.length });
    return { Records, failed };
  };

  it("are told within an answer of status 200, and the others are stored in their order", async () => {
    const { Records, failed } = await failuresOf({ seed: 5, rules: [{ kind: "record-failure", rate: 0.2 }] });
    expect(failed.length).toBeGreaterThan(10);
    expect(Records[failed[0] as number]).toEqual({
      ErrorCode: "ProvisionedThroughputExceededException",
      ErrorMessage: `Rate exceeded for shard shardId-000000000000 in stream ${StreamName} under account 000000000000.`,
    });
    expect(await read()).toEqual(texts.filter((_, position) => !failed.includes(position)));
  });

  it("are the same for the same seed", async () => {
    const plan: FaultPlan = { seed: 5, rules: [{ kind: "record-failure", rate: 0.2, code: "InternalFailure" }] };
    const first = await failuresOf(plan);
    expect(first.Records[first.failed[0] as number]).toEqual({
      ErrorCode: "InternalFailure",
      ErrorMessage: "Internal service failure.",
    });
    expect((await failuresOf(plan)).failed).toEqual(first.failed);
    expect((await failuresOf({ ...plan, seed: 6 })).failed).not.toEqual(first.failed);
  });

  it("leave single puts alone", async () => {
    kinesis.faults.set(always({ kind: "record-failure" }));
    await putOne(client, "a");
    expect(await read()).toEqual(["a"]);
  });
});

describe("the control address", () => {
  const ask = async (method: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${kinesis.url}/_millrace/kinesis/faults`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const plan: FaultPlan = { seed: 3, rules: [{ kind: "throttle", rate: 1, operations: ["ListStreams"] }] };

  it("sets, tells and ends faults", async () => {
    expect(await ask("GET")).toEqual({ status: 200, body: { rules: [] } });
    expect(await ask("PUT", plan)).toEqual({
      status: 200,
      body: { seed: 3, rules: [{ ...plan.rules[0], asked: 0, hits: 0 }] },
    });
    await expect(client.send(new ListStreamsCommand())).rejects.toMatchObject({ name: "LimitExceededException" });
    expect(await ask("GET")).toEqual({
      status: 200,
      body: { seed: 3, rules: [{ ...plan.rules[0], asked: 1, hits: 1 }] },
    });
    expect(await ask("DELETE")).toEqual({ status: 200, body: { rules: [] } });
    await client.send(new ListStreamsCommand());
  });

  it.each([
    ["no JSON", "the body must be a plan as JSON"],
    [{ seed: 1, rules: [{ kind: "throttle", rate: 2 }] }, "rules.0.rate must be a number from 0 to 1, got 2"],
    [
      { seed: 1, rules: [{ kind: "throttle", rate: 1, operations: ["PutRecord", "Put"] }] },
      "rules.0.operations must be",
    ],
  ])("refuses %j with a sentence, and leaves the plan that holds", async (body, message) => {
    await ask("PUT", plan);
    expect(await ask("PUT", body)).toEqual({
      status: 400,
      body: { message: expect.stringContaining(message) as string },
    });
    expect((await ask("GET")).body).toMatchObject({ seed: 3 });
    expect(() => kinesis.faults.set({ seed: 1, rules: [{ kind: "throttle", rate: 2 }] })).toThrow(FaultPlanError);
  });

  it("answers no other method, and no web page", async () => {
    expect((await ask("POST", plan)).status).toBe(405);
    expect((await ask("PUT", plan, { origin: "https://evil.example" })).status).toBe(403);
    expect((await ask("GET")).body).toEqual({ rules: [] });
  });
});
