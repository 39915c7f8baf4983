import { findPythonClients } from "@millrace/local-wire/testing/python-clients";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemorySecrets } from "../testing/memory-secrets.ts";
import { memoryStreams } from "../testing/memory-streams.ts";
import { startLocalRedshift, type LocalRedshift } from "./index.ts";

const python = findPythonClients("the local Redshift");
let redshift: LocalRedshift;

beforeAll(async () => {
  const streams = memoryStreams().reader;
  redshift = await startLocalRedshift({ port: 0, streams, secrets: createMemorySecrets(), stateDelayMs: 100 });
});
afterAll(() => redshift.close());

/** Runs Python with nothing of AWS set up but this endpoint. */
const runPython = (args: readonly string[]) => python.run(args, { AWS_ENDPOINT_URL: redshift.url });

describe.skipIf(!python.isFound)("boto3", () => {
  it("makes a workgroup, runs batches, queries and sessions, pages and lists", { timeout: 180_000 }, async () => {
    const script = new URL("../testing/second-clients/use_boto3.py", import.meta.url).pathname;
    const { stdout } = await runPython([script]);
    expect(JSON.parse(stdout)).toEqual({
      workgroups: [["boto3-wg"]],
      batch: ["FINISHED", [0, 2]],
      records: [
        [{ longValue: 1 }, { stringValue: "ü" }, { stringValue: "1.50" }, { stringValue: '{"x":[1]}' }],
        [{ longValue: 2 }, { isNull: true }, { isNull: true }, { isNull: true }],
      ],
      types: ["int4", "varchar", "numeric", "super"],
      csv: ["a,b\r\n1,ü\r\n2,\r\n"],
      "in the session": ["FINISHED", "FINISHED"],
      tables: ["t"],
      columns: ["a", "b", "c", "d"],
      named: ["setup"],
      failed: 'ERROR: relation "nowhere" does not exist',
      error: {
        Code: "ValidationException",
        Message: "Redshift endpoint doesn't exist in this region.",
        status: 400,
      },
    });
  });
});

describe.skipIf(!python.isFound)("the AWS CLI", () => {
  const aws = async (...args: readonly string[]): Promise<string> =>
    (await runPython(["-m", "awscli", ...args])).stdout;

  it("makes a workgroup, runs a statement and fetches its result", { timeout: 180_000 }, async () => {
    await aws("redshift-serverless", "create-namespace", "--namespace-name", "cli-ns");
    const status = ["redshift-serverless", "get-namespace", "--namespace-name", "cli-ns", "--output", "text"];
    await expect.poll(() => aws(...status, "--query", "namespace.status"), { timeout: 60_000 }).toBe("AVAILABLE\n");
    await aws("redshift-serverless", "create-workgroup", "--workgroup-name", "cli-wg", "--namespace-name", "cli-ns");
    const target = ["--workgroup-name", "cli-wg", "--database", "dev"];
    const execute = ["redshift-data", "execute-statement", ...target, "--sql", "select 1 as one", "--query", "Id"];
    let id = "";
    await expect
      .poll(async () => (id = (await aws(...execute, "--output", "text").catch(() => "")).trim()), { timeout: 60_000 })
      .toMatch(/^[0-9a-f-]{36}$/);
    const describeIt = ["redshift-data", "describe-statement", "--id", id, "--query", "Status", "--output", "text"];
    await expect.poll(() => aws(...describeIt), { timeout: 60_000 }).toBe("FINISHED\n");
    expect(JSON.parse(await aws("redshift-data", "get-statement-result", "--id", id))).toMatchObject({
      Records: [[{ longValue: 1 }]],
      TotalNumRows: 1,
    });
  });
});
