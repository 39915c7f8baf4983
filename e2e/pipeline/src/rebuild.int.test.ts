import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import type { Shard } from "@aws-sdk/client-kinesis";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { startLocalKinesis } from "@millrace/local-kinesis";
import { startLocalRedshift } from "@millrace/local-redshift";
import { finishRebuild, rebuildStreamingView, undoRebuild } from "@millrace/migrations";
import type { BeginRebuildOptions, RebuildStep } from "@millrace/migrations";
import { createWarehouse } from "@millrace/warehouse";
import type { WarehouseClient } from "@millrace/warehouse";
import { afterEach, expect, it } from "vitest";
import { deaths, killed } from "./harness/killed-client.ts";

const StreamName = "events";
const target = { schema: "millrace", reader: "records", streamingView: "stream_records" };
const client = { region: "eu-west-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };
const hourMs = 3_600_000;
const metadata = "approximate_arrival_timestamp, partition_key, shard_id, sequence_number, refresh_time";
const guarded = `AUTO REFRESH YES AS SELECT ${metadata}, CASE WHEN CAN_JSON_PARSE(kinesis_data) THEN JSON_PARSE(kinesis_data) END AS payload FROM kds.${StreamName}`;
const unguarded = `AUTO REFRESH YES AS SELECT ${metadata}, JSON_PARSE(kinesis_data) AS payload FROM kds.${StreamName}`;

/** A rebuild is killed at one call of so many; 1 takes all of them. */
const killEvery = Number(process.env["MILLRACE_REBUILD_KILL_EVERY"] ?? 4);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A stream of two shards, a streaming view, the view that everybody reads and a typed one over it. */
async function openPipeline(definition = guarded) {
  let offsetMs = 0;
  const schedule = (at: number, task: () => unknown) => {
    const timer = setTimeout(task, Math.max(0, at - Date.now() - offsetMs)).unref();
    return () => clearTimeout(timer);
  };
  const clock = { now: () => Date.now() + offsetMs, schedule };
  const stream = await startLocalKinesis({ clock, stateDelayMs: 0, limits: false });
  const redshift = await startLocalRedshift({ workgroup: "events-wg", streams: stream.reader });
  const kinesis = new KinesisClient({ ...client, endpoint: stream.url });
  const data = new RedshiftDataClient({ ...client, endpoint: redshift.url });
  closers.push(
    () => stream.close(),
    () => redshift.close(),
    () => kinesis.destroy(),
    () => data.destroy(),
  );
  const { workgroupName, database, secretArn, roleArn } = redshift.workgroup!;
  const through = (one: WarehouseClient) =>
    createWarehouse({ client: one, target: { workgroupName, database, secretArn } });
  const warehouse = through(data);
  const count = async (view = "public.typed") =>
    Number((await warehouse.query(`SELECT COUNT(*) FROM ${view}`)).rows[0]?.[0]);

  let put = 0;
  const send = async (payloads: readonly string[]) => {
    const Records = payloads.map((text, index) => ({ PartitionKey: `k${index % 97}`, Data: Buffer.from(text) }));
    const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    expect(FailedRecordCount).toBe(0);
  };
  /** Puts events with the next numbers and answers how many there are by now. */
  const putEvents = async (howMany: number) => {
    const first = put;
    put += howMany;
    await send(Array.from({ length: howMany }, (_, index) => JSON.stringify({ n: first + index })));
    return put;
  };

  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await expect
    .poll(async () => (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary)
    .toMatchObject({ StreamStatus: "ACTIVE" });
  await warehouse.execute(`CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE '${roleArn}'`);
  await warehouse.batch(
    [
      "CREATE SCHEMA millrace",
      `CREATE MATERIALIZED VIEW millrace.stream_records ${definition}`,
      `CREATE VIEW millrace.records AS SELECT ${metadata}, payload FROM millrace.stream_records`,
      "CREATE VIEW public.typed AS SELECT payload.n::BIGINT AS n FROM millrace.records WHERE payload.n IS NOT NULL",
    ],
    { mode: "AUTO_COMMIT" },
  );
  return {
    kinesis,
    data,
    through,
    warehouse,
    count,
    send,
    putEvents,
    putCount: () => put,
    /** What was put until now is behind the stream's retention of a day. */
    expire: () => void (offsetMs += 25 * hourMs),
    rebuild: (options: Partial<BeginRebuildOptions> = {}) =>
      rebuildStreamingView({ warehouse, target, definition: guarded, delay: briefly, ...options }),
    /** Waits until everything that was put is to be read, and looks that nothing is there twice. */
    async expectAll() {
      await expect.poll(() => count(), { timeout: 20_000 }).toBe(put);
      const { rows } = await warehouse.query("SELECT COUNT(DISTINCT n), MIN(n), MAX(n) FROM public.typed");
      expect(rows).toEqual([[put, 0, put - 1]]);
    },
  };
}
type Pipeline = Awaited<ReturnType<typeof openPipeline>>;

const briefly = (ms: number, signal?: AbortSignal) => sleep(Math.min(ms, 10), undefined, signal ? { signal } : {});

/** Events without pause, and readers of the typed view without pause, who never see less than before nor anything twice. */
function keepBusy(pipeline: Pipeline) {
  const { warehouse, putEvents } = pipeline;
  const stop = new AbortController();
  const waits: number[] = [];
  const until = async (work: () => Promise<void>) => {
    while (!stop.signal.aborted) await work();
  };
  const producer = until(async () => {
    await putEvents(50);
    await sleep(10);
  });
  const reader = () => {
    let seen = 0;
    return until(async () => {
      const startedAt = performance.now();
      const { rows } = await warehouse.query("SELECT COUNT(*), COUNT(DISTINCT n) FROM public.typed");
      waits.push(performance.now() - startedAt);
      const [all = 0, distinct] = (rows[0] ?? []).map(Number);
      expect(distinct).toBe(all);
      expect(all).toBeGreaterThanOrEqual(seen);
      seen = all;
    });
  };
  const work = Promise.all([producer, reader(), reader()]);
  work.catch(() => undefined);
  return {
    reads: () => waits.length,
    async stop() {
      stop.abort();
      await work;
    },
  };
}

const startOf = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange?.StartingHashKey ?? 0);

async function openShards({ kinesis }: Pipeline) {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  return Shards.filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined);
}

/** Splits the first open shard, or merges the first two. */
async function reshard(pipeline: Pipeline, how: "split" | "merge"): Promise<void> {
  const byHash = (a: Shard, b: Shard) => (startOf(a) < startOf(b) ? -1 : 1);
  const [first, second] = (await openShards(pipeline)).sort(byHash);
  const { StartingHashKey = "0", EndingHashKey = "0" } = first?.HashKeyRange ?? {};
  const middle = (BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n;
  const command =
    how === "split"
      ? new SplitShardCommand({ StreamName, ShardToSplit: first?.ShardId, NewStartingHashKey: String(middle) })
      : new MergeShardsCommand({ StreamName, ShardToMerge: first?.ShardId, AdjacentShardToMerge: second?.ShardId });
  await pipeline.kinesis.send(command as SplitShardCommand);
}

it("rebuilds a live view under load, with rows that only the old one has, a split and a merge, and no reader notices", async () => {
  const pipeline = await openPipeline();
  await pipeline.putEvents(500);
  await pipeline.expectAll();
  pipeline.expire();
  await pipeline.putEvents(300);
  await pipeline.expectAll();
  const busy = keepBusy(pipeline);
  const steps: string[] = [];
  const resharding: Promise<void>[] = [];
  const outcome = await pipeline.rebuild({
    onStep: ({ step, view }: RebuildStep) => {
      steps.push(`${step} ${view}`);
      if (step === "create") resharding.push(reshard(pipeline, "split"));
      if (step === "freeze") resharding.push(reshard(pipeline, "merge"));
    },
  });
  await Promise.all(resharding);
  expect(outcome).toEqual({ oldView: "stream_records", nextView: "stream_records_2", archivedRows: 500 });
  expect(steps).toEqual([
    "create stream_records_2",
    expect.stringMatching(/^catch up stream_records_2/),
    ...steps.slice(2, -1),
    "switch stream_records_2",
  ]);
  expect(steps).toContain("freeze stream_records");
  const readsAtSwitch = busy.reads();
  await expect.poll(() => busy.reads()).toBeGreaterThan(readsAtSwitch + 5);
  await finishRebuild({ warehouse: pipeline.warehouse, target });
  await busy.stop();
  await pipeline.expectAll();
  const views = await pipeline.warehouse.query("SELECT TRIM(name), TRIM(autorefresh) FROM svv_mv_info ORDER BY 1");
  expect(views.rows).toEqual([["stream_records_2", "t"]]);
});

it("rebuilds a view that a poison record blocks, and what came after it is there", async () => {
  const pipeline = await openPipeline(unguarded);
  await pipeline.putEvents(100);
  await pipeline.expectAll();
  await pipeline.send(['{"n": 1', ...Array.from({ length: 96 }, () => '{"other": 0}')]);
  await pipeline.putEvents(200);
  await expect
    .poll(async () => {
      const failed = "SELECT COUNT(*) > 0 FROM sys_mv_refresh_history WHERE TRIM(status) LIKE 'Refresh failed%'";
      return (await pipeline.warehouse.query(failed)).rows;
    })
    .toEqual([[true]]);
  expect(await pipeline.count()).toBeLessThan(300);
  expect(await pipeline.rebuild()).toMatchObject({ archivedRows: 0 });
  await pipeline.expectAll();
});

it("refuses to go on where records may have expired before anybody read them", async () => {
  const pipeline = await openPipeline();
  await pipeline.putEvents(100);
  await pipeline.expectAll();
  await pipeline.warehouse.execute("ALTER MATERIALIZED VIEW millrace.stream_records AUTO REFRESH NO");
  await pipeline.putEvents(100);
  pipeline.expire();
  await pipeline.putEvents(100);
  await expect(pipeline.rebuild()).rejects.toThrow(
    /stream_records_2 begins after the end of stream_records in shardId-000000000000, shardId-000000000001: records between may have expired/,
  );
  expect(await pipeline.count()).toBe(100);
  expect(await pipeline.rebuild({ acceptGap: true })).toMatchObject({ archivedRows: 100 });
  expect(await pipeline.count()).toBe(200);
});

it.each(["begun", "switched"])("can be undone while it is %s, and done again", async (state) => {
  const pipeline = await openPipeline();
  await pipeline.putEvents(100);
  await pipeline.expectAll();
  pipeline.expire();
  await pipeline.putEvents(100);
  await pipeline.expectAll();
  const stop = new AbortController();
  const onStep = ({ step }: RebuildStep) => step === "freeze" && stop.abort(new Error("enough"));
  if (state === "begun") await expect(pipeline.rebuild({ signal: stop.signal, onStep })).rejects.toThrow("enough");
  else await pipeline.rebuild();
  await pipeline.putEvents(50);
  await undoRebuild({ warehouse: pipeline.warehouse, target, leaseMs: 0 });
  await pipeline.expectAll();
  const views = "SELECT TRIM(name), TRIM(autorefresh) FROM svv_mv_info";
  expect((await pipeline.warehouse.query(views)).rows).toEqual([["stream_records", "t"]]);
  await expect(undoRebuild({ warehouse: pipeline.warehouse, target })).rejects.toThrow("there is no rebuild to undo");
  await expect(finishRebuild({ warehouse: pipeline.warehouse, target })).rejects.toThrow("no rebuild to finish");
  expect(await pipeline.rebuild()).toEqual({
    oldView: "stream_records",
    nextView: "stream_records_3",
    archivedRows: 100,
  });
  await finishRebuild({ warehouse: pipeline.warehouse, target });
  await pipeline.putEvents(50);
  await pipeline.expectAll();
});

it("a second rebuild keeps what the first one archived", async () => {
  const pipeline = await openPipeline();
  for (const archivedRows of [100, 100]) {
    await pipeline.putEvents(100);
    await pipeline.expectAll();
    pipeline.expire();
    await pipeline.putEvents(1);
    await pipeline.expectAll();
    expect((await pipeline.rebuild()).archivedRows).toBeGreaterThanOrEqual(archivedRows);
    await finishRebuild({ warehouse: pipeline.warehouse, target });
    await pipeline.expectAll();
  }
});

it("killed at any call, it is gone on with, and ends as if it had not been", { timeout: 300_000 }, async () => {
  for (let at = 1, trial = 0, isOver = false; !isOver; at += killEvery, trial += 1) {
    const pipeline = await openPipeline();
    await pipeline.putEvents(30);
    await pipeline.expectAll();
    pipeline.expire();
    await pipeline.putEvents(20);
    await pipeline.expectAll();
    const death = deaths[trial % 3]!;
    const victim = killed(pipeline.data, at, death);
    await pipeline.rebuild({ warehouse: pipeline.through(victim) }).catch(() => undefined);
    await pipeline.putEvents(10);
    const outcome = await pipeline.rebuild({ leaseMs: 0 }).catch((error: unknown) => error);
    expect(outcome, `killed ${death} call ${at}`).toEqual({
      oldView: "stream_records",
      nextView: "stream_records_2",
      archivedRows: 30,
    });
    await pipeline.expectAll();
    isOver = !victim.isDead;
    for (const close of closers.splice(0).reverse()) await close();
  }
});
