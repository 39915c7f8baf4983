import type { DuckDBConnection, DuckDBDataChunk, DuckDBPreparedStatement } from "@duckdb/node-api";
import { bindQuery, type BoundQuery } from "../../sql/bind-query.ts";
import { quoteName } from "../../sql/bound.ts";
import { keptText } from "../../sql/kept-text.ts";
import { Scope } from "../../sql/scope.ts";
import type { SqlError } from "../../sql/sql-error.ts";
import type { Catalogue } from "../catalogue.ts";
import {
  storageName,
  type MaterializedViewObject,
  type StreamingViewObject,
  type ViewObject,
} from "../catalogue-object.ts";
import type { DatabaseCore } from "../database-core.ts";
import { inTransaction } from "../duck.ts";
import { translateDuckError } from "../duck-error.ts";
import { callsOf } from "../functions/find-function.ts";
import {
  keptStatements,
  presentKeptViews,
  reconcileKeptViews,
  type KeptStatement,
  type KeptView,
  type WriteView,
} from "../kept-views.ts";
import type { LockOwner } from "../locks.ts";
import { refreshStatus, type RefreshRun, type ShardScan } from "./refresh-history.ts";
import { bindContext, viewQuery, worldOfNobody, type Storage } from "../relation-lookup.ts";
import type { ShreddedPath } from "../shredding/shredded-path.ts";
import { aggregationOf, mergeStatements, type Aggregation } from "./aggregation.ts";
import { readBatches, type ShardBatch } from "./shard-batches.ts";
import { makeChunks, stageChunks, type StageNeeds } from "./stage.ts";
import { storePositions, storeSkipped, type ShardPosition, type SkippedRecord } from "./stream-positions.ts";
import { batchTable, createStage } from "./stream-relation.ts";

/** From so many records on, the next are read and made ready while these are stored, unless the database says otherwise. */
const manyRecords = 4_000;

/** What one refresh did. */
export interface RefreshOutcome {
  readonly run: RefreshRun;
  /** The streams had more than one transaction takes. */
  readonly more: boolean;
  readonly error?: SqlError;
  readonly skipped: readonly SkippedRecord[];
}

/** What was read of a stream at a moment. */
interface Reading {
  /** Epoch milliseconds, the `refresh_time` of the rows. */
  readonly startedAt: number;
  readonly batches: readonly ShardBatch[];
  /** The records as DuckDB takes them, if they were made ready ahead of their turn. */
  readonly chunks?: readonly DuckDBDataChunk[];
}

/** Statements that load a staged batch, and what of each record they read. */
interface LoadPlan {
  readonly catalogue: Catalogue;
  readonly view: StreamingViewObject;
  readonly needs: StageNeeds;
  readonly statements: readonly KeptStatement[];
  /** The statements as DuckDB has parsed and planned them, by text; planning the views' queries is most of a small refresh. A plan that is dropped frees them. */
  readonly prepared: Map<string, DuckDBPreparedStatement>;
}

/** A kept view's query failed for a row of the batch. */
class KeptViewFailure extends Error {
  readonly views: readonly ViewObject[];

  constructor(views: readonly ViewObject[], cause: unknown) {
    super(`the rows of ${views.map((view) => view.name).join(", ")} cannot be kept`, { cause });
    this.views = views;
  }
}

/**
 * Fills one streaming view. A refresh reads every shard from its stored position and commits rows and positions in one transaction, so
 * that a killed process has either both or neither.
 */
export class ViewRefresher implements LockOwner {
  readonly pid: number;
  readonly #database: DatabaseCore;
  readonly #connection: DuckDBConnection;
  #positions: ReadonlyMap<string, ShardPosition>;
  #plan: LoadPlan | undefined;
  /** No two refreshes have the same `refresh_time`, so that readers can go on from the last that they saw. */
  #lastStart = 0;
  /** The next reading, begun while this one is stored. */
  #ahead: Promise<Reading> | undefined;
  #kept: readonly KeptView[] = [];
  #shredded: readonly ShreddedPath[] = [];
  readonly #failing = new WeakSet<ViewObject>();

  constructor(
    database: DatabaseCore,
    connection: DuckDBConnection,
    pid: number,
    positions: ReadonlyMap<string, ShardPosition>,
  ) {
    this.pid = pid;
    this.#database = database;
    this.#connection = connection;
    this.#positions = positions;
  }

  /** The views over this one whose rows are kept and complete. */
  get keptViews(): readonly KeptView[] {
    return this.#kept;
  }

  /** Finds the views whose rows are kept from before a start, so that they can be read before the first refresh. */
  async findKept(view: StreamingViewObject): Promise<void> {
    const { catalogue } = this.#database;
    const write: WriteView = (other, storage) => this.#bind(other, catalogue, storage);
    // A view that cannot be bound is the next refresh's to tell of, and no reason not to start.
    this.#kept = await presentKeptViews(view, { connection: this.#connection, catalogue, write }).catch(() => []);
  }

  /** Makes the next refresh look at what is kept anew. */
  stopKeeping(): void {
    this.#kept = [];
    this.#plan = undefined;
  }

  /** Makes the refreshes from now on fill these hidden columns, and no others. */
  shred(paths: readonly ShreddedPath[]): void {
    this.#shredded = paths;
    this.#plan = undefined;
  }

  get positions(): ReadonlyMap<string, ShardPosition> {
    return this.#positions;
  }

  /** One transaction's worth of records. Never rejects: a failure is in the outcome, and leaves rows and positions as they were. */
  async refresh(view: StreamingViewObject, type: RefreshRun["type"], user: string): Promise<RefreshOutcome> {
    let startedAt = this.#database.now();
    const transactionId = this.#database.nextTransactionId();
    const finish = (status: string, shards: readonly ShardScan[]): RefreshRun => {
      const endedAt = this.#database.now();
      return { viewOid: view.oid, user, pid: this.pid, type, status, startedAt, endedAt, transactionId, shards };
    };
    try {
      const ahead = await this.#takeAhead();
      const reading = ahead ?? (await this.#read(view, this.#positions));
      const { batches } = reading;
      startedAt = reading.startedAt;
      // It overtakes who waits for the view alone: that one may wait for the very session that waits for this refresh.
      await this.#database.locks.take(this, view.oid, "write", undefined, { overtakes: true });
      if (!this.#isWanted(view, type)) return { run: finish(refreshStatus.noData, []), more: false, skipped: [] };
      const plan = await this.#planOf(view);
      if (batches.some((batch) => batch.after !== batch.before)) await this.#storeWhileReading(plan, reading);
      const more = batches.some((batch) => batch.more);
      const scans = batches.flatMap((batch) => (batch.scan === undefined ? [] : [batch.scan]));
      const skipped = batches.flatMap((batch) => batch.skipped);
      // What was read ahead was read some time ago: the stream may have more since then.
      const again = more || ahead !== undefined || this.#ahead !== undefined;
      return { run: finish(statusOf(scans, more), scans), more: again, skipped };
    } catch (cause) {
      // It goes on from where this one would have ended.
      await this.#takeAhead();
      const error = translateDuckError(cause, this.pid);
      this.#database.settings.log?.(`refresh of ${view.schema}.${view.name} failed: ${error.message}`);
      return { run: finish(refreshStatus.failed, []), more: false, error, skipped: [] };
    } finally {
      this.#database.locks.release(this);
    }
  }

  /** Waits for what is read ahead, and leaves it. */
  async close(): Promise<void> {
    await this.#takeAhead();
    this.#connection.closeSync();
  }

  /** Reads before any lock is taken: a stream that makes its readers wait holds up nobody else. */
  async #read(view: StreamingViewObject, positions: ReadonlyMap<string, ShardPosition>): Promise<Reading> {
    const startedAt = Math.max(this.#database.now(), this.#lastStart + 1);
    this.#lastStart = startedAt;
    return { startedAt, batches: await readBatches(this.#database, view, positions, startedAt) };
  }

  /** What was read ahead, if it could be; a failure shows when it is read in its turn. */
  async #takeAhead(): Promise<Reading | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.catch(() => undefined);
  }

  /** Where there is much to store, reading the next and storing this go on at once, since DuckDB works on threads of its own. */
  async #storeWhileReading(plan: LoadPlan, reading: Reading): Promise<void> {
    const { batches } = reading;
    if (
      batches.reduce((sum, batch) => sum + batch.records.length, 0) >=
      (this.#database.settings.readAheadRecords ?? manyRecords)
    ) {
      this.#ahead = this.#readAhead(plan, after(this.#positions, batches));
      this.#ahead.catch(() => undefined);
    }
    await this.#storeOrGiveUp(plan, reading);
  }

  async #readAhead(plan: LoadPlan, positions: ReadonlyMap<string, ShardPosition>): Promise<Reading> {
    const reading = await this.#read(plan.view, positions);
    return { ...reading, chunks: await makeChunks(reading.batches, reading.startedAt, plan.needs) };
  }

  /** Whether the view is still there and, for a refresh that nobody asked for, still refreshed by itself. */
  #isWanted({ oid }: StreamingViewObject, type: RefreshRun["type"]): boolean {
    const current = this.#database.catalogue.get(oid);
    return current?.kind === "materialized view" && (type === "Manual" || current.autoRefresh);
  }

  /** A view that fails for some row is kept no longer, and does not hold up the stream. */
  async #storeOrGiveUp(plan: LoadPlan, reading: Reading): Promise<void> {
    const { batches, startedAt } = reading;
    const chunks = reading.chunks ?? (await makeChunks(batches, startedAt, plan.needs));
    try {
      await this.#store(plan, batches, chunks);
    } catch (error) {
      if (!(error instanceof KeptViewFailure)) throw error;
      for (const view of error.views) this.#giveUp(view, error.cause);
      this.stopKeeping();
      await this.#storeOrGiveUp(await this.#planOf(plan.view), { ...reading, chunks });
    }
  }

  async #store(plan: LoadPlan, batches: readonly ShardBatch[], chunks: readonly DuckDBDataChunk[]): Promise<void> {
    const connection = this.#connection;
    await inTransaction(connection, async () => {
      if (chunks.length > 0) {
        stageChunks(await connection.createAppender("staged", "main", "temp"), chunks);
        for (const load of plan.statements) await this.#load(plan, load);
      }
      await storePositions(connection, plan.view.oid, moved(batches));
      await storeSkipped(
        connection,
        plan.view.oid,
        batches.flatMap((batch) => batch.skipped),
      );
    });
    this.#positions = after(this.#positions, batches);
  }

  async #load({ prepared }: LoadPlan, { sql, views }: KeptStatement): Promise<void> {
    try {
      let statement = prepared.get(sql);
      if (statement === undefined) prepared.set(sql, (statement = await this.#connection.prepare(sql)));
      await statement.run();
    } catch (cause) {
      throw views.length === 0 ? cause : new KeptViewFailure(views, cause);
    }
  }

  /** What loading a batch takes; made again when the catalogue is another. */
  async #planOf(view: StreamingViewObject): Promise<LoadPlan> {
    const { catalogue } = this.#database;
    if (this.#plan?.catalogue === catalogue && this.#plan.view === view) return this.#plan;
    this.#kept = [];
    const aggregation = aggregationOf(viewQuery(view), view.settings);
    if (aggregation !== undefined) return (this.#plan = await this.#mergingPlan(view, aggregation));
    const write: WriteView = (other, storage) => this.#bind(other, catalogue, storage);
    const kept = await reconcileKeptViews(view, {
      connection: this.#connection,
      catalogue,
      write,
      isKeepable: (other) => !this.#failing.has(other),
      onFailure: (other, error) => this.#giveUp(other, error),
      withoutReaders: (oid, drop) => this.#withoutReaders(oid, drop),
    });
    const query = this.#bind(view, catalogue).render();
    for (const statement of createStage) await this.#connection.run(statement);
    const statements = await this.#statements(view, query, keptStatements(kept, view.oid, catalogue, write));
    this.#plan = { catalogue, view, needs: needsOf(query), statements, prepared: new Map() };
    this.#kept = kept;
    return this.#plan;
  }

  /** A view with aggregates: its rows change with each batch, so that nothing is kept over them. */
  async #mergingPlan(view: StreamingViewObject, aggregation: Aggregation): Promise<LoadPlan> {
    const { catalogue } = this.#database;
    const bound = this.#bind(view, catalogue, undefined, aggregation.query);
    const query = bound.render();
    for (const statement of createStage) await this.#connection.run(statement);
    const { table, statements } = mergeStatements(storageName(view), query, bound.columns, aggregation);
    await this.#connection.run(table);
    const loads = [...statements, clearStage].map((sql): KeptStatement => ({ sql, views: [] }));
    return { catalogue, view, needs: needsOf(query), statements: loads, prepared: new Map() };
  }

  /** Without kept views the batch goes straight into the view; with them it is held between, to be read by each. */
  async #statements(
    view: StreamingViewObject,
    query: string,
    kept: ReturnType<typeof keptStatements>,
  ): Promise<readonly KeptStatement[]> {
    const target = storageName(view);
    const positions = view.columns.map((_, index) => `c${index}`);
    const own = (sql: string): KeptStatement => ({ sql, views: [] });
    const clear = own(clearStage);
    const names = view.columns.map((column) => quoteName(column.name));
    if (kept.statements.length === 0) return [own(insertRows(view, `(${query})`, positions, this.#shredded)), clear];
    await this.#connection.run(
      `CREATE OR REPLACE TEMP TABLE batch AS SELECT ${names.join(", ")} FROM ${target} WITH NO DATA`,
    );
    for (const table of kept.tables) await this.#connection.run(table);
    return [
      own(`INSERT INTO ${batchTable} ${query}`),
      own(insertRows(view, batchTable, names, this.#shredded)),
      ...kept.statements,
      own(`DELETE FROM ${batchTable}`),
      clear,
    ];
  }

  #giveUp(view: ViewObject, error: unknown): void {
    this.#failing.add(view);
    const reason = error instanceof Error ? error.message : String(error);
    this.#database.settings.log?.(`rows of view ${view.schema}.${view.name} are not kept: ${reason}`);
  }

  async #withoutReaders(oid: number, drop: () => Promise<unknown>): Promise<void> {
    await this.#database.locks.take(this, oid, "exclusive");
    try {
      await drop();
    } finally {
      this.#database.locks.release(this, oid);
    }
  }

  #bind(
    view: MaterializedViewObject | ViewObject,
    catalogue: Catalogue,
    storage?: Storage,
    query = viewQuery(view),
  ): BoundQuery {
    const nobody = worldOfNobody(catalogue, this.#database.settings.databaseName, this.pid);
    const world = storage === undefined ? nobody : { ...nobody, storage };
    const bind = bindContext(world, view.settings, new Map(), () => undefined);
    return bindQuery(query, new Scope(), { ...bind, findFunction: callsOf(view, bind, catalogue) });
  }
}

const clearStage = "DELETE FROM temp.main.staged";

/** What of each record DuckDB's text of a query reads. */
const needsOf = (query: string): StageNeeds => ({
  bytes: query.includes('"kinesis_data"'),
  json: query.includes("json_problem"),
});

/** Adds rows to a view, whose columns are called `names` in `from`; what is shredded is read of them too. */
function insertRows(
  view: StreamingViewObject,
  from: string,
  names: readonly string[],
  shredded: readonly ShreddedPath[],
): string {
  const texts = shredded.map(({ column, steps, want }) => {
    const at = view.columns.findIndex((own) => own.name === column);
    return keptText(`b.${names[at]}`, steps, want);
  });
  const columns = [...view.columns.map((column) => column.name), ...shredded.map((path) => path.hidden)].map(quoteName);
  const values = [...names, ...texts];
  return `INSERT INTO ${storageName(view)} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM ${from} AS b`;
}

/** Positions that a reading has changed. */
const moved = (batches: readonly ShardBatch[]) =>
  batches.filter((batch) => batch.after !== batch.before).map((batch) => batch.after);

/** Positions once a reading is stored. */
const after = (positions: ReadonlyMap<string, ShardPosition>, batches: readonly ShardBatch[]) =>
  new Map([...positions, ...moved(batches).map((position) => [position.shardId, position] as const)]);

function statusOf(scans: readonly ShardScan[], more: boolean): string {
  const rows = scans.reduce((sum, scan) => sum + scan.rows, 0);
  const skipped = scans.reduce((sum, scan) => sum + scan.skipped, 0);
  if (rows === 0 && skipped === 0) return refreshStatus.noData;
  if (rows === 0) return refreshStatus.allSkipped;
  if (skipped > 0) return refreshStatus.someSkipped;
  return more ? refreshStatus.more : refreshStatus.incremental;
}
