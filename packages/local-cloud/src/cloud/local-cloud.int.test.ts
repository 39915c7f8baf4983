import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateNamespaceCommand, RedshiftServerlessClient } from "@aws-sdk/client-redshift-serverless";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLocalCloud, type LocalCloud } from "./local-cloud.ts";

let directory: string;
const clouds: LocalCloud[] = [];
const start = async (port = 0, limits?: boolean) => {
  const cloud = await startLocalCloud({ directory, port, ...(limits === undefined ? {} : { limits }) });
  clouds.push(cloud);
  return cloud;
};

/** One call as an SDK signs it; the local cloud reads who signed, and takes every signature. */
const ask = (url: string, target: string, input: object) =>
  fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/any/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify(input),
  });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "millrace-cloud-"));
});
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
  await rm(directory, { recursive: true, force: true });
});

test("answers for every service on one address", async () => {
  const { url, port } = await start();
  expect(url).toBe(`http://127.0.0.1:${port}`);
  expect(await (await fetch(`${url}/_millrace/health`)).json()).toEqual({ status: "ok", engine: null });
  const identity = await fetch(url, { method: "POST", body: new URLSearchParams({ Action: "GetCallerIdentity" }) });
  expect(await identity.text()).toContain("<Account>000000000000</Account>");
  for (const [target, status] of [
    ["Kinesis_20131202.ListStreams", 200],
    ["RedshiftServerless.ListWorkgroups", 200],
    ["secretsmanager.ListSecrets", 200],
    ["Other_20200101.Anything", 400],
  ] as const) {
    const response = await ask(url, target, {});
    expect([target, response.status]).toEqual([target, status]);
  }
});

test("keeps the managed password as a secret that Secrets Manager answers, also after a restart", async () => {
  const first = await start();
  const client = new RedshiftServerlessClient({
    endpoint: first.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const { namespace } = await client.send(
    new CreateNamespaceCommand({ namespaceName: "space", adminUsername: "admin", manageAdminPassword: true }),
  );
  client.destroy();
  await first.close();
  const { url } = await start();
  const response = await ask(url, "secretsmanager.GetSecretValue", { SecretId: namespace?.adminPasswordSecretArn });
  const { SecretString } = (await response.json()) as { SecretString: string };
  expect(JSON.parse(SecretString)).toMatchObject({ username: "admin", password: expect.any(String) });
});

test("refuses a data directory in use by naming the process, and takes it when that is gone", async () => {
  const first = await start();
  await expect(start()).rejects.toThrow(`is in use by process ${process.pid}`);
  await first.close();
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "cloud.lock"), "4194305 1");
  await start();
});

test("refuses a port in use with one sentence and frees the data directory", async () => {
  const first = await start();
  const other = await mkdtemp(join(tmpdir(), "millrace-cloud-"));
  try {
    await expect(startLocalCloud({ directory: other, port: first.port })).rejects.toThrow(String(first.port));
    const second = await startLocalCloud({ directory: other, port: 0 });
    await second.close();
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});

test.each([-1, 1.5, 70_000])("refuses the port %s", async (port) => {
  await expect(start(port)).rejects.toThrow(/port must be an integer from 0 to 65535/);
});

test("holds Kinesis to AWS's rates unless it is told not to, and passes faults on", async () => {
  const putFiveMiB = async ({ url }: LocalCloud, StreamName: string) => {
    const call = (operation: string, input: object) => ask(url, `Kinesis_20131202.${operation}`, input);
    await call("CreateStream", { StreamName, ShardCount: 1 });
    await expect
      .poll(async () => (await call("DescribeStreamSummary", { StreamName })).text(), { timeout: 10_000 })
      .toContain('"StreamStatus":"ACTIVE"');
    const Data = Buffer.alloc(10_240).toString("base64");
    const Records = Array.from({ length: 500 }, () => ({ PartitionKey: "k", Data }));
    return call("PutRecords", { StreamName, Records });
  };
  const failed = async (answer: Response) => ((await answer.json()) as { FailedRecordCount: number }).FailedRecordCount;

  const limited = await start();
  expect(await failed(await putFiveMiB(limited, "limited"))).toBeGreaterThan(300);
  await limited.close();
  const free = await start(0, false);
  expect(await failed(await putFiveMiB(free, "free"))).toBe(0);

  const plan = { seed: 1, rules: [{ kind: "service-unavailable", rate: 1, operations: ["ListStreams"] }] };
  await fetch(`${free.url}/_millrace/kinesis/faults`, { method: "PUT", body: JSON.stringify(plan) });
  expect((await ask(free.url, "Kinesis_20131202.ListStreams", {})).status).toBe(503);
});
