import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { ListNamespacesCommand, RedshiftServerlessClient } from "@aws-sdk/client-redshift-serverless";
import { expect, it, onTestFinished } from "vitest";
import { credentials, startKinesisWorld } from "../testing/kinesis-world.ts";
import { runSql } from "../testing/run-sql.ts";
import { startLocalRedshift, type LocalRedshiftOptions } from "./local-redshift.ts";

async function start(options: LocalRedshiftOptions = {}) {
  const redshift = await startLocalRedshift(options);
  const settings = { endpoint: redshift.url, region: "eu-west-1", credentials };
  const [data, serverless] = [new RedshiftDataClient(settings), new RedshiftServerlessClient(settings)];
  onTestFinished(async () => {
    data.destroy();
    serverless.destroy();
    await redshift.close();
  });
  const { workgroup } = redshift;
  const target = {
    WorkgroupName: workgroup?.workgroupName ?? "",
    Database: "dev",
    SecretArn: workgroup?.secretArn ?? "",
  };
  return { redshift, serverless, run: (sql: string) => runSql(data, target, sql) };
}

async function startKinesis(options: Parameters<typeof startKinesisWorld>[0] = {}) {
  const world = await startKinesisWorld(options);
  onTestFinished(() => world[Symbol.asyncDispose]());
  return world;
}

it("starts with no options, empty, and closes twice", async () => {
  const { redshift, serverless } = await start();
  expect(await serverless.send(new ListNamespacesCommand({}))).toMatchObject({ namespaces: [] });
  expect(redshift.workgroup).toBeUndefined();
  await Promise.all([redshift.close(), redshift.close()]);
});

it("refuses two places for streams", async () => {
  const { kinesis } = await startKinesis();
  const options = { streams: kinesis.reader, kinesis: { endpoint: kinesis.url } };
  await expect(startLocalRedshift(options)).rejects.toThrow(TypeError);
});

it("frees the directory when the port is in use", async () => {
  const { redshift } = await start();
  const directory = await mkdtemp(join(tmpdir(), "local-redshift-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const options = { directory, workgroup: "events-wg" };
  await expect(startLocalRedshift({ ...options, port: redshift.port })).rejects.toThrow(`port ${redshift.port}`);
  await start(options);
});

it("keeps a workgroup, its secret and its rows in a directory, and nothing on the disk without one", async () => {
  const directory = await mkdtemp(join(tmpdir(), "local-redshift-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const first = await start({ directory, workgroup: "events-wg" });
  await first.run("CREATE TABLE t AS SELECT 7 AS n");
  await first.redshift.close();
  const second = await start({ directory, workgroup: "events-wg" });
  expect(second.redshift.workgroup).toEqual(first.redshift.workgroup);
  expect(await second.run("SELECT n FROM t")).toEqual([[{ longValue: 7 }]]);
  await second.redshift.close();
  const before = await readdir(directory);
  const here = await readdir(".");
  const inMemory = await start({ workgroup: "events-wg" });
  await inMemory.run("CREATE TABLE t AS SELECT 7 AS n");
  expect(await inMemory.run("SELECT n FROM t")).toEqual([[{ longValue: 7 }]]);
  expect(await readdir(directory)).toEqual(before);
  expect(await readdir(".")).toEqual(here);
});

const view = `CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS
  SELECT shard_id, sequence_number, JSON_PARSE(kinesis_data) AS payload FROM kds.events WHERE CAN_JSON_PARSE(kinesis_data)`;

it("fills a streaming view through the Kinesis API, over splits and merges", async () => {
  const world = await startKinesis();
  await world.createStream("events");
  const { run } = await start({ workgroup: "events-wg", kinesis: { endpoint: world.kinesis.url, pollMs: 20 } });
  await run("CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default");
  await run(view);
  const numbers = (from: number) => Array.from({ length: 20 }, (_, index) => `{"n":${from + index}}`);
  await world.put("events", numbers(0));
  await world.split("events", "shardId-000000000000");
  await world.put("events", numbers(20));
  await world.merge("events", "shardId-000000000001", "shardId-000000000002");
  await world.put("events", numbers(40));
  await expect
    .poll(() => run("SELECT COUNT(*), COUNT(DISTINCT payload.n::int) FROM mv"), { timeout: 15_000 })
    .toEqual([[{ longValue: 60 }, { longValue: 60 }]]);
  expect(await run("SELECT COUNT(DISTINCT shard_id) FROM mv")).toEqual([[{ longValue: 4 }]]);
});

it("shares the reads that a shard allows between the views of a stream, and fails no refresh", async () => {
  const world = await startKinesis({ limits: true });
  await world.createStream("events");
  const { run } = await start({ workgroup: "events-wg", kinesis: { endpoint: world.kinesis.url, pollMs: 20 } });
  await run("CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default");
  const views = ["mv", "mv2", "mv3"];
  for (const name of views) await run(view.replace("VIEW mv ", `VIEW ${name} `));
  await world.put("events", ['{"n":1}', '{"n":2}']);
  for (const name of views)
    await expect.poll(() => run(`SELECT COUNT(*) FROM ${name}`), { timeout: 15_000 }).toEqual([[{ longValue: 2 }]]);
  await run("REFRESH MATERIALIZED VIEW mv2");
  expect(await run("SELECT COUNT(*) FROM sys_mv_refresh_history WHERE status LIKE 'Refresh failed%'")).toEqual([
    [{ longValue: 0 }],
  ]);
});
