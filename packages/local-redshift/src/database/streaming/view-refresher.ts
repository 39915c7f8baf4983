import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import type { NameSettings } from "../../sql/bind-context.ts";
import { bindQuery, type BoundQuery } from "../../sql/bind-query.ts";
import { quoteName } from "../../sql/bound.ts";
import { keptText } from "../../sql/kept-text.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { Query } from "../../sql/tree.ts";
import type { Catalogue } from "../catalogue.ts";
import { storageName, type StreamingViewObject, type ViewObject } from "../catalogue-object.ts";
import type { DatabaseCore } from "../database-core.ts";
import { translateDuckError } from "../duck-error.ts";
import {
  keptStatements,
  reconcileKeptViews,
  type KeptStatement,
  type KeptView,
  type WriteView,
} from "../kept-views.ts";
import type { LockOwner } from "../locks.ts";
import { refreshStatus, type RefreshRun, type ShardScan } from "./refresh-history.ts";
import { bindContext, viewQuery, type Storage } from "../relation-lookup.ts";
import type { ShreddedPath } from "../shredding/shredded-path.ts";
import { nobody } from "../rights/facts.ts";
import { stageRecords } from "./stage.ts";
import { startOf, storePositions, storeSkipped, type ShardPosition, type SkippedRecord } from "./stream-positions.ts";
import { batchTable, createStage, maxRecordBytes } from "./stream-relation.ts";
import { fromStream, isLostPosition, lostPosition } from "./stream-errors.ts";
import { StreamPositionError, type StreamRecord, type StreamShard } from "./stream-reader.ts";

/** Most records of one shard in one transaction, and most bytes, as GetRecords has them. Source: KDS service-sizes-and-limits. */
const maxRecordsPerRead = 10_000;
const maxBytesPerRead = 10 * 1_048_576;

/**
 * What is done when a shard does not have the record that was read last, because its stream was deleted and made again, or has lost
 * records in a power cut: `refuse` fails every refresh until the view is dropped and created again, so that nobody takes a view with gaps
 * or doubles for a whole one; `start over` reads what the stream has from its oldest record. What Redshift does is UNCONFIRMED.
 */
const onLostPosition = "refuse" as "refuse" | "start over";

/** What one refresh did. */
export interface RefreshOutcome {
  readonly run: RefreshRun;
  /** The streams had more than one transaction takes. */
  readonly more: boolean;
  readonly error?: SqlError;
  readonly skipped: readonly SkippedRecord[];
}

/** What was read of one shard. */
interface ShardBatch {
  readonly before: ShardPosition;
  readonly after: ShardPosition;
  readonly records: readonly StreamRecord[];
  readonly skipped: readonly SkippedRecord[];
  readonly scan: ShardScan | undefined;
  readonly more: boolean;
}

/** Statements that load a staged batch, and what of each record they read. */
interface LoadPlan {
  readonly catalogue: Catalogue;
  readonly view: StreamingViewObject;
  readonly needs: { readonly bytes: boolean; readonly json: boolean };
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
    const startedAt = Math.max(this.#database.now(), this.#lastStart + 1);
    this.#lastStart = startedAt;
    const transactionId = this.#database.nextTransactionId();
    const finish = (status: string, shards: readonly ShardScan[]): RefreshRun => {
      const endedAt = this.#database.now();
      return { viewOid: view.oid, user, pid: this.pid, type, status, startedAt, endedAt, transactionId, shards };
    };
    try {
      const batches = await this.#read(view, startedAt);
      // It overtakes who waits for the view alone: that one may wait for the very session that waits for this refresh.
      await this.#database.locks.take(this, view.oid, "write", undefined, { overtakes: true });
      if (!this.#isWanted(view, type)) return { run: finish(refreshStatus.noData, []), more: false, skipped: [] };
      const plan = await this.#planOf(view);
      if (batches.some((batch) => batch.after !== batch.before)) await this.#storeOrGiveUp(plan, batches, startedAt);
      const more = batches.some((batch) => batch.more);
      const scans = batches.flatMap((batch) => (batch.scan === undefined ? [] : [batch.scan]));
      const skipped = batches.flatMap((batch) => batch.skipped);
      return { run: finish(statusOf(scans, more), scans), more, skipped };
    } catch (cause) {
      const error = translateDuckError(cause, this.pid);
      this.#database.settings.log?.(`refresh of ${view.schema}.${view.name} failed: ${error.message}`);
      return { run: finish(refreshStatus.failed, []), more: false, error, skipped: [] };
    } finally {
      this.#database.locks.release(this);
    }
  }

  close(): void {
    this.#connection.closeSync();
  }

  /** Whether the view is still there and, for a refresh that nobody asked for, still refreshed by itself. */
  #isWanted({ oid }: StreamingViewObject, type: RefreshRun["type"]): boolean {
    const current = this.#database.catalogue.get(oid);
    return current?.kind === "materialized view" && (type === "Manual" || current.autoRefresh);
  }

  /** Reads before any lock is taken: a stream that makes its readers wait holds up nobody else. */
  async #read(view: StreamingViewObject, now: number): Promise<ShardBatch[]> {
    const { streamName } = view.source;
    const { streams } = this.#database.settings;
    if ((await fromStream(streamName, () => streams.describe(streamName))) === undefined)
      throw new SqlError(`Kinesis stream "${streamName}" does not exist, or the role may not read it`);
    const schema = this.#database.catalogue.get(view.source.schemaOid);
    const roleArn = schema?.kind === "schema" ? schema.kinesis?.roleArn.split(",")[0] : undefined;
    if (roleArn === undefined || !this.#database.settings.isRoleAttached(roleArn))
      throw new SqlError(`The requested role ${roleArn} is not associated to the namespace`, { sqlState: "42501" });
    const shards = await fromStream(streamName, () => streams.listShards(streamName));
    const ended = new Set(shards.filter((shard) => this.#hasEnded(streamName, shard)).map((shard) => shard.shardId));
    const present = new Set(shards.map((shard) => shard.shardId));
    const isRead = (parent: string | undefined) => parent === undefined || !present.has(parent) || ended.has(parent);
    const readable = shards.filter(
      (shard) => !ended.has(shard.shardId) && isRead(shard.parentShardId) && isRead(shard.adjacentParentShardId),
    );
    const batches = await Promise.all(readable.map((shard) => this.#readShard(streamName, shard.shardId, now)));
    // What comes after a shard that has ended may be in no list yet: who has read the end looks again.
    return batches.map((batch) => ({ ...batch, more: batch.more || batch.after.ended }));
  }

  /** Whether a shard has been read to its end. One that is open again belongs to a stream that was made anew. */
  #hasEnded(streamName: string, { shardId, closed }: StreamShard): boolean {
    const position = this.#positions.get(shardId);
    if (position?.ended !== true) return false;
    if (closed) return true;
    if (onLostPosition === "start over") return false;
    throw lostPosition(streamName, new StreamPositionError(streamName, shardId, position.sequenceNumber));
  }

  async #readAfter(streamName: string, shardId: string, position: ShardPosition) {
    const { sequenceNumber } = position;
    return this.#database.settings.streams.read({
      streamName,
      shardId,
      ...(sequenceNumber === undefined ? {} : { afterSequenceNumber: sequenceNumber }),
      maxRecords: maxRecordsPerRead,
      maxBytes: maxBytesPerRead,
    });
  }

  async #readShard(streamName: string, shardId: string, now: number): Promise<ShardBatch> {
    const before = this.#positions.get(shardId) ?? startOf(shardId);
    const answer = await fromStream(streamName, async () => {
      try {
        return await this.#readAfter(streamName, shardId, before);
      } catch (error) {
        if (!isLostPosition(error) || onLostPosition === "refuse") throw error;
        return this.#readAfter(streamName, shardId, startOf(shardId));
      }
    });
    const last = answer.records.at(-1);
    const more = !answer.atTip && !answer.ended;
    if (last === undefined) {
      const after = answer.ended ? { ...before, ended: true } : before;
      return { before, after, records: [], skipped: [], scan: undefined, more };
    }
    const isTooLarge = (record: StreamRecord) => record.data.byteLength > maxRecordBytes;
    const skipped = answer.records.filter(isTooLarge).map((record) => ({
      shardId,
      sequenceNumber: record.sequenceNumber,
      arrivedAt: record.arrivedAt,
      recordedAt: now,
    }));
    const records = skipped.length === 0 ? answer.records : answer.records.filter((record) => !isTooLarge(record));
    const bytes = answer.records.reduce((sum, record) => sum + record.data.byteLength, 0);
    const scan: ShardScan = {
      shardId,
      position: last.sequenceNumber,
      rows: records.length,
      skipped: skipped.length,
      bytes,
      firstArrival: answer.records[0]!.arrivedAt,
      lastArrival: last.arrivedAt,
    };
    const after: ShardPosition = {
      shardId,
      sequenceNumber: last.sequenceNumber,
      ended: answer.ended,
      rows: before.rows + scan.rows,
      skipped: before.skipped + scan.skipped,
      bytes: before.bytes + bytes,
      firstArrival: before.sequenceNumber === undefined ? scan.firstArrival : before.firstArrival,
      lastArrival: scan.lastArrival,
    };
    return { before, after, records, skipped, scan, more };
  }

  /** A view that fails for some row is kept no longer, and does not hold up the stream. */
  async #storeOrGiveUp(plan: LoadPlan, batches: readonly ShardBatch[], refreshTime: number): Promise<void> {
    try {
      await this.#store(plan, batches, refreshTime);
    } catch (error) {
      if (!(error instanceof KeptViewFailure)) throw error;
      for (const view of error.views) this.#giveUp(view, error.cause);
      this.stopKeeping();
      await this.#storeOrGiveUp(await this.#planOf(plan.view), batches, refreshTime);
    }
  }

  async #store(plan: LoadPlan, batches: readonly ShardBatch[], refreshTime: number): Promise<void> {
    const connection = this.#connection;
    const moved = batches.filter((batch) => batch.after !== batch.before).map((batch) => batch.after);
    await connection.run("BEGIN TRANSACTION");
    try {
      const staged = batches.map((batch) => ({ shardId: batch.after.shardId, records: batch.records }));
      if (staged.some((shard) => shard.records.length > 0)) {
        await stageRecords(connection, staged, refreshTime, plan.needs);
        for (const load of plan.statements) await this.#load(plan, load);
      }
      await storePositions(connection, plan.view.oid, moved);
      await storeSkipped(
        connection,
        plan.view.oid,
        batches.flatMap((batch) => batch.skipped),
      );
      await connection.run("COMMIT");
    } catch (error) {
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
    this.#positions = new Map([...this.#positions, ...moved.map((position) => [position.shardId, position] as const)]);
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
    const write: WriteView = (other, storage) => this.#bind(viewQuery(other), other.settings, catalogue, storage);
    const kept = await reconcileKeptViews(view, {
      connection: this.#connection,
      catalogue,
      write,
      isKeepable: (other) => !this.#failing.has(other),
      onFailure: (other, error) => this.#giveUp(other, error),
      withoutReaders: (oid, drop) => this.#withoutReaders(oid, drop),
    });
    const query = this.#bind(viewQuery(view), view.settings, catalogue).render();
    for (const statement of createStage) await this.#connection.run(statement);
    const needs = { bytes: query.includes('"kinesis_data"'), json: query.includes("json_problem") };
    const statements = await this.#statements(view, query, keptStatements(kept, view.oid, catalogue, write));
    this.#plan = { catalogue, view, needs, statements, prepared: new Map() };
    this.#kept = kept;
    return this.#plan;
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
    const clear = own("DELETE FROM temp.main.staged");
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

  #bind(query: Query, settings: NameSettings, catalogue: Catalogue, storage?: Storage): BoundQuery {
    const { databaseName } = this.#database.settings;
    const facts = { ...nobody, databaseName, schema: "public", pid: this.pid, statementTime: 0, transactionTime: 0 };
    const world = {
      catalogue,
      databaseName,
      temporary: new Map<string, never>(),
      systemView: () => undefined,
      keptViews: new Map<number, never>(),
      facts,
      ...(storage === undefined ? {} : { storage }),
    };
    return bindQuery(
      query,
      new Scope(),
      bindContext(world, settings, new Map(), () => undefined),
    );
  }
}

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

function statusOf(scans: readonly ShardScan[], more: boolean): string {
  const rows = scans.reduce((sum, scan) => sum + scan.rows, 0);
  const skipped = scans.reduce((sum, scan) => sum + scan.skipped, 0);
  if (rows === 0 && skipped === 0) return refreshStatus.noData;
  if (rows === 0) return refreshStatus.allSkipped;
  if (skipped > 0) return refreshStatus.someSkipped;
  return more ? refreshStatus.more : refreshStatus.incremental;
}
