import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startScriptedService } from "../testing/scripted-service.ts";
import { createWarehouse, StatementError } from "./index.ts";
import type { WarehouseOptions } from "./index.ts";

const id = "11111111-2222-3333-4444-555555555555";
let service: Awaited<ReturnType<typeof startScriptedService>>;

beforeAll(async () => {
  service = await startScriptedService();
});
afterAll(() => service.close());

function makeWarehouse(options: Partial<WarehouseOptions> = {}) {
  const pauses: number[] = [];
  const warehouse = createWarehouse({
    client: service.client,
    target: {
      workgroupName: "millrace-local",
      database: "dev",
      secretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:admin-AbCdEf",
    },
    delay: (ms, signal) => {
      signal?.throwIfAborted();
      pauses.push(ms);
      return new Promise((resolve) => setImmediate(resolve));
    },
    random: () => 0,
    ...options,
  });
  return { warehouse, pauses };
}

const operations = () => service.calls.map((call) => call.operation);

describe("query", () => {
  it("takes two calls when the service waits with its answer", async () => {
    service.play(({ operation }) =>
      operation === "ExecuteStatement"
        ? { Id: id, Status: "FINISHED", HasResultSet: true }
        : { ColumnMetadata: [{ name: "n", label: "n", typeName: "int4" }], Records: [[{ longValue: 1 }]] },
    );
    const result = await makeWarehouse().warehouse.query("SELECT 1 AS n", {}, { name: "one" });
    expect(result).toEqual({ statementId: id, columns: [{ name: "n", typeName: "int4" }], rows: [[1]] });
    expect(operations()).toEqual(["ExecuteStatement", "GetStatementResult"]);
    expect(service.calls[0]?.input).toMatchObject({
      Sql: "SELECT 1 AS n",
      WorkgroupName: "millrace-local",
      Database: "dev",
      SecretArn: expect.stringContaining("secret:admin"),
      StatementName: "one",
      ClientToken: expect.stringMatching(/^.{36}$/),
      WaitTimeSeconds: 2,
    });
    expect(service.calls[0]?.input).not.toHaveProperty("Parameters");
  });

  it("polls where the service answers at once, with pauses that grow", async () => {
    const statuses = ["SUBMITTED", "PICKED", "STARTED", "STARTED", "STARTED", "STARTED", "FINISHED"];
    service.play(({ operation }) =>
      operation === "ExecuteStatement"
        ? { Id: id }
        : { Id: id, Status: statuses.shift(), HasResultSet: false, ResultRows: -1 },
    );
    const { warehouse, pauses } = makeWarehouse();
    expect(await warehouse.query("CREATE TABLE t (n INTEGER)")).toEqual({ statementId: id, columns: [], rows: [] });
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1000]);
    expect(service.calls.at(-1)?.input).toEqual({ Id: id, WaitTimeSeconds: 20 });
  });

  it("reads every page and decodes every kind of field", async () => {
    service.play(({ operation, input }) => {
      if (operation === "ExecuteStatement") return { Id: id, Status: "FINISHED", HasResultSet: true };
      if (!input["NextToken"]) {
        return `{"NextToken":"two","ColumnMetadata":[{"name":"a","typeName":"int8"}],"Records":[
          [{"longValue":7}],[{"longValue":-9007199254740991}],[{"isNull":true}]]}`;
      }
      return {
        Records: [[{ stringValue: "" }], [{ doubleValue: 0.5 }], [{ booleanValue: false }], [{ blobValue: "AQI=" }]],
      };
    });
    const { rows } = await makeWarehouse().warehouse.query("SELECT a FROM t");
    expect(rows.flat()).toEqual([7, -9007199254740991, null, "", 0.5, false, "0102"]);
  });

  it("throws for an integer that lost its last digits on the way", async () => {
    service.play(({ operation }) =>
      operation === "ExecuteStatement"
        ? { Id: id, Status: "FINISHED", HasResultSet: true }
        : '{"ColumnMetadata":[{"name":"a","typeName":"int8"}],"Records":[[{"longValue":9223372036854775807}]]}',
    );
    await expect(makeWarehouse().warehouse.query("SELECT a FROM t")).rejects.toThrow(/cast the column to VARCHAR/);
  });

  it("passes parameters and refuses those the Data API cannot carry", async () => {
    service.play(() => ({ Id: id, Status: "FINISHED", HasResultSet: false }));
    const { warehouse } = makeWarehouse();
    await warehouse.query("DELETE FROM t WHERE n = :n", { n: "7" });
    expect(service.calls[0]?.input).toMatchObject({ Parameters: [{ name: "n", value: "7" }] });
    await expect(warehouse.query("SELECT :n", { n: "" })).rejects.toThrow(/parameter n must be a non-empty text/);
    await expect(warehouse.query("SELECT :a-b", { "a-b": "1" })).rejects.toThrow(TypeError);
  });

  it("throws the service's text for a statement that failed", async () => {
    const text = 'ERROR: syntax error at or near "FROM"\n  Position: 12';
    service.play(({ operation }) =>
      operation === "ExecuteStatement" ? { Id: id, Status: "FAILED" } : { Id: id, Status: "FAILED", Error: text },
    );
    const error = await makeWarehouse()
      .warehouse.query(`SELECT  FROM ${"x".repeat(300)}`)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatementError);
    expect(error).toMatchObject({ message: text, statementId: id, status: "FAILED" });
    expect((error as StatementError).sql).toHaveLength(200);
    expect(error).toHaveProperty("statementIndex", undefined);
  });
});

describe("a busy or broken service", () => {
  it("is asked again with the same ClientToken after jittered, growing pauses", async () => {
    const failures = [
      [400, "ThrottlingException", "Rate exceeded"],
      [400, "ActiveStatementsExceededException", "Active statements exceeded"],
      "drop",
    ];
    service.play(({ operation }) => {
      if (operation !== "ExecuteStatement") return { Id: id, Status: "FINISHED", HasResultSet: false, ResultRows: 3 };
      return failures.shift() ?? { Id: id };
    });
    const { warehouse, pauses } = makeWarehouse({ random: () => 0.5 });
    expect(await warehouse.execute("INSERT INTO t VALUES (1)")).toEqual({ statementId: id, rows: 3 });
    expect(pauses).toEqual([75, 150, 300]);
    const tokens = service.calls
      .filter((call) => call.operation === "ExecuteStatement")
      .map((call) => call.input["ClientToken"]);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(1);
  });

  it("is given up after the stated attempts, with its own error", async () => {
    service.play(() => [400, "ThrottlingException", "Rate exceeded"]);
    await expect(makeWarehouse({ maxAttempts: 3 }).warehouse.query("SELECT 1")).rejects.toMatchObject({
      name: "ThrottlingException",
    });
    expect(service.calls).toHaveLength(3);
  });

  it("is not asked again after a refusal", async () => {
    service.play(() => [400, "ValidationException", "Redshift endpoint doesn't exist in this region."]);
    await expect(makeWarehouse().warehouse.query("SELECT 1")).rejects.toThrow(
      "Redshift endpoint doesn't exist in this region.",
    );
    expect(service.calls).toHaveLength(1);
  });

  it("is asked without a wait when too many requests wait on the statement", async () => {
    service.play(({ operation, input }) => {
      if (operation === "ExecuteStatement") return { Id: id };
      if (input["WaitTimeSeconds"]) return [400, "ActiveWaitingRequestsExceededException", "too many"];
      return { Id: id, Status: "FINISHED", HasResultSet: false };
    });
    await makeWarehouse().warehouse.query("SELECT 1");
    expect(operations()).toEqual(["ExecuteStatement", "DescribeStatement", "DescribeStatement"]);
  });
});

describe("abort", () => {
  it("cancels the running statement and rejects with the reason", async () => {
    service.play(({ operation, input }) => {
      if (operation === "ExecuteStatement") return { Id: id };
      if (operation === "CancelStatement") return { Status: true };
      return input["WaitTimeSeconds"] ? new Promise<object>(() => undefined) : {};
    });
    const controller = new AbortController();
    const query = makeWarehouse().warehouse.query("SELECT pg_sleep(60)", {}, { signal: controller.signal });
    const rejected = expect(query).rejects.toThrow("enough");
    await vi.waitFor(() => expect(operations()).toContain("DescribeStatement"));
    controller.abort(new Error("enough"));
    await rejected;
    expect(service.calls.at(-1)).toEqual({ operation: "CancelStatement", input: { Id: id } });
  });

  it("sends nothing when it came before the call", async () => {
    service.play(() => ({}));
    await expect(
      makeWarehouse().warehouse.query("SELECT 1", {}, { signal: AbortSignal.abort(new Error("over")) }),
    ).rejects.toThrow("over");
    expect(service.calls).toEqual([]);
  });
});

describe("batch", () => {
  it("returns one result for each statement", async () => {
    service.play(({ operation }) => {
      if (operation === "BatchExecuteStatement") return { Id: id };
      if (operation === "GetStatementResult")
        return { ColumnMetadata: [{ name: "n", typeName: "int4" }], Records: [[{ longValue: 2 }]] };
      const parts = [1, 2].map((n) => ({ Id: `${id}:${n}`, Status: "FINISHED", HasResultSet: n === 2, ResultRows: 1 }));
      return { Id: id, Status: "FINISHED", HasResultSet: true, SubStatements: parts };
    });
    const results = await makeWarehouse().warehouse.batch(["SET x TO 1", "SELECT 2 AS n"]);
    expect(results).toEqual([
      { statementId: `${id}:1`, columns: [], rows: [] },
      { statementId: `${id}:2`, columns: [{ name: "n", typeName: "int4" }], rows: [[2]] },
    ]);
    expect(service.calls[0]?.input).toMatchObject({
      ExecutionMode: "TRANSACTION",
      Sqls: ["SET x TO 1", "SELECT 2 AS n"],
    });
  });

  it("names the statement that failed", async () => {
    service.play(({ operation }) => {
      if (operation === "BatchExecuteStatement") return { Id: id };
      const parts = [
        { Id: `${id}:1`, Status: "ABORTED", Error: "Connection or an prior query failed." },
        { Id: `${id}:2`, Status: "FAILED", Error: 'ERROR: relation "b" does not exist' },
      ];
      return {
        Id: id,
        Status: "FAILED",
        Error: 'Query #2 failed with ERROR: relation "b" does not exist',
        SubStatements: parts,
      };
    });
    await expect(makeWarehouse().warehouse.batch(["SELECT 1 FROM a", "SELECT 1 FROM b"])).rejects.toMatchObject({
      message: 'ERROR: relation "b" does not exist',
      sql: "SELECT 1 FROM b",
      statementIndex: 1,
      statementId: id,
    });
  });

  it("refuses none and more than 40 statements", async () => {
    const { warehouse } = makeWarehouse();
    await expect(warehouse.batch([])).rejects.toThrow("got 0");
    await expect(warehouse.batch(Array.from({ length: 41 }, () => "SELECT 1"))).rejects.toThrow("got 41");
  });
});

describe("openSession", () => {
  it("runs everything that follows on the connection of its first statement", async () => {
    service.play(({ operation, input }) => {
      if (operation === "GetStatementResult") return { ColumnMetadata: [], Records: [[{ longValue: 1073807 }]] };
      if (operation === "DescribeStatement") return { Id: id, Status: "FINISHED", ResultRows: 1 };
      return { Id: id, Status: "FINISHED", HasResultSet: true, SessionId: input["SessionId"] ?? "session-1" };
    });
    const session = await makeWarehouse().warehouse.openSession({ keepAliveSeconds: 90, name: "run" });
    expect(session.pid).toBe(1_073_807);
    await session.query("SELECT 1");
    await session.execute("CREATE TABLE t (n INTEGER)");
    await session.batch(["SELECT 2"]);
    const inputs = service.calls.filter(({ input }) => input["ClientToken"]).map(({ input }) => input);
    expect(inputs[0]).toMatchObject({
      WorkgroupName: "millrace-local",
      SessionKeepAliveSeconds: 90,
      StatementName: "run",
    });
    expect(inputs.slice(1).map((input) => input["SessionId"])).toEqual(["session-1", "session-1", "session-1"]);
    for (const input of inputs.slice(1))
      for (const name of ["WorkgroupName", "Database", "SecretArn", "SessionKeepAliveSeconds"])
        expect(input).not.toHaveProperty(name);
  });

  it("says what is wrong with its options before it calls", async () => {
    const { warehouse } = makeWarehouse();
    await expect(warehouse.openSession({ keepAliveSeconds: 0 })).rejects.toThrow(
      /keepAliveSeconds must be an integer from 1 to 86,400, got 0/,
    );
  });
});

describe("createWarehouse", () => {
  it.each([
    [{ target: { workgroupName: "", database: "dev" } }, /target.workgroupName/],
    [{ target: { workgroupName: "w-1", database: "dev", secretArn: "" } }, /target.secretArn/],
    [{ pollMs: 0 }, /pollMs must be a number from 1, got 0/],
    [{ maxAttempts: 1.5 }, /maxAttempts must be an integer from 1, got 1.5/],
  ])("refuses %j", (options, message) => {
    expect(() => makeWarehouse(options)).toThrow(message);
  });
});
