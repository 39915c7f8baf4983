import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemorySecrets } from "../testing/memory-secrets.ts";
import { memoryStreams } from "../testing/memory-streams.ts";
import { startLocalRedshift, type LocalRedshift } from "./index.ts";

/** A Python that has boto3 and awscli. */
const python = process.env["MILLRACE_PYTHON"] ?? "python3";
const isFound = spawnSync(python, ["-c", "import boto3, awscli"]).status === 0;
if (!isFound) {
  const missing = `${python} cannot import boto3 and awscli`;
  if (process.env["MILLRACE_REQUIRE_PYTHON"]) throw new Error(`MILLRACE_REQUIRE_PYTHON is set and ${missing}`);
  const box = "!".repeat(100);
  process.stderr.write(
    `\n${box}\n!! SKIPPED: boto3 and the AWS CLI against the local Redshift: ${missing}\n` +
      `!! python3 -m venv .millrace/python && .millrace/python/bin/pip install -r packages/local-kinesis/testing/second-clients/requirements.txt\n` +
      `!! then set MILLRACE_PYTHON to the path of .millrace/python/bin/python\n${box}\n\n`,
  );
}

const run = promisify(execFile);
let redshift: LocalRedshift;

beforeAll(async () => {
  const streams = memoryStreams().reader;
  redshift = await startLocalRedshift({ port: 0, streams, secrets: createMemorySecrets(), stateDelayMs: 100 });
});
afterAll(() => redshift.close());

/** Runs Python as on a machine where nothing of AWS is set up but credentials, a region and this endpoint. */
function runPython(args: readonly string[]) {
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_ENDPOINT_URL: redshift.url,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    PYTHONUTF8: "1",
  };
  return run(python, [...args], { env });
}

describe.skipIf(!isFound)("boto3", () => {
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

describe.skipIf(!isFound)("the AWS CLI", () => {
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
