import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { families } from "@millrace/events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Dev, freePort, type Millrace, millraceOf } from "./harness/millrace.ts";
import { requestsFile, seededRandom } from "./harness/requests-file.ts";
import { copyWorkspace, type WorkspaceCopy } from "./harness/workspace-copy.ts";

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
let copy: WorkspaceCopy;
let dataDirectory: string;
let millrace: Millrace;
let dev: Dev | undefined;

beforeAll(() => {
  copy = copyWorkspace();
  dataDirectory = mkdtempSync(join(tmpdir(), "millrace-restart-"));
  millrace = millraceOf({ checkout: copy.directory, dataDirectory });
});

afterAll(async () => {
  await dev?.kill();
  copy.remove();
  rmSync(dataDirectory, { recursive: true, force: true });
});

async function restart(): Promise<Dev> {
  await dev?.stop();
  dev = await millrace.dev(["--rate", "0"]);
  return dev;
}

async function rowsOf(sql: string): Promise<(string | number | null)[][]> {
  const { stdout, stderr } = await millrace.run(["query", sql, "--json"]);
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { rows: (string | number | null)[][] }).rows;
}

/** Resources of the small engine's state, by URN. */
async function stateOf(): Promise<Record<string, unknown>> {
  const state = JSON.parse(await readFile(join(dataDirectory, "local", "state.json"), "utf8")) as {
    resources: { urn: string }[];
  };
  return Object.fromEntries(state.resources.map((resource) => [resource.urn, resource]));
}

test("killed in the middle of a load, it shows every confirmed record exactly once after a new start", async () => {
  const running = await restart();
  const kinesis = new KinesisClient({
    endpoint: running.cloud,
    region: running.outputs["region"] ?? "",
    credentials,
    maxAttempts: 1,
  });
  const random = seededRandom(11);
  const family = families[0];
  const confirmed = new Set<string>();
  let batches = 0;
  const load = async (): Promise<void> => {
    for (;;) {
      const records = Array.from({ length: 100 }, () => ({
        PartitionKey: String(random()),
        Data: Buffer.from(JSON.stringify(family?.sample(random, Date.UTC(2026, 0, 1)))),
      }));
      const answer = await kinesis.send(
        new PutRecordsCommand({ StreamName: running.outputs["streamName"], Records: records }),
      );
      for (const record of answer.Records ?? []) {
        if (record.SequenceNumber) confirmed.add(`${record.ShardId} ${record.SequenceNumber}`);
      }
      if (++batches === 40) void running.kill();
    }
  };
  await Promise.allSettled([load(), load(), load()]);
  kinesis.destroy();
  expect(confirmed.size).toBeGreaterThan(3_000);
  dev = undefined;

  await restart();
  const seen = async (): Promise<{ missing: number; doubled: number }> => {
    const rows = await rowsOf(
      "SELECT TRIM(shard_id), sequence_number, COUNT(*) FROM millrace.stream_records GROUP BY 1, 2",
    );
    const counted = new Map(rows.map(([shard, position, count]) => [`${shard} ${position}`, Number(count)]));
    return {
      missing: [...confirmed].filter((id) => !counted.has(id)).length,
      doubled: [...counted.values()].filter((count) => count !== 1).length,
    };
  };
  await expect.poll(seen, { timeout: 30_000 }).toEqual({ missing: 0, doubled: 0 });
});

test(
  "a replay goes on through a kill of the local cloud, and every confirmed event is in the view",
  { timeout: 90_000 },
  async () => {
    await dev?.stop();
    const port = String(await freePort());
    dev = await millrace.dev(["--rate", "0", "--cloud-port", port]);
    const file = requestsFile();
    const before = Number((await rowsOf("SELECT COUNT(*) FROM web_requests"))[0]?.[0]);
    const replaying = millrace.run(["replay", file.path, "--rate", "1500", "--wait", "--json"]);
    await expect
      .poll(async () => Number((await rowsOf("SELECT COUNT(*) FROM web_requests"))[0]?.[0]), { timeout: 20_000 })
      .toBeGreaterThan(before + 1_000);
    await dev.kill();
    dev = await millrace.dev(["--rate", "0", "--cloud-port", port]);
    const { code, stdout, stderr } = await replaying;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ read: file.lines, stored: file.lines, failed: 0 });
    // A put whose answer the kill swallowed is sent again, so an event may be there twice, as two records; none may be missing.
    const [[events, records, distinct] = []] = await rowsOf(
      "SELECT COUNT(DISTINCT event_id), COUNT(*), COUNT(DISTINCT shard_id || sequence_number) FROM web_requests",
    );
    expect(events).toBe(before + file.lines);
    expect(records).toBe(distinct);
  },
);

test("a second start finds everything as it was and changes nothing", async () => {
  const before = await stateOf();
  const rows = await rowsOf("SELECT COUNT(*) FROM millrace.stream_records");
  await restart();
  expect(await stateOf()).toEqual(before);
  expect(await rowsOf("SELECT COUNT(*) FROM millrace.stream_records")).toEqual(rows);
});

test("a changed retention updates the stream and nothing else", async () => {
  const file = join(copy.directory, "stacks/Pulumi.local.yaml");
  const text = await readFile(file, "utf8");
  const changed = text.replace(/retentionHours: \d+/, "retentionHours: 48");
  expect(changed).not.toBe(text);
  await writeFile(file, changed);
  const before = await stateOf();
  const running = await restart();
  const kinesis = new KinesisClient({ endpoint: running.cloud, region: running.outputs["region"] ?? "", credentials });
  const { StreamDescriptionSummary } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: running.outputs["streamName"] }),
  );
  kinesis.destroy();
  expect(StreamDescriptionSummary?.RetentionPeriodHours).toBe(48);
  const after = await stateOf();
  const different = Object.keys(after).filter((urn) => JSON.stringify(after[urn]) !== JSON.stringify(before[urn]));
  expect(different.filter((urn) => !urn.includes("pulumi:pulumi:Stack"))).toEqual([
    expect.stringContaining("aws-native:kinesis:Stream"),
  ]);
});

test("a new migration file is applied, once", async () => {
  const sql = join(copy.directory, "packages/migrations/sql");
  const next = readdirSync(sql).filter((name) => name.startsWith("V")).length + 1;
  const name = `V${String(next).padStart(3, "0")}__probe.sql`;
  writeFileSync(
    join(sql, name),
    "-- A table that only this test makes.\nCREATE TABLE millrace.probe (a INTEGER);\nINSERT INTO millrace.probe VALUES (1);\n",
  );
  await restart();
  expect(await rowsOf("SELECT COUNT(*) FROM millrace.probe")).toEqual([[1]]);
  await restart();
  expect(await rowsOf("SELECT COUNT(*) FROM millrace.probe")).toEqual([[1]]);
});

test("a broken state file is refused with a sentence that names it", async () => {
  await dev?.stop();
  dev = undefined;
  const file = join(dataDirectory, "local", "state.json");
  const good = await readFile(file, "utf8");
  await writeFile(file, good.slice(0, good.length / 2));
  const { code, stderr } = await millrace.run(["dev", "--port", "0", "--cloud-port", "0"]);
  await writeFile(file, good);
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain("state.json");
});

test("a kill in the middle of the first start is mended by the next one", { timeout: 90_000 }, async () => {
  const fresh = mkdtempSync(join(tmpdir(), "millrace-first-"));
  const first = millraceOf({ checkout: copy.directory, dataDirectory: fresh });
  const child = first.spawn(["dev", "--port", "0", "--cloud-port", "0", "--json"]);
  const state = join(fresh, "local", "state.json");
  await expect
    .poll(async () => (await readFile(state, "utf8").catch(() => "")).includes("aws-native:kinesis:Stream"), {
      timeout: 30_000,
      interval: 20,
    })
    .toBe(true);
  child.kill("SIGKILL");
  await once(child, "close");
  const again = await first.dev(["--rate", "0"]);
  expect(again.outputs["streamName"]).toBeTruthy();
  await again.stop();
  rmSync(fresh, { recursive: true, force: true });
});
