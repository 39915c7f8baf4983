import * as sdk from "@aws-sdk/client-redshift-data";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { column, rowsOf, runUntilCancelled } from "../../testing/fake-database.ts";
import { createWarehouse, type RedshiftFixture, startFixture } from "../../testing/redshift-fixture.ts";
import type { StatementEvent } from "./run.ts";
import { dataApiOperations } from "./service.ts";

const {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  GetStatementResultV2Command,
  ListDatabasesCommand,
  ListSchemasCommand,
  ListSessionsCommand,
  ListStatementsCommand,
  ListTablesCommand,
} = sdk;

const target = { WorkgroupName: "events-wg", Database: "dev" };
const day = 24 * 3_600_000;
const events: StatementEvent[] = [];
let clockOffset = 0;
let fixture: RedshiftFixture;
let secretArn: string;

beforeAll(async () => {
  fixture = await startFixture({
    now: () => Date.now() + clockOffset,
    onStatementEvent: (event) => events.push(event),
    limits: { jsonPageBytes: 2000, csvChunkBytes: 500, csvPageBytes: 1200 },
  });
  secretArn = await createWarehouse(fixture);
  fixture.databases.answer("select 1", () => rowsOf([column("?column?", "int4", { precision: 10 })], [[1]]));
});
afterEach(() => {
  clockOffset = 0;
});
afterAll(() => fixture.close());

async function run(sql: string, more: Partial<sdk.ExecuteStatementCommandInput> = {}) {
  const submitted = await fixture.data.send(new ExecuteStatementCommand({ ...target, Sql: sql, ...more }));
  return settle(submitted.Id);
}

async function runBatch(sqls: string[], more: Partial<sdk.BatchExecuteStatementCommandInput> = {}) {
  const submitted = await fixture.data.send(new BatchExecuteStatementCommand({ ...target, Sqls: sqls, ...more }));
  return settle(submitted.Id);
}

function settle(id: string | undefined) {
  return fixture.data.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds: 30 }));
}

function sqlsRunBy(pid: number | undefined): string[] {
  return fixture.databases.executions.filter((execution) => execution.pid === pid).map(({ sql }) => sql);
}

describe("operations", () => {
  it("are those of the client", () => {
    const commands = Object.keys(sdk).filter((name) => name.endsWith("Command") && name !== "$Command");
    expect(Object.keys(dataApiOperations).sort()).toEqual(commands.map((name) => name.replace(/Command$/, "")).sort());
  });
});

describe("ExecuteStatement", () => {
  it("answers before the statement has settled, and shows its life", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.databases.answer("select slowly", async () => {
      await gate.promise;
      return rowsOf([column("a", "int4")], [[1]]);
    });
    const submitted = await fixture.data.send(new ExecuteStatementCommand({ ...target, Sql: "select slowly" }));
    expect(submitted).toMatchObject({ Database: "dev", WorkgroupName: "events-wg", DbUser: "IAM:local" });
    expect(submitted.Status).toBeUndefined();
    expect(submitted.CreatedAt).toBeInstanceOf(Date);
    const running = await fixture.data.send(new DescribeStatementCommand({ Id: submitted.Id }));
    expect(running).toMatchObject({ Status: "STARTED", Duration: -1, ResultRows: -1, ResultSize: -1 });
    await expect(fixture.data.send(new GetStatementResultCommand({ Id: submitted.Id }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Query does not have result. Please check query status with DescribeStatement.",
    });
    gate.resolve();
    expect(await settle(submitted.Id)).toMatchObject({ Status: "FINISHED", HasResultSet: true, ResultRows: 1 });
  });

  it("waits for the end when asked to", async () => {
    const answer = await fixture.data.send(
      new ExecuteStatementCommand({ ...target, Sql: "select 1", WaitTimeSeconds: 30 }),
    );
    expect(answer).toMatchObject({ Status: "FINISHED", HasResultSet: true });
    expect(answer.RedshiftPid).toBeGreaterThan(0);
  });

  it("answers at the deadline when the statement takes longer", async () => {
    fixture.databases.answer("select forever", runUntilCancelled);
    const answer = await fixture.data.send(
      new ExecuteStatementCommand({ ...target, Sql: "select forever", WaitTimeSeconds: 1 }),
    );
    expect(answer).toMatchObject({ Status: "STARTED", HasResultSet: false });
    await fixture.data.send(new CancelStatementCommand({ Id: answer.Id }));
  });

  it("counts the header in a result's size, as the guide's sample does", async () => {
    expect(await run("select 1")).toMatchObject({ ResultRows: 1, ResultSize: 11, QueryString: "select 1" });
  });

  it("reports an error of SQL as the statement's", async () => {
    expect(await run("bad sql")).toMatchObject({
      Status: "FAILED",
      Error: 'ERROR: syntax error at or near "bad sql"\n  Position: 1',
      HasResultSet: false,
      ResultRows: -1,
      ResultSize: -1,
    });
  });

  it("reports a database that does not exist as the statement's error", async () => {
    expect(await run("select 1", { Database: "nowhere" })).toMatchObject({
      Status: "FAILED",
      Error: 'FATAL: database "nowhere" does not exist',
    });
  });

  it("counts affected rows", async () => {
    fixture.databases.answer("insert", () => ({ columns: undefined, rows: [], rowCount: 7, kind: "INSERT" }));
    expect(await run("insert")).toMatchObject({ Status: "FINISHED", HasResultSet: false, ResultRows: 7 });
  });

  it("hides roles in the text it shows and runs what was sent", async () => {
    const sql = "create external schema s from kinesis iam_role 'arn:aws:iam::000000000000:role/r'";
    const described = await run(sql);
    expect(described.QueryString).toBe("create external schema s from kinesis iam_role ''");
    expect(sqlsRunBy(described.RedshiftPid)).toEqual([sql]);
  });

  it("passes named parameters on, and shows the text unsubstituted", async () => {
    const sql = "select :a::smallint, ':b', -- :c\n :d";
    const parameters = [
      { name: "d", value: "2" },
      { name: "a", value: "1" },
    ];
    const described = await run(sql, { Parameters: parameters });
    expect(described).toMatchObject({ QueryString: sql, QueryParameters: parameters });
    expect(fixture.databases.executions.at(-1)?.parameters).toEqual([
      { name: "a", value: "1" },
      { name: "d", value: "2" },
    ]);
    await expect(run("select 1", { Parameters: [{ name: "id", value: "1" }] })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Parameters list contains unused parameters. Unused parameters: [id]",
    });
  });

  it("does not run a repeated client token again", async () => {
    fixture.databases.answer("insert once", () => ({ columns: undefined, rows: [], rowCount: 1, kind: "INSERT" }));
    const repeat = () =>
      fixture.data.send(new ExecuteStatementCommand({ ...target, Sql: "insert once", ClientToken: "token-1" }));
    const [first, second] = await Promise.all([repeat(), repeat()]);
    expect(second.Id).toBe(first.Id);
    await settle(first.Id);
    expect(fixture.databases.executions.filter(({ sql }) => sql === "insert once")).toHaveLength(1);
    clockOffset = 8 * 3_600_000 + 1;
    expect((await repeat()).Id).not.toBe(first.Id);
  });

  it("tells of a statement that was run with an event", async () => {
    const { Id: id } = await run("select 1", { WithEvent: true, StatementName: "told" });
    expect(events.at(-1)).toMatchObject({
      source: "aws.redshift-data",
      detail: { statementId: id, statementName: "told", state: "FINISHED", rows: 1 },
    });
  });

  it("closes its connection", async () => {
    await run("select 1");
    await expect.poll(() => fixture.databases.openSessionCount).toBe(0);
  });
});

describe("who runs", () => {
  it("is the caller without a secret, and the admin with the namespace's", async () => {
    await run("select 1");
    expect(fixture.databases.executions.at(-1)?.user).toEqual({ name: "IAM:local", superuser: false });
    const described = await run("select 1", { SecretArn: secretArn });
    expect(fixture.databases.executions.at(-1)?.user).toEqual({ name: "admin", superuser: true });
    expect(described).toMatchObject({ SecretArn: secretArn, Status: "FINISHED" });
    expect(described.DbUser).toBeUndefined();
  });

  it("is refused by the database when the secret's password is wrong", async () => {
    const wrong = await fixture.secrets.create("wrong", JSON.stringify({ username: "admin", password: "Nope12345" }));
    expect(await run("select 1", { SecretArn: wrong })).toMatchObject({
      Status: "FAILED",
      Error: 'FATAL: password authentication failed for user "admin"',
    });
  });

  it("must be in a secret that exists", async () => {
    await expect(run("select 1", { SecretArn: "nowhere" })).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("requests that cannot be taken", () => {
  const cases: [string, Partial<sdk.ExecuteStatementCommandInput>, string][] = [
    ["no target", { WorkgroupName: undefined }, "Either ClusterIdentifier or WorkgroupName needs to be specified."],
    ["an unknown workgroup", { WorkgroupName: "nowhere" }, "Redshift endpoint doesn't exist in this region."],
    [
      "a cluster",
      { WorkgroupName: undefined, ClusterIdentifier: "c" },
      "Redshift endpoint doesn't exist in this region.",
    ],
    [
      "an empty parameter",
      { Sql: "select :a", Parameters: [{ name: "a", value: "" }] },
      "1 validation error detected: Value '' at 'parameters.1.member.value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "an unknown session",
      { WorkgroupName: undefined, Database: undefined, SessionId: "a0f0b47f-47b9-4619-a56f-f8d88b1d01dd" },
      "Session with Id: a0f0b47f-47b9-4619-a56f-f8d88b1d01dd is invalid",
    ],
  ];
  it.each(cases)("%s", async (_name, input, message) => {
    await expect(run("select 1", input)).rejects.toMatchObject({ name: "ValidationException", message });
  });

  it("take SQL of 200 KB and no more", async () => {
    const sql = `select 1 -- ${"x".repeat(200 * 1024 - 12)}`;
    expect(await run(sql)).toMatchObject({ Status: "FINISHED" });
    await expect(run(`${sql}x`)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("name a malformed and an unknown id", async () => {
    await expect(fixture.data.send(new DescribeStatementCommand({ Id: "1" }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "id must satisfy regex pattern: ^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d+)?$",
    });
    await expect(
      fixture.data.send(new DescribeStatementCommand({ Id: "a0f0b47f-47b9-4619-a56f-f8d88b1d01dd" })),
    ).rejects.toMatchObject({ name: "ValidationException", message: "Query does not exist." });
  });

  it("say when a statement expired", async () => {
    const { Id: id } = await run("select 1");
    const expiresAt = Math.floor((Date.now() + day) / 1000);
    clockOffset = day + 1;
    const failure = await fixture.data.send(new DescribeStatementCommand({ Id: id })).catch((error: Error) => error);
    const [, seconds] = /^Could not retrieve the query result as it has expired after (\d+)\.$/.exec(
      (failure as Error).message,
    ) ?? [""];
    expect(Number(seconds)).toBeGreaterThan(expiresAt - 60);
    expect(Number(seconds)).toBeLessThanOrEqual(expiresAt);
  });
});

describe("results", () => {
  it("carry typed fields and metadata", async () => {
    fixture.databases.answer("select types", () =>
      rowsOf(
        [
          column("i", "int8", { precision: 19, nullable: false }),
          column("f", "float8"),
          column("n", "numeric", { precision: 5, scale: 2 }),
          column("b", "bool"),
          column("t", "timestamp", { precision: 29, scale: 6 }),
          column("s", "super", { precision: 2147483647 }),
          column("v", "varchar", { precision: 10 }),
          column("z", "int4"),
        ],
        [[12n, 1, "1.50", true, "2022-02-22 00:00:00.0", '"x"', 'é"\n', null]],
      ),
    );
    const { Id: id } = await run("select types");
    const answer = await fixture.data.send(new GetStatementResultCommand({ Id: id }));
    expect(answer.Records).toEqual([
      [
        { longValue: 12 },
        { doubleValue: 1 },
        { stringValue: "1.50" },
        { booleanValue: true },
        { stringValue: "2022-02-22 00:00:00.0" },
        { stringValue: '"x"' },
        { stringValue: 'é"\n' },
        { isNull: true },
      ],
    ]);
    expect(answer).toMatchObject({ TotalNumRows: 1 });
    expect(answer.NextToken).toBeUndefined();
    expect(answer.ColumnMetadata?.[0]).toMatchObject({
      name: "i",
      label: "i",
      typeName: "int8",
      precision: 19,
      nullable: 0,
      isSigned: true,
      isCaseSensitive: false,
      length: 0,
    });
    expect(answer.ColumnMetadata?.[5]).toMatchObject({ typeName: "super", isCaseSensitive: true, isSigned: false });
  });

  it("keep every digit of an int8 on the wire", async () => {
    fixture.databases.answer("select big", () => rowsOf([column("i", "int8")], [[9223372036854775807n]]));
    const { Id: id } = await run("select big");
    const response = await fetch(fixture.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "RedshiftData.GetStatementResult",
        "x-amz-date": "20260101T000000Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/redshift-data/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify({ Id: id }),
    });
    expect(await response.text()).toContain('{"longValue":9223372036854775807}');
  });

  it("come in pages", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => [index, `row ${index}`]);
    fixture.databases.answer("select many", () => rowsOf([column("i", "int4"), column("v", "varchar")], rows));
    const { Id: id } = await run("select many");
    const seen: (number | undefined)[] = [];
    let pages = 0;
    for await (const page of sdk.paginateGetStatementResult({ client: fixture.data }, { Id: id })) {
      pages += 1;
      for (const [first] of page.Records ?? []) seen.push(first?.longValue);
    }
    expect(pages).toBeGreaterThan(3);
    expect(seen).toEqual(rows.map(([index]) => index));
    await expect(
      fixture.data.send(new GetStatementResultCommand({ Id: id, NextToken: "nonsense" })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("come as CSV when asked for", async () => {
    const rows = Array.from({ length: 100 }, (_, index) => [index, `a "b", ${index}`, null]);
    const columns = [column("i", "int4"), column("v", "varchar"), column("n", "int4")];
    fixture.databases.answer("select csv", () => rowsOf(columns, rows));
    const { Id: id } = await run("select csv", { ResultFormat: "CSV" });
    let csv = "";
    let pages = 0;
    for await (const page of sdk.paginateGetStatementResultV2({ client: fixture.data }, { Id: id })) {
      expect(page.ResultFormat).toBe("CSV");
      pages += 1;
      for (const { CSVRecords } of page.Records ?? []) csv += CSVRecords ?? "";
    }
    expect(pages).toBeGreaterThan(1);
    expect(csv).toBe(`i,v,n\r\n${rows.map(([index]) => `${index},"a ""b"", ${index}",\r\n`).join("")}`);
    await expect(fixture.data.send(new GetStatementResultCommand({ Id: id }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("have no rows and still a result set", async () => {
    fixture.databases.answer("select none", () => rowsOf([column("i", "int4")], []));
    const described = await run("select none");
    expect(described).toMatchObject({ HasResultSet: true, ResultRows: 0 });
    const answer = await fixture.data.send(new GetStatementResultCommand({ Id: described.Id }));
    expect(answer).toMatchObject({ Records: [], TotalNumRows: 0 });
    const csv = await run("select none", { ResultFormat: "CSV" });
    const page = await fixture.data.send(new GetStatementResultV2Command({ Id: csv.Id }));
    expect(page.Records).toEqual([{ CSVRecords: "i\r\n" }]);
  });

  it("fail the statement when a row is over 64 KB", async () => {
    fixture.databases.answer("select wide", () => rowsOf([column("v", "varchar")], [["x".repeat(65_537)]]));
    const described = await run("select wide");
    expect(described.Status).toBe("FAILED");
    expect(described.Error).toMatch(/^Packet for query is too large/);
  });
});

describe("BatchExecuteStatement", () => {
  it("runs in one transaction, and numbers its results", async () => {
    const described = await runBatch(["select 1", "insert", "select 1"]);
    expect(sqlsRunBy(described.RedshiftPid)).toEqual(["BEGIN", "select 1", "insert", "select 1", "COMMIT"]);
    expect(described).toMatchObject({ Status: "FINISHED", RedshiftQueryId: 0, ResultRows: 9, ResultSize: 22 });
    expect(described.QueryString).toBeUndefined();
    expect(described.SubStatements).toMatchObject([
      { Id: `${described.Id}:1`, Status: "FINISHED", RedshiftQueryId: -1, QueryString: "select 1", ResultRows: 1 },
      { Id: `${described.Id}:2`, Status: "FINISHED", HasResultSet: false, ResultRows: 7 },
      { Id: `${described.Id}:3`, Status: "FINISHED", HasResultSet: true },
    ]);
    const { Records } = await fixture.data.send(new GetStatementResultCommand({ Id: `${described.Id}:3` }));
    expect(Records).toEqual([[{ longValue: 1 }]]);
    const second = await fixture.data.send(new DescribeStatementCommand({ Id: `${described.Id}:2` }));
    expect(second.Id).toBe(described.Id);
    expect(second.SubStatements).toMatchObject([{ Id: `${described.Id}:2`, QueryString: "insert" }]);
  });

  it("rolls all back when a statement fails, and does not run the rest", async () => {
    const described = await runBatch(["insert", "bad one", "select 1"]);
    expect(sqlsRunBy(described.RedshiftPid)).toEqual(["BEGIN", "insert", "bad one", "ROLLBACK"]);
    const text = 'ERROR: syntax error at or near "bad one"\n  Position: 1';
    expect(described).toMatchObject({ Status: "FAILED", Error: `Query #2 failed with ${text}` });
    expect(described.SubStatements).toMatchObject([
      { Status: "FINISHED" },
      { Status: "FAILED", Error: text },
      { Status: "ABORTED", Error: "Connection or an prior query failed." },
    ]);
  });

  it("commits each by itself in AUTO_COMMIT mode, and runs what follows a failure", async () => {
    const described = await runBatch(["insert", "bad one", "select 1"], { ExecutionMode: "AUTO_COMMIT" });
    expect(sqlsRunBy(described.RedshiftPid)).toEqual(["insert", "bad one", "select 1"]);
    expect(described).toMatchObject({ Status: "FAILED", ExecutionMode: "AUTO_COMMIT" });
    expect(described.SubStatements?.map(({ Status }) => Status)).toEqual(["FINISHED", "FAILED", "FINISHED"]);
  });

  it("shares its parameters, each statement getting those it uses", async () => {
    await runBatch(["insert :a", "insert :b"], {
      Parameters: [
        { name: "a", value: "1" },
        { name: "b", value: "2" },
      ],
    });
    const used = fixture.databases.executions.filter(({ sql }) => sql.startsWith("insert :"));
    expect(used.map(({ parameters }) => parameters)).toEqual([
      [{ name: "a", value: "1" }],
      [{ name: "b", value: "2" }],
    ]);
  });

  it("takes 40 statements and no more", async () => {
    const sqls = Array.from({ length: 41 }, () => "select 1");
    await expect(runBatch(sqls)).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("CancelStatement", () => {
  it("stops what runs and aborts the rest of a batch", async () => {
    fixture.databases.answer("select forever", runUntilCancelled);
    const { Id: id } = await fixture.data.send(
      new BatchExecuteStatementCommand({ ...target, Sqls: ["insert", "select forever", "select 1"] }),
    );
    await expect
      .poll(async () => (await fixture.data.send(new DescribeStatementCommand({ Id: id }))).SubStatements?.[1]?.Status)
      .toBe("STARTED");
    expect(await fixture.data.send(new CancelStatementCommand({ Id: id }))).toMatchObject({ Status: true });
    const described = await settle(id);
    expect(described.Status).toBe("ABORTED");
    expect(described.SubStatements?.map(({ Status }) => Status)).toEqual(["FINISHED", "ABORTED", "ABORTED"]);
    expect(sqlsRunBy(described.RedshiftPid).at(-1)).toBe("ROLLBACK");
    await expect(fixture.data.send(new CancelStatementCommand({ Id: id }))).rejects.toMatchObject({
      name: "ValidationException",
      message: `Could not cancel a query that is already in ABORTED state with ID: ${id}`,
    });
  });
});

describe("sessions", () => {
  it("keep a connection for the statements that name them", async () => {
    const first = await run("set timezone to 'UTC'", { SessionKeepAliveSeconds: 60 });
    const sessionId = first.SessionId;
    expect(sessionId).toBeDefined();
    const inSession = { SessionId: sessionId, WorkgroupName: undefined, Database: undefined };
    const second = await run("select 1", inSession);
    expect(second.RedshiftPid).toBe(first.RedshiftPid);
    const { Sessions } = await fixture.data.send(new ListSessionsCommand({ SessionId: sessionId }));
    expect(Sessions).toMatchObject([
      { SessionId: sessionId, Status: "AVAILABLE", Database: "dev", DbUser: "IAM:local", SessionAliveSeconds: 60 },
    ]);
    clockOffset = 61_000;
    await expect(run("select 1", inSession)).rejects.toMatchObject({ message: "Session is not available" });
    expect((await fixture.data.send(new ListSessionsCommand({ SessionId: sessionId }))).Sessions).toMatchObject([
      { Status: "CLOSED" },
    ]);
    await expect.poll(() => fixture.databases.openSessionCount).toBe(0);
  });

  it("take one statement at a time", async () => {
    fixture.databases.answer("select forever", runUntilCancelled);
    const busy = await fixture.data.send(
      new ExecuteStatementCommand({ ...target, Sql: "select forever", SessionKeepAliveSeconds: 60 }),
    );
    const { Sessions } = await fixture.data.send(new ListSessionsCommand({ ...target, Status: "BUSY" }));
    expect(Sessions).toMatchObject([{ SessionId: busy.SessionId, CurrentStatementId: busy.Id }]);
    await expect(
      run("select 1", { SessionId: busy.SessionId, WorkgroupName: undefined, Database: undefined }),
    ).rejects.toMatchObject({ name: "ValidationException" });
    await fixture.data.send(new CancelStatementCommand({ Id: busy.Id }));
  });

  it("stand for the target, which must not be named beside them", async () => {
    const { SessionId } = await run("select 1", { SessionKeepAliveSeconds: 60 });
    await expect(run("select 1", { SessionId })).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("lists", () => {
  it("show statements by status and by the beginning of their name, newest first", async () => {
    const first = await run("select 1", { StatementName: "tile-1" });
    const failed = await run("bad", { StatementName: "tile-2" });
    const last = await runBatch(["select 1"], { StatementName: "tile-3" });
    const idsOf = async (input: sdk.ListStatementsCommandInput) =>
      (await fixture.data.send(new ListStatementsCommand(input))).Statements?.map(({ Id }) => Id);
    expect(await idsOf({ StatementName: "tile" })).toEqual([last.Id, first.Id]);
    expect(await idsOf({ StatementName: "tile", Status: "ALL" })).toEqual([last.Id, failed.Id, first.Id]);
    expect(await idsOf({ StatementName: "tile", Status: "FAILED", WorkgroupName: "events-wg" })).toEqual([failed.Id]);
    const page = await fixture.data.send(new ListStatementsCommand({ StatementName: "tile", MaxResults: 1 }));
    expect(page.Statements).toMatchObject([
      { Id: last.Id, IsBatchStatement: true, QueryStrings: ["select 1"], StatementName: "tile-3" },
    ]);
    expect(await idsOf({ StatementName: "tile", MaxResults: 1, NextToken: page.NextToken })).toEqual([first.Id]);
  });

  it("show databases, schemas, tables and columns by pattern", async () => {
    const entry = { schema: "public", name: "web_requests", type: "VIEW" } as const;
    fixture.databases.tables.set(entry, [
      column("path", "varchar", { precision: 64, length: 64, schemaName: "public" }),
    ]);
    fixture.databases.tables.set({ schema: "millrace", name: "stream_records", type: "MATERIALIZED VIEW" }, []);
    const { data } = fixture;
    expect((await data.send(new ListDatabasesCommand(target))).Databases).toEqual(["dev"]);
    expect((await data.send(new ListSchemasCommand({ ...target, SchemaPattern: "p%" }))).Schemas).toEqual([
      "pg_catalog",
      "public",
    ]);
    expect((await data.send(new ListTablesCommand({ ...target, TablePattern: "%request_" }))).Tables).toEqual([entry]);
    expect((await data.send(new ListTablesCommand({ ...target, SchemaPattern: "millrace" }))).Tables).toMatchObject([
      { name: "stream_records", type: "VIEW" },
    ]);
    const described = await data.send(new DescribeTableCommand({ ...target, Schema: "public", Table: "web_requests" }));
    expect(described.TableName).toBe("web_requests");
    expect(described.ColumnList).toMatchObject([
      { name: "path", typeName: "varchar", length: 64, schemaName: "public" },
    ]);
  });

  it("page names", async () => {
    const { data } = fixture;
    const first = await data.send(new ListSchemasCommand({ ...target, MaxResults: 2 }));
    expect(first.Schemas).toEqual(["millrace", "pg_catalog"]);
    const second = await data.send(new ListSchemasCommand({ ...target, NextToken: first.NextToken }));
    expect(second).toMatchObject({ Schemas: ["public"] });
    expect(second.NextToken).toBeUndefined();
  });
});
