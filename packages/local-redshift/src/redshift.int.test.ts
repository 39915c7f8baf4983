import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListTablesCommand,
} from "@aws-sdk/client-redshift-data";
import { CreateNamespaceCommand, CreateWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createMemoryStream } from "../testing/memory-stream.ts";
import { type RedshiftFixture, startFixture } from "../testing/redshift-fixture.ts";
import { openDatabase } from "./database/database.ts";

const roleArn = "arn:aws:iam::000000000000:role/streaming";
const stream = createMemoryStream("events");
const target = { WorkgroupName: "events-wg", Database: "dev" };
let fixture: RedshiftFixture;
let secretArn: string;

beforeAll(async () => {
  fixture = await startFixture({ streams: stream.reader, openDatabase });
  const { namespace } = await fixture.serverless.send(
    new CreateNamespaceCommand({ namespaceName: "events-ns", manageAdminPassword: true, iamRoles: [roleArn] }),
  );
  secretArn = namespace?.adminPasswordSecretArn ?? "";
  await fixture.serverless.send(new CreateWorkgroupCommand({ workgroupName: "events-wg", namespaceName: "events-ns" }));
});
afterAll(() => fixture.close());

async function run(sql: string) {
  const submitted = await fixture.data.send(
    new ExecuteStatementCommand({ ...target, Sql: sql, SecretArn: secretArn, WaitTimeSeconds: 30 }),
  );
  return fixture.data.send(new DescribeStatementCommand({ Id: submitted.Id }));
}

async function query(sql: string) {
  const described = await run(sql);
  expect(described).toMatchObject({ Status: "FINISHED" });
  return fixture.data.send(new GetStatementResultCommand({ Id: described.Id }));
}

async function countRows(): Promise<number | undefined> {
  return (await query("SELECT count(*) FROM events_view")).Records?.[0]?.[0]?.longValue;
}

it("a session that another one terminates is not available any more", async () => {
  const opened = await fixture.data.send(
    new ExecuteStatementCommand({
      ...target,
      Sql: "SELECT 1",
      SecretArn: secretArn,
      SessionKeepAliveSeconds: 60,
      WaitTimeSeconds: 30,
    }),
  );
  expect(opened).toMatchObject({ Status: "FINISHED" });
  await query(`SELECT pg_terminate_backend(${opened.RedshiftPid})`);
  const next = new ExecuteStatementCommand({ SessionId: opened.SessionId, Sql: "SELECT 2" });
  await expect(fixture.data.send(next)).rejects.toMatchObject({
    name: "ValidationException",
    message: "Session is not available",
  });
});

it("fills a streaming view by itself, also after a restart that no client follows", async () => {
  stream.append('{"event_name":"JOIN","user":1}', '{"event_name":"LEAVE","user":2}');
  expect(await run(`CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`)).toMatchObject({
    Status: "FINISHED",
  });
  expect(
    await run(
      `CREATE MATERIALIZED VIEW events_view AUTO REFRESH YES AS
       SELECT approximate_arrival_timestamp, partition_key, shard_id, sequence_number, refresh_time, JSON_PARSE(kinesis_data) AS payload
       FROM kds.events WHERE CAN_JSON_PARSE(kinesis_data)`,
    ),
  ).toMatchObject({ Status: "FINISHED" });
  await expect.poll(countRows, { timeout: 10_000 }).toBe(2);
  await fixture.restart();
  stream.append('{"event_name":"SUBSCRIBE","user":3}');
  await expect.poll(countRows, { timeout: 10_000 }).toBe(3);
  const { Records, ColumnMetadata } = await query(
    "SELECT payload.event_name::varchar AS event_name, payload.user AS u, shard_id FROM events_view ORDER BY sequence_number",
  );
  expect(Records?.[2]).toEqual([
    { stringValue: "SUBSCRIBE" },
    { stringValue: "3" },
    { stringValue: "shardId-000000000000" },
  ]);
  expect(ColumnMetadata?.map(({ typeName }) => typeName)).toEqual(["varchar", "super", "bpchar"]);
});

it("keeps what a batch commits and nothing of one that fails", async () => {
  const batch = async (sqls: string[]) => {
    const { Id } = await fixture.data.send(
      new BatchExecuteStatementCommand({ ...target, Sqls: sqls, SecretArn: secretArn, WaitTimeSeconds: 30 }),
    );
    return fixture.data.send(new DescribeStatementCommand({ Id }));
  };
  expect(
    await batch(["CREATE TABLE numbers (n INTEGER, name VARCHAR(10))", "INSERT INTO numbers VALUES (1, 'one')"]),
  ).toMatchObject({ Status: "FINISHED" });
  const failed = await batch(["INSERT INTO numbers VALUES (2, 'two')", "SELECT * FROM nowhere", "SELECT 1"]);
  expect(failed.Status).toBe("FAILED");
  expect(failed.Error).toMatch(/^Query #2 failed with ERROR: relation "nowhere" does not exist/);
  expect(failed.SubStatements?.map(({ Status }) => Status)).toEqual(["FINISHED", "FAILED", "ABORTED"]);
  expect((await query("SELECT n, name FROM numbers")).Records).toEqual([[{ longValue: 1 }, { stringValue: "one" }]]);
});

it("stops a statement that is cancelled, and serves others meanwhile", async () => {
  const { Id } = await fixture.data.send(
    new ExecuteStatementCommand({
      ...target,
      SecretArn: secretArn,
      Sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*), sum(a.i) FROM n a`,
    }),
  );
  expect((await query("SELECT 1")).Records).toEqual([[{ longValue: 1 }]]);
  expect(await fixture.data.send(new CancelStatementCommand({ Id }))).toMatchObject({ Status: true });
  expect(await fixture.data.send(new DescribeStatementCommand({ Id }))).toMatchObject({ Status: "ABORTED" });
});

it("lists and describes what is there", async () => {
  await run("CREATE TABLE IF NOT EXISTS listed (path VARCHAR(64) NOT NULL, bytes BIGINT)");
  const { Tables } = await fixture.data.send(
    new ListTablesCommand({ ...target, SecretArn: secretArn, SchemaPattern: "public", TablePattern: "listed" }),
  );
  expect(Tables).toEqual([{ schema: "public", name: "listed", type: "TABLE" }]);
  const { ColumnList } = await fixture.data.send(
    new DescribeTableCommand({ ...target, SecretArn: secretArn, Schema: "public", Table: "listed" }),
  );
  expect(ColumnList).toMatchObject([
    { name: "path", typeName: "varchar", nullable: 0 },
    { name: "bytes", typeName: "int8", nullable: 1 },
  ]);
});

it("lets users in with their password alone, and everybody else with no rights of an admin", async () => {
  await run("CREATE USER reader PASSWORD 'Abcd1234'");
  await run("CREATE TABLE IF NOT EXISTS locked (a INTEGER)");
  const runAs = async (sql: string, secret?: { username: string; password: string }) => {
    const name = `secret-${secret?.username}-${secret?.password}`;
    const arn =
      secret && ((await fixture.secrets.get(name)) ? name : await fixture.secrets.create(name, JSON.stringify(secret)));
    const submitted = await fixture.data.send(
      new ExecuteStatementCommand({ ...target, Sql: sql, WaitTimeSeconds: 30, ...(arn ? { SecretArn: arn } : {}) }),
    );
    return fixture.data.send(new DescribeStatementCommand({ Id: submitted.Id }));
  };
  const reader = { username: "reader", password: "Abcd1234" };
  expect(await runAs("SELECT 1", reader)).toMatchObject({ Status: "FINISHED" });
  expect(await runAs("SELECT * FROM locked", reader)).toMatchObject({
    Status: "FAILED",
    Error: "ERROR: permission denied for relation locked",
  });
  for (const wrong of [
    { ...reader, password: "Abcd12345" },
    { ...reader, username: "nobody" },
  ])
    expect(await runAs("SELECT 1", wrong)).toMatchObject({
      Status: "FAILED",
      Error: `FATAL: password authentication failed for user "${wrong.username}"`,
    });
  expect(await runAs("SELECT * FROM locked")).toMatchObject({
    Status: "FAILED",
    Error: "ERROR: permission denied for relation locked",
  });
});
