import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
} from "@aws-sdk/client-redshift-data";
import * as sdk from "@aws-sdk/client-redshift-serverless";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../database/database.ts";
import { memoryStreams } from "../../testing/memory-streams.ts";
import { createWarehouse, startFixture, type RedshiftFixture } from "../../testing/redshift-fixture.ts";

const target = { namespaceName: "events-ns", workgroupName: "events-wg", snapshotName: "before" };
const roleArn = "arn:aws:iam::000000000000:role/streaming";

let streams: ReturnType<typeof memoryStreams>;
let fixture: RedshiftFixture;
let secret: string;
beforeEach(async () => {
  streams = memoryStreams();
  fixture = await startFixture({ streams: streams.reader, openDatabase });
  secret = await createWarehouse(fixture);
});
afterEach(() => fixture.close());

/** Rows of a statement, each with its one number or text. */
async function run(Sql: string, SessionId?: string): Promise<{ rows: unknown[]; sessionId: string | undefined }> {
  const place = { WorkgroupName: "events-wg", Database: "dev", SecretArn: secret, SessionKeepAliveSeconds: 60 };
  const { Id } = await fixture.data.send(
    new ExecuteStatementCommand(SessionId === undefined ? { ...place, Sql } : { SessionId, Sql }),
  );
  const describe = () => fixture.data.send(new DescribeStatementCommand({ Id: Id! }));
  await expect.poll(async () => (await describe()).Status, { interval: 5 }).toMatch(/FINISHED|FAILED|ABORTED/);
  const { Status, Error: error, HasResultSet, SessionId: sessionId } = await describe();
  if (Status !== "FINISHED") throw new Error(error);
  const { Records = [] } =
    HasResultSet === true ? await fixture.data.send(new GetStatementResultCommand({ Id: Id! })) : {};
  return { rows: Records.map(([cell]) => cell?.longValue ?? cell?.stringValue), sessionId };
}

const snapshot = () =>
  fixture.serverless.send(new sdk.CreateSnapshotCommand({ namespaceName: "events-ns", snapshotName: "before" }));
const restore = () => fixture.serverless.send(new sdk.RestoreFromSnapshotCommand(target));

it("restoring ends the sessions and brings tables, users and identity columns back as they were", async () => {
  await run("CREATE TABLE t (id INT IDENTITY(1,1), a INT)");
  await run("INSERT INTO t (a) VALUES (10), (20)");
  await run("CREATE USER reader PASSWORD 'Abcdefg1'");
  await snapshot();
  await run("DELETE FROM t");
  await run("DROP USER reader");
  const { sessionId } = await run("SELECT 1");
  await restore();
  await expect(run("SELECT 1", sessionId)).rejects.toThrow();
  expect((await run("SELECT a FROM t ORDER BY a")).rows).toEqual([10, 20]);
  expect((await run("SELECT usename FROM pg_user WHERE usename = 'reader'")).rows).toEqual(["reader"]);
  await run("INSERT INTO t (a) VALUES (30)");
  expect((await run("SELECT count(DISTINCT id) FROM t")).rows).toEqual([3]);
});

it("a streaming view reads on from where it stood in the snapshot, each record once", async () => {
  await fixture.serverless.send(new sdk.UpdateNamespaceCommand({ namespaceName: "events-ns", iamRoles: [roleArn] }));
  const stream = streams.stream("events");
  await run(`CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`);
  await run("CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT sequence_number FROM kds.events");
  const count = async () => (await run("SELECT count(*) FROM mv")).rows[0];
  for (let number = 0; number < 5; number += 1) stream.put(`{"n":${number}}`);
  await expect.poll(count, { interval: 10 }).toBe(5);
  await snapshot();
  for (let number = 5; number < 12; number += 1) stream.put(`{"n":${number}}`);
  await expect.poll(count, { interval: 10 }).toBe(12);
  await run("DROP MATERIALIZED VIEW mv");
  await restore();
  await expect.poll(count, { interval: 10 }).toBe(12);
  expect((await run("SELECT count(DISTINCT sequence_number) FROM mv")).rows).toEqual([12]);
});

it("what was restored is there after a restart, and the copy goes with the snapshot", async () => {
  await run("CREATE TABLE t AS SELECT 1 AS a");
  const { snapshot: taken } = await snapshot();
  expect(taken?.totalBackupSizeInMegaBytes).toBeGreaterThan(0);
  await run("DROP TABLE t");
  await restore();
  await fixture.restart();
  expect((await run("SELECT a FROM t")).rows).toEqual([1]);
  const copies = () => readdir(join(fixture.directory, "snapshots"));
  expect(await copies()).toHaveLength(1);
  await fixture.serverless.send(new sdk.DeleteSnapshotCommand({ snapshotName: "before" }));
  expect(await copies()).toEqual([]);
});

it("the password of the snapshot's time is the admin's again", async () => {
  const { serverless } = fixture;
  const change = (adminUserPassword: string) =>
    serverless.send(new sdk.UpdateNamespaceCommand({ namespaceName: "events-ns", adminUserPassword }));
  const asAdmin = async (password: string) => {
    secret = await fixture.secrets.create(`admin-${password}`, JSON.stringify({ username: "admin", password }), {});
    return (await run("SELECT 1")).rows;
  };
  await change("First-Passw0rd");
  await snapshot();
  await change("Second-Passw0rd");
  await restore();
  expect(await asAdmin("First-Passw0rd")).toEqual([1]);
  await expect(asAdmin("Second-Passw0rd")).rejects.toThrow("password authentication failed");
});

it("statements at the same time do no harm to what is restored", async () => {
  await run("CREATE TABLE t AS SELECT 1 AS a");
  await snapshot();
  await run("DROP TABLE t");
  const restoring = restore();
  const answers = await Promise.allSettled(Array.from({ length: 5 }, () => run("SELECT 1")));
  await restoring;
  for (const answer of answers) if (answer.status === "fulfilled") expect(answer.value.rows).toEqual([1]);
  expect((await run("SELECT a FROM t")).rows).toEqual([1]);
});
