import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { startLocalRedshift } from "@millrace/local-redshift";
import { listMigrations, migrate } from "@millrace/migrations";
import type { MigrateOptions } from "@millrace/migrations";
import { createWarehouse } from "@millrace/warehouse";
import type { SessionWarehouse, WarehouseClient } from "@millrace/warehouse";
import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { deaths, killed } from "./harness/killed-client.ts";

/** Sets of migrations, generated but for the first; a run of each is killed at every call that it makes. */
const setCount = Number(process.env["MILLRACE_MIGRATION_SETS"] ?? 1);
const setTimeoutMs = 120_000;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** All of them when sets are asked for, otherwise one in turn. */
const deathsAt = (call: number) => (setCount > 1 ? deaths : deaths.slice(call % 3, (call % 3) + 1));

async function openWarehouse() {
  const redshift = await startLocalRedshift({ workgroup: "events-wg" });
  const client = new RedshiftDataClient({
    endpoint: redshift.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const close = async () => {
    client.destroy();
    await redshift.close();
  };
  closers.push(close);
  const { workgroupName, database, secretArn } = redshift.workgroup!;
  const target = { workgroupName, database, secretArn };
  const through = (one: WarehouseClient) => createWarehouse({ client: one, target });
  return { client, through, warehouse: through(client), close };
}

async function makeDirectory(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-runs-"));
  closers.push(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

const run = (warehouse: SessionWarehouse, directory: string, options: Partial<MigrateOptions> = {}) =>
  migrate({
    warehouse,
    directory,
    values: {},
    delay: (ms, signal) => sleep(Math.min(ms, 10), undefined, signal ? { signal } : {}),
    ...options,
  });

/** What migrations left: tables with their rows, views, external schemas, and what the ledger says of each file. */
async function readState(warehouse: SessionWarehouse, tables: readonly string[]): Promise<unknown> {
  const rows = async (sql: string) => (await warehouse.query(sql)).rows;
  const contents: Record<string, unknown> = {};
  for (const table of tables) contents[table] = await rows(`SELECT * FROM public.${table} ORDER BY 1`);
  return {
    contents,
    relations: await rows(
      "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    ),
    external: await rows("SELECT TRIM(schemaname) FROM svv_external_schemas ORDER BY 1"),
    ledger: await rows("SELECT name, kind, checksum, state FROM millrace.ledger ORDER BY 1"),
  };
}

type Kind = "tables" | "rows" | "alone" | "view";

/** A set of files, each of a kind: transactions of some statements, a statement that runs alone, a view. */
function setOf(kinds: readonly Kind[]) {
  const files: Record<string, string> = {
    "V001__log.sql": "CREATE TABLE public.log (entry INTEGER);\nINSERT INTO public.log VALUES (1);\n",
  };
  const tables = ["log"];
  kinds.forEach((kind, index) => {
    const version = Object.keys(files).filter((name) => name.startsWith("V")).length + 1;
    const name = `V${String(version).padStart(3, "0")}__${kind}_${index}.sql`;
    if (kind === "tables") {
      tables.push(`t${index}`);
      files[name] =
        `CREATE TABLE public.t${index} (n INTEGER);\nINSERT INTO public.t${index} SELECT entry FROM public.log;`;
    } else if (kind === "rows") {
      files[name] = `INSERT INTO public.log VALUES (${version}); UPDATE public.log SET entry = entry + 100;`;
    } else if (kind === "alone") {
      const done = `SELECT 1 FROM svv_external_schemas WHERE TRIM(schemaname) = 'ext_${index}'`;
      files[name] =
        `--! no-transaction\n--! done-when: ${done}\nCREATE EXTERNAL SCHEMA ext_${index} FROM KINESIS IAM_ROLE default;`;
    } else {
      files[`R__v${index}.sql`] = `CREATE OR REPLACE VIEW public.v${index} AS SELECT entry FROM public.log;`;
    }
  });
  return { files, tables };
}

const migrationSets = fc
  .array(fc.constantFrom<Kind>("tables", "rows", "alone", "view"), { minLength: 2, maxLength: 5 })
  .map(setOf);

it(
  "a run that is killed at any call, in any way, is finished by the next as if it had not been disturbed",
  async () => {
    await fc.assert(
      fc.asyncProperty(migrationSets, async ({ files, tables }) => {
        const directory = await makeDirectory(files);
        const undisturbed = await openWarehouse();
        await run(undisturbed.warehouse, directory);
        const expected = await readState(undisturbed.warehouse, tables);
        await undisturbed.close();
        for (let at = 1, isOver = false; !isOver; at += 1)
          for (const death of deathsAt(at)) {
            const { client, through, warehouse, close } = await openWarehouse();
            const victim = killed(client, at, death);
            await run(through(victim), directory).catch(() => undefined);
            const second = await run(warehouse, directory, { leaseMs: 0 });
            expect(second.failed, `killed ${death} call ${at}`).toBeUndefined();
            expect(await readState(warehouse, tables), `killed ${death} call ${at}`).toEqual(expected);
            await close();
            isOver = !victim.isDead;
          }
      }),
      { numRuns: setCount, endOnFailure: true, examples: [[setOf(["tables", "alone", "rows", "view"])]] },
    );
  },
  setTimeoutMs * setCount,
);

it.each([2, 8])("%i runs at once apply every file once, and those that wait say for whom", async (count) => {
  const { warehouse } = await openWarehouse();
  const directory = await makeDirectory({
    "V001__log.sql": "CREATE TABLE public.log (entry INTEGER)",
    "V002__entry.sql": "INSERT INTO public.log VALUES (1)",
    "V003__alone.sql":
      "--! no-transaction\n--! done-when: SELECT 1 FROM svv_external_schemas WHERE TRIM(schemaname) = 'ext'\nCREATE EXTERNAL SCHEMA ext FROM KINESIS IAM_ROLE default",
    "V004__entry.sql": "INSERT INTO public.log VALUES (2)",
  });
  const waits: string[] = [];
  const results = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      run(warehouse, directory, { who: `run ${index}`, onWait: ({ who }) => waits.push(who) }),
    ),
  );
  for (const result of results) expect(result.failed).toBeUndefined();
  expect(results.flatMap(({ applied }) => applied.map(({ name }) => name)).sort()).toEqual([
    "V001__log",
    "V002__entry",
    "V003__alone",
    "V004__entry",
  ]);
  expect((await warehouse.query("SELECT entry FROM public.log ORDER BY 1")).rows).toEqual([[1], [2]]);
  expect(waits.length).toBeGreaterThan(0);
});

/** How the first version of the project made its ledger. */
const firstLedger = [
  "CREATE SCHEMA millrace",
  `CREATE TABLE millrace.ledger (name VARCHAR(128) NOT NULL, kind VARCHAR(16) NOT NULL, checksum VARCHAR(64) NOT NULL, state VARCHAR(16) NOT NULL,
   used_values VARCHAR(8192) NOT NULL, run_id VARCHAR(64) NOT NULL, statement_id VARCHAR(64), applied_by VARCHAR(1024) NOT NULL, applied_at TIMESTAMP NOT NULL)`,
  "CREATE TABLE millrace.ledger_lock (id INTEGER)",
];

it("a ledger of the first version is taken along with what it remembers", async () => {
  const { warehouse } = await openWarehouse();
  const first = { "V001__log.sql": "CREATE TABLE public.log (entry INTEGER)" };
  const [entry] = await listMigrations(await makeDirectory(first));
  await warehouse.batch([
    ...firstLedger,
    first["V001__log.sql"],
    `INSERT INTO millrace.ledger VALUES ('V001__log', 'versioned', '${entry?.checksum}', 'applied', '{}', 'r', NULL, 'ada@host', GETDATE())`,
  ]);
  const both = await makeDirectory({ ...first, "V002__entry.sql": "INSERT INTO public.log VALUES (1)" });
  const results = await Promise.all([run(warehouse, both), run(warehouse, both)]);
  for (const result of results) expect(result.failed).toBeUndefined();
  expect(results.flatMap(({ applied }) => applied.map(({ name }) => name))).toEqual(["V002__entry"]);
  const ledger = "SELECT name, state, applied_by, process_id IS NULL FROM millrace.ledger ORDER BY 1";
  expect((await warehouse.query(ledger)).rows).toEqual([
    ["#ledger", "2", "millrace", true],
    ["V001__log", "applied", "ada@host", true],
    ["V002__entry", "applied", "millrace", false],
  ]);
});
