import { findPythonClients } from "@millrace/local-wire/testing/python-clients";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalKinesis } from "./index.ts";
import type { LocalKinesis } from "./index.ts";

const python = findPythonClients("the local Kinesis");
let kinesis: LocalKinesis;

beforeAll(async () => {
  kinesis = await startLocalKinesis({ stateDelayMs: 200 });
});
afterAll(() => kinesis.close());

/** Runs Python with nothing of AWS set up but this endpoint. */
const runPython = (args: readonly string[]) =>
  python.run(args, {
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    AWS_RETRY_MODE: "standard",
    AWS_MAX_ATTEMPTS: "10",
  });

describe.skipIf(!python.isFound)("boto3", () => {
  it("makes streams, puts, reads, reshards, tags, subscribes, waits and pages", { timeout: 180_000 }, async () => {
    const script = new URL("../testing/second-clients/use_boto3.py", import.meta.url).pathname;
    const { stdout } = await runPython([script]);
    const { age, arrival, ...seen } = JSON.parse(stdout) as Record<string, unknown> & { age: number; arrival: number };
    expect(Math.abs(age)).toBeLessThan(60);
    expect(Math.abs(arrival)).toBeLessThan(60);
    expect(seen).toEqual({
      summary: {
        StreamARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/boto3-stream",
        StreamStatus: "ACTIVE",
        OpenShardCount: 2,
        RetentionPeriodHours: 24,
      },
      "pages of streams": [
        ["boto3-other-0", "boto3-other-1"],
        ["boto3-other-2", "boto3-stream"],
      ],
      put: { shard: "shardId-000000000000", failed: 0, count: 20 },
      "bytes are kept": true,
      texts: Array.from({ length: 20 }, (_, number) => `record ${number}`).sort(),
      keys: [...Array.from({ length: 20 }, (_, number) => `key-ü-${number}`), "one"].sort(),
      "skipped by iterators": {
        AT_SEQUENCE_NUMBER: 0,
        AFTER_SEQUENCE_NUMBER: 1,
        AT_TIMESTAMP: 0,
        LATEST: 14,
        shard: 14,
      },
      "pages of shards": [["0", "1", "2"], ["3"]],
      "listed shards": ["0", "1", "2", "3"],
      "paginator of list_shards": "NextToken and StreamName cannot be provided together.",
      "end of a shard": { next: null, children: ["2", "3"] },
      tags: { b: "2", "made-by": "boto3" },
      consumers: ["fan-out"],
      pushed: true,
      error: {
        Code: "ResourceNotFoundException",
        Message: "Stream none under account 000000000000 not found.",
        status: 400,
      },
      refusal: {
        Code: "ValidationException",
        Message:
          `1 validation error detected: Value '${"k".repeat(257)}' at 'partitionKey' failed to satisfy constraint: ` +
          "Member must have length less than or equal to 256",
      },
    });
  });
});

describe.skipIf(!python.isFound)("the AWS CLI", () => {
  const aws = async (...args: readonly string[]): Promise<string> =>
    (await runPython(["-m", "awscli", "kinesis", ...args])).stdout;
  const stream = ["--stream-name", "cli-stream"];

  it("makes a stream, puts, reads, splits, tags and deletes", { timeout: 180_000 }, async () => {
    expect(await aws("create-stream", ...stream, "--shard-count", "1")).toBe("");
    expect(await aws("wait", "stream-exists", ...stream)).toBe("");
    const put = JSON.parse(await aws("put-record", ...stream, "--partition-key", "k", "--data", "hello")) as object;
    expect(put).toEqual({ ShardId: "shardId-000000000000", SequenceNumber: expect.stringMatching(/^49\d{54}$/) });

    await aws(
      "split-shard",
      ...stream,
      "--shard-to-split",
      "shardId-000000000000",
      "--new-starting-hash-key",
      `${2n ** 127n}`,
    );
    await aws("wait", "stream-exists", ...stream);
    expect(await aws("list-shards", ...stream, "--query", "Shards[].[ShardId,ParentShardId]", "--output", "text")).toBe(
      "shardId-000000000000\tNone\n" +
        "shardId-000000000001\tshardId-000000000000\nshardId-000000000002\tshardId-000000000000\n",
    );

    const start = ["--shard-id", "shardId-000000000000", "--shard-iterator-type", "TRIM_HORIZON"];
    const iterator = await aws(
      "get-shard-iterator",
      ...stream,
      ...start,
      "--query",
      "ShardIterator",
      "--output",
      "text",
    );
    const page = JSON.parse(await aws("get-records", "--shard-iterator", iterator.trim())) as object;
    expect(page).toEqual({
      Records: [
        {
          ...put,
          ShardId: undefined,
          Data: "aGVsbG8=",
          PartitionKey: "k",
          ApproximateArrivalTimestamp: expect.anything(),
        },
      ],
      MillisBehindLatest: 0,
      ChildShards: [expect.objectContaining({ ShardId: "shardId-000000000001" }), expect.anything()],
    });

    await aws("add-tags-to-stream", ...stream, "--tags", "stage=local");
    expect(JSON.parse(await aws("list-tags-for-stream", ...stream))).toEqual({
      Tags: [{ Key: "stage", Value: "local" }],
      HasMoreTags: false,
    });
    expect(JSON.parse(await aws("list-streams", "--page-size", "1"))).toMatchObject({
      StreamNames: expect.arrayContaining(["cli-stream"]),
    });
    await aws("delete-stream", ...stream);
    expect(await aws("wait", "stream-not-exists", ...stream)).toBe("");
  });

  it("says what is wrong and ends with its status for errors of a service", { timeout: 60_000 }, async () => {
    await expect(aws("describe-stream-summary", "--stream-name", "none")).rejects.toMatchObject({
      code: 255,
      stderr: expect.stringContaining(
        "An error occurred (ResourceNotFoundException) when calling the DescribeStreamSummary operation: " +
          "Stream none under account 000000000000 not found.",
      ),
    });
  });
});
