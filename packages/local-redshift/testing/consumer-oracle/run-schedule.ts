import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { startKinesisWorld, type KinesisWorld } from "../kinesis-world.ts";
import { openOracleDatabase, type OracleDatabase } from "./oracle-database.ts";
import { viewNames, type Schedule, type Step } from "./schedule.ts";

/** A record as the producer was told of it. */
interface ToldRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly text: string;
}

/** Where Linux keeps files in memory: a kill leaves the same there, without a wait for the disk at each commit. */
const memory = "/dev/shm";
const dayMs = 25 * 3_600_000;
const mostShards = 6;
const isJson = ({ text }: ToldRecord) => text.startsWith("{");

const columns = "shard_id, sequence_number, refresh_time";
const queries: Readonly<Record<string, string>> = {
  guarded: `SELECT ${columns}, kinesis_data, CASE WHEN CAN_JSON_PARSE(kinesis_data) THEN JSON_PARSE(kinesis_data) END AS payload FROM kds.events`,
  filtered: `SELECT ${columns}, kinesis_data, JSON_PARSE(kinesis_data) AS payload FROM kds.events WHERE CAN_JSON_PARSE(kinesis_data)`,
  counted:
    "SELECT shard_id, COUNT(*) AS n, SUM(LEN(kinesis_data)) AS bytes, MIN(sequence_number) AS first, MAX(sequence_number) AS last FROM kds.events GROUP BY shard_id",
};

/**
 * Runs a schedule on a new stream and a new database, and holds each view against what the producer was told: each record exactly once, none
 * other, and along each shard none loaded before an older one.
 */
export async function runSchedule(schedule: Schedule, atEnd: (end: () => void) => void): Promise<void> {
  const folder = await mkdtemp(join(existsSync(memory) ? memory : tmpdir(), "millrace-oracle-"));
  const world = await startKinesisWorld({ directory: join(folder, "kinesis") });
  const database = await openOracleDatabase(schedule.manner, world, folder, atEnd);
  const run = new Run(world, database);
  try {
    await world.createStream("events", 2);
    await run.createViews(schedule.autoViews);
    if (schedule.faultPercent > 0) run.makeReadsFail(schedule.seed, schedule.faultPercent);
    for (const step of schedule.steps) await run.take(step);
    world.kinesis.faults.clear();
    for (const view of viewNames) await run.check(view);
  } finally {
    await run.settle();
    await database.close();
    await world[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #world: KinesisWorld;
  readonly #database: OracleDatabase;
  readonly #expected = new Map<string, ToldRecord[]>(viewNames.map((view) => [view, []]));
  /** Records that retention has not passed, which a view that is made anew reads. */
  #retained: ToldRecord[] = [];
  readonly #auto = new Set<string>();
  #underWay: Promise<unknown>[] = [];

  constructor(world: KinesisWorld, database: OracleDatabase) {
    this.#world = world;
    this.#database = database;
  }

  async createViews(autoViews: readonly string[]): Promise<void> {
    await this.#database.rows("CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default");
    for (const view of viewNames) {
      if (autoViews.includes(view)) this.#auto.add(view);
      await this.#create(view);
    }
  }

  makeReadsFail(seed: number, percent: number): void {
    const operations = ["GetRecords", "GetShardIterator", "ListShards", "DescribeStreamSummary"];
    const rate = percent / 200;
    this.#world.kinesis.faults.set({
      seed,
      rules: [
        { kind: "throttle", rate, operations },
        { kind: "reset", rate, operations },
      ],
    });
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "put":
        return this.#put(step.records);
      case "split":
      case "merge":
        return this.#reshard(step.kind, step.pick);
      case "refresh": {
        const refreshing = this.#database.rows(`REFRESH MATERIALIZED VIEW ${step.view}`).catch(() => undefined);
        if (step.waits) await refreshing;
        else this.#underWay.push(refreshing);
        return;
      }
      case "auto refresh": {
        await this.#database.rows(`ALTER MATERIALIZED VIEW ${step.view} AUTO REFRESH ${step.on ? "YES" : "NO"}`);
        if (step.on) this.#auto.add(step.view);
        else this.#auto.delete(step.view);
        return;
      }
      case "kill":
        return this.#database.kill();
      case "restart":
        return this.#database.restart();
      case "recreate":
        await this.settle();
        await this.#database.rows(`DROP MATERIALIZED VIEW ${step.view} CASCADE`);
        this.#expected.set(step.view, [...this.#retained]);
        return this.#create(step.view);
      case "retention":
        return this.#passRetention(step.caughtUp);
    }
  }

  /** Waits for refreshes that were begun and not waited for. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay.splice(0));
  }

  async check(view: string): Promise<void> {
    await this.settle();
    await this.#catchUp(view);
    if (view === "counted") return this.#checkCounts();
    const rows = await this.#database.rows(
      `SELECT TRIM(shard_id), sequence_number, FROM_VARBYTE(kinesis_data, 'utf-8'), refresh_time::varchar FROM ${view} ORDER BY 1, 2`,
    );
    const told = this.#expected.get(view)!.filter((record) => view === "guarded" || isJson(record));
    const order = (left: readonly unknown[], right: readonly unknown[]) => (String(left) < String(right) ? -1 : 1);
    const wanted = told.map(({ shardId, sequenceNumber, text }) => [shardId, sequenceNumber, text]).toSorted(order);
    expect(rows.map(([shard, sequence, text]) => [shard, sequence, text])).toEqual(wanted);
    for (const [index, [shard, , , loaded]] of rows.entries()) {
      const before = rows[index - 1];
      if (before !== undefined && before[0] === shard) expect(String(loaded) >= String(before[3])).toBe(true);
    }
    const numbers = told.filter(isJson).map(({ text }) => (JSON.parse(text) as { n: number }).n);
    const typed = await this.#database.rows(`SELECT n FROM typed_${view} ORDER BY 1`);
    expect(typed.map(([n]) => Number(n))).toEqual(numbers.toSorted((left, right) => left - right));
    const read = await this.#readNumbers(view);
    expect(read.map(([n]) => Number(n))).toEqual(numbers.toSorted((left, right) => left - right));
  }

  /** Each record is in the sums of its shard once. */
  async #checkCounts(): Promise<void> {
    const rows = await this.#database.rows("SELECT TRIM(shard_id), n, bytes, first, last FROM counted ORDER BY 1");
    const shards = Map.groupBy(this.#expected.get("counted")!, ({ shardId }) => shardId);
    const wanted = [...shards].map(([shardId, told]) => {
      const numbers = told.map(({ sequenceNumber }) => sequenceNumber).toSorted();
      return [shardId, told.length, told.reduce((sum, { text }) => sum + text.length, 0), numbers[0], numbers.at(-1)];
    });
    const order = (left: readonly unknown[], right: readonly unknown[]) => (String(left) < String(right) ? -1 : 1);
    expect(rows.map(([shard, n, bytes, ...ends]) => [shard, Number(n), Number(bytes), ...ends])).toEqual(
      wanted.toSorted(order),
    );
  }

  async #create(view: string): Promise<void> {
    const auto = this.#auto.has(view) ? "YES" : "NO";
    await this.#database.rows(`CREATE MATERIALIZED VIEW ${view} AUTO REFRESH ${auto} AS ${queries[view]}`);
    if (view === "counted") return;
    await this.#database.rows(
      `CREATE VIEW typed_${view} AS SELECT sequence_number, payload.n::int AS n FROM ${view} WHERE payload.n IS NOT NULL`,
    );
  }

  async #put(records: Extract<Step, { kind: "put" }>["records"]): Promise<void> {
    const told = await this.#world.putAll("events", records);
    this.#retained.push(...told);
    for (const expected of this.#expected.values()) expected.push(...told);
    for (const view of viewNames) await this.#readNumbers(view);
  }

  /** What is asked for again and again is shredded in the midst of the schedule. */
  async #readNumbers(view: string) {
    if (view === "counted") return [];
    return this.#database.rows(
      `SELECT payload.n::int FROM ${view} WHERE JSON_TYPEOF(payload.n) IS NOT NULL AND payload.text::varchar IS NULL ORDER BY 1`,
    );
  }

  async #reshard(kind: "split" | "merge", pick: number): Promise<void> {
    // The schedule's faults meet this question too, at times in all three attempts of the client.
    const open = await vi.waitFor(() => this.#world.openShards("events"), { timeout: 20_000 });
    if (kind === "split" && open.length < mostShards) await this.#world.splitOf("events", open[pick % open.length]!);
    if (kind === "merge" && open.length > 1) {
      const at = pick % (open.length - 1);
      await this.#world.merge("events", open[at]!.shardId, open[at + 1]!.shardId);
    }
  }

  /** Reads all there is; a read that fails by a fault is begun again. */
  async #catchUp(view: string): Promise<void> {
    await vi.waitFor(() => this.#database.rows(`REFRESH MATERIALIZED VIEW ${view}`), { timeout: 20_000 });
  }

  /** Which records a view has; of one that counts, those up to the last of their shard, which it reads in order. */
  async #heldBy(view: string): Promise<(record: ToldRecord) => boolean> {
    if (view === "counted") {
      const last = new Map(
        (await this.#database.rows("SELECT TRIM(shard_id), last FROM counted")) as [string, string][],
      );
      return ({ shardId, sequenceNumber }) => sequenceNumber <= (last.get(shardId) ?? "");
    }
    const rows = await this.#database.rows(`SELECT sequence_number FROM ${view}`);
    const held = new Set(rows.map(([sequenceNumber]) => sequenceNumber));
    return ({ sequenceNumber }) => held.has(sequenceNumber);
  }

  /** What a view had not read by then is lost to it. */
  async #passRetention(caughtUp: readonly string[]): Promise<void> {
    await this.settle();
    for (const view of viewNames) {
      if (caughtUp.includes(view) || this.#auto.has(view)) await this.#catchUp(view);
      const isHeld = await this.#heldBy(view);
      const expected = this.#expected.get(view)!;
      const isWhole = caughtUp.includes(view) || this.#auto.has(view);
      if (!isWhole) this.#expected.set(view, expected.filter(isHeld));
    }
    this.#world.pass(dayMs);
    this.#retained = [];
  }
}
