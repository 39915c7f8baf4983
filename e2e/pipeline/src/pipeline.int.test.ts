import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { createWarehouse } from "@millrace/warehouse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dev, millraceOf } from "./harness/millrace.ts";
import { requestsFile } from "./harness/requests-file.ts";
import { workspaceDirectory } from "./harness/workspace-copy.ts";

const dataDirectory = mkdtempSync(join(tmpdir(), "millrace-e2e-"));
const millrace = millraceOf({ dataDirectory });
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
let dev: Dev;

beforeAll(async () => {
  dev = await millrace.dev(["--rate", "0"]);
});

afterAll(async () => {
  await dev?.kill();
  rmSync(dataDirectory, { recursive: true, force: true });
});

async function rowsOf(sql: string): Promise<(string | number | boolean | null)[][]> {
  const { code, stdout, stderr } = await millrace.run(["query", sql, "--json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { rows: (string | number | boolean | null)[][] }).rows;
}

async function counts(): Promise<Record<string, never>> {
  return JSON.parse((await millrace.run(["counts", "--json"])).stdout) as Record<string, never>;
}

describe("a replay of web requests", () => {
  const file = requestsFile();

  test("stores every line and waits until all are visible", async () => {
    const { code, stdout } = await millrace.run(["replay", file.path, "--wait", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      read: file.lines,
      stored: file.lines,
      visible: file.lines,
      rejected: 0,
      failed: 0,
    });
    expect(code).toBe(0);
    expect(await rowsOf("SELECT COUNT(*), COUNT(DISTINCT event_id) FROM web_requests")).toEqual([
      [file.lines, file.lines],
    ]);
  });

  test("gives the counts of an independent reading of the file", async () => {
    const byStatus = await rowsOf("SELECT status, COUNT(*) FROM web_requests GROUP BY status");
    expect(Object.fromEntries(byStatus)).toEqual(file.byStatus);
    const bytesByPath = await rowsOf("SELECT path, SUM(bytes) FROM web_requests GROUP BY path");
    const numbers = bytesByPath.map(([path, bytes]) => [path, bytes === null ? null : Number(bytes)]);
    expect(Object.fromEntries(numbers)).toEqual(file.bytesByPath);
  });
});

test("the tutorial's two statements run through the Data API, and the view they make fills", async () => {
  const client = new RedshiftDataClient({ endpoint: dev.cloud, region: dev.outputs["region"] ?? "", credentials });
  const {
    workgroupName = "",
    databaseName = "",
    adminSecretArn = "",
    redshiftRoleArn = "",
    streamName = "",
  } = dev.outputs;
  const warehouse = createWarehouse({
    client,
    target: { workgroupName, database: databaseName, secretArn: adminSecretArn },
  });
  await warehouse.execute(`CREATE EXTERNAL SCHEMA kinesis_data FROM KINESIS IAM_ROLE '${redshiftRoleArn}'`);
  await warehouse.execute(
    `CREATE MATERIALIZED VIEW "your-stream-view" AUTO REFRESH YES AS
     SELECT approximate_arrival_timestamp, partition_key, shard_id, sequence_number, refresh_time, JSON_PARSE(kinesis_data) as payload
     FROM kinesis_data."${streamName}";`,
  );
  const expected = (await rowsOf("SELECT COUNT(*) FROM millrace.stream_records"))[0]?.[0];
  expect(expected).toBeGreaterThan(0);
  await expect
    .poll(async () => (await warehouse.query('SELECT COUNT(*) FROM "your-stream-view"')).rows[0]?.[0], {
      timeout: 20_000,
    })
    .toBe(expected);
  client.destroy();
});

describe("bad input", () => {
  const good = { event_id: "a-1", event_time: "2026-01-02T03:04:05Z", event_name: "JOIN", user: 7 };

  test("a file with broken lines goes on, each is reported with line and rule, and the counts still add up", async () => {
    const lines = [
      JSON.stringify(good),
      "{ not json",
      JSON.stringify({ ...good, event_id: "a-2", event_name: "DANCE" }),
      JSON.stringify({ ...good, event_id: "a-3", user: "seven" }),
      JSON.stringify({ ...good, event_id: "a-4", event_name: "LEAVE" }),
    ];
    const { code, stdout } = await millrace.run(["replay", "-", "--wait", "--json"], lines.join("\n"));
    const result = JSON.parse(stdout) as { rejectedLines: { line: number; problems: { rule: string }[] }[] };
    expect(result).toMatchObject({ read: 5, stored: 2, visible: 2, rejected: 3, failed: 0 });
    expect(result.rejectedLines.map(({ line, problems }) => [line, problems[0]?.rule])).toEqual([
      [2, "not-json"],
      [3, "unknown-event-name"],
      [4, "wrong-type"],
    ]);
    expect(code).toBe(1);
    expect(await rowsOf("SELECT event_id FROM activity WHERE event_id LIKE 'a-%' ORDER BY 1")).toEqual([
      ["a-1"],
      ["a-4"],
    ]);
    expect(await counts()).toMatchObject({ records: { ok: true }, events: { ok: true } });
  });

  test("what a foreign writer puts on the stream lands in bad_events with a reason and blocks nothing", async () => {
    const kinesis = new KinesisClient({ endpoint: dev.cloud, region: dev.outputs["region"] ?? "", credentials });
    const put = async (text: string): Promise<void> => {
      await kinesis.send(
        new PutRecordCommand({ StreamName: dev.outputs["streamName"], PartitionKey: text, Data: Buffer.from(text) }),
      );
    };
    const before = (await rowsOf("SELECT COUNT(*) FROM bad_events"))[0]?.[0] as number;
    await put('{"event_id": "broken');
    await put("[]");
    await put("42");
    await put(JSON.stringify({ ...good, event_id: "f-1", user: 4_000 }));
    await put(JSON.stringify({ ...good, event_id: "f-2", event_name: "DANCE" }));
    await put(
      JSON.stringify([
        { ...good, event_id: "f-3" },
        { ...good, event_id: "f-4", user: null },
      ]),
    );
    await put(JSON.stringify({ ...good, event_id: "f-5" }));
    kinesis.destroy();
    await expect
      .poll(async () => (await rowsOf("SELECT COUNT(*) FROM bad_events"))[0]?.[0], { timeout: 20_000 })
      .toBe(before + 6);
    await expect
      .poll(() => rowsOf("SELECT event_id FROM activity WHERE event_id LIKE 'f-%' ORDER BY 1"), { timeout: 20_000 })
      .toEqual([["f-3"], ["f-5"]]);
    const reasons = await rowsOf("SELECT reason FROM bad_events");
    expect(reasons.every(([reason]) => typeof reason === "string" && reason.length > 0)).toBe(true);
    expect(await counts()).toMatchObject({ records: { ok: true }, events: { ok: true } });
  });
});

test("the Lambda handler runs from the command line and answers as the tutorial's does", async () => {
  const before = (await rowsOf("SELECT COUNT(*) FROM activity"))[0]?.[0] as number;
  const { code, stdout, stderr } = await millrace.run(["invoke"]);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual({
    statusCode: 200,
    body: { lambdaResult: "Successfully processed 5 events." },
  });
  await expect
    .poll(async () => (await rowsOf("SELECT COUNT(*) FROM activity"))[0]?.[0], { timeout: 10_000 })
    .toBe(before + 5);
});

describe("millrace migrate", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "millrace-e2e-sql-"));
    cpSync(join(workspaceDirectory, "packages/migrations/sql"), directory, { recursive: true });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("says that the program has applied everything", async () => {
    const { code, stdout } = await millrace.run(["migrate", "status", "--check", "--json"]);
    const { migrations } = JSON.parse(stdout) as { migrations: { name: string; state: string; appliedBy: string }[] };
    expect(migrations.map(({ name }) => name)).toContain("V002__stream_records");
    expect(migrations.filter(({ state, appliedBy }) => state !== "applied" || !appliedBy.includes("@"))).toEqual([]);
    expect(code).toBe(0);
  });

  test("begins a file, plans it, applies it, and finds it applied", async () => {
    const made = await millrace.run([
      "migrate",
      "new",
      "recent-requests",
      "--repeatable",
      "--directory",
      directory,
      "--json",
    ]);
    const { path } = JSON.parse(made.stdout) as { path: string };
    expect(path).toBe(join(directory, "R__recent_requests.sql"));
    writeFileSync(
      path,
      "--! after: R__web_requests\nCREATE OR REPLACE VIEW public.recent_requests AS SELECT path FROM public.web_requests;\n",
    );
    const plan = await millrace.run(["migrate", "plan", "--check", "--directory", directory]);
    expect(plan.code).toBe(1);
    expect(plan.stdout).toContain(
      "-- R__recent_requests.sql: pending, one transaction\nCREATE OR REPLACE VIEW public.recent_requests",
    );
    expect(plan.stdout).toContain("-- 1 to run");
    const up = await millrace.run(["migrate", "up", "--directory", directory]);
    expect(up).toMatchObject({ code: 0, stderr: "" });
    expect(up.stdout).toMatch(/^1 applied, \d+ were there\.\n$/);
    expect(await rowsOf("SELECT COUNT(*) > 0 FROM recent_requests")).toEqual([[true]]);
    const status = await millrace.run(["migrate", "status", "--check", "--directory", directory]);
    expect(status.code).toBe(0);
    expect(status.stdout).toContain("All applied.");
  });

  test("a file that fails is named with its line, and what came before it stays", async () => {
    writeFileSync(
      join(directory, "R__zz_broken.sql"),
      "--! after: R__recent_requests\n\nSELECT nothing FROM public.recent_requests;\n",
    );
    const { code, stdout } = await millrace.run(["migrate", "up", "--directory", directory]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/R__zz_broken\.sql:3: .*column "nothing" does not exist/);
  });

  test("a wrong command line is exit code 2 and one sentence", async () => {
    for (const args of [["sideways"], ["plan", "title"], ["new"], ["up", "--check"]]) {
      const { code, stderr } = await millrace.run(["migrate", ...args]);
      expect(code).toBe(2);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
  });
});

test("a second dev on the same directory is refused with one sentence", async () => {
  const { code, stderr } = await millrace.run(["dev", "--port", "0", "--cloud-port", "0"]);
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain(String(dev.pid));
});

test("a port in use is refused with one sentence that names the port", async () => {
  const port = new URL(dev.cloud).port;
  const other = mkdtempSync(join(tmpdir(), "millrace-e2e-port-"));
  const { code, stderr } = await millraceOf({ dataDirectory: other }).run(["dev", "--port", "0", "--cloud-port", port]);
  rmSync(other, { recursive: true, force: true });
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain(port);
});

test("an error of SQL is the warehouse's own text, and the exit code is 1", async () => {
  const { code, stderr } = await millrace.run(["query", "SELECT FROM WHERE"]);
  expect(code).toBe(1);
  expect(stderr).toContain("syntax error at or near");
});

test("Ctrl-C ends everything cleanly, and the other commands say that nothing runs", async () => {
  expect(await dev.stop()).toBe(0);
  const { code, stderr } = await millrace.run(["query", "SELECT 1"]);
  expect(code).toBe(1);
  expect(stderr).toContain("npm start");
});
