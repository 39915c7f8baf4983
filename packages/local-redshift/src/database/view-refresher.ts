import type { DuckDBConnection } from "@duckdb/node-api";
import { bindQuery } from "../sql/bind-query.ts";
import { Scope } from "../sql/scope.ts";
import { SqlError } from "../sql/sql-error.ts";
import type { MaterializedViewObject } from "./catalogue-object.ts";
import { storageName } from "./catalogue-object.ts";
import type { DatabaseCore } from "./database-core.ts";
import { translateDuckError } from "./duck-error.ts";
import type { LockOwner } from "./locks.ts";
import { refreshStatus, type RefreshRun, type ShardScan } from "./refresh-history.ts";
import { bindContext, viewQuery } from "./relation-lookup.ts";
import { noShreddedPaths } from "./shredded-paths.ts";
import { stageRecords } from "./stage.ts";
import { startOf, storePositions, storeSkipped, type ShardPosition, type SkippedRecord } from "./stream-positions.ts";
import { createStage, maxRecordBytes } from "./stream-relation.ts";
import type { StreamRecord } from "./stream-reader.ts";

/** Most records of one shard in one transaction, and most bytes, as GetRecords has them. Source: KDS service-sizes-and-limits. */
const maxRecordsPerRead = 10_000;
const maxBytesPerRead = 10 * 1_048_576;

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

/**
 * Fills one streaming view. A refresh reads every shard from its stored position and commits rows and positions in one transaction, so
 * that a killed process has either both or neither.
 */
export class ViewRefresher implements LockOwner {
  readonly pid: number;
  readonly #database: DatabaseCore;
  readonly #connection: DuckDBConnection;
  #positions: ReadonlyMap<string, ShardPosition>;
  #insert: { view: MaterializedViewObject; sql: string; bytes: boolean; json: boolean } | undefined;
  #staged = false;

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

  get positions(): ReadonlyMap<string, ShardPosition> {
    return this.#positions;
  }

  /** One transaction's worth of records. Never rejects: a failure is in the outcome, and leaves rows and positions as they were. */
  async refresh(view: MaterializedViewObject, type: RefreshRun["type"], user: string): Promise<RefreshOutcome> {
    const startedAt = this.#database.now();
    const transactionId = this.#database.nextTransactionId();
    const finish = (status: string, shards: readonly ShardScan[]): RefreshRun => {
      const endedAt = this.#database.now();
      return { viewOid: view.oid, user, pid: this.pid, type, status, startedAt, endedAt, transactionId, shards };
    };
    try {
      await this.#database.locks.take(this, view.oid, "write");
      const batches = await this.#read(view, startedAt);
      if (batches.some((batch) => batch.after !== batch.before)) await this.#store(view, batches, startedAt);
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

  async #read(view: MaterializedViewObject, now: number): Promise<ShardBatch[]> {
    const { streams } = this.#database.settings;
    const { streamName } = view.source;
    if ((await streams.describe(streamName)) === undefined)
      throw new SqlError(`Kinesis stream "${streamName}" does not exist, or the role may not read it`);
    const schema = this.#database.catalogue.get(view.source.schemaOid);
    const roleArn = schema?.kind === "schema" ? schema.kinesis?.roleArn.split(",")[0] : undefined;
    if (roleArn === undefined || !this.#database.settings.isRoleAttached(roleArn))
      throw new SqlError(`The requested role ${roleArn} is not associated to the namespace`, { sqlState: "42501" });
    const shards = await streams.listShards(streamName);
    const present = new Set(shards.map((shard) => shard.shardId));
    const isRead = (parent: string | undefined) =>
      parent === undefined || !present.has(parent) || this.#positions.get(parent)?.ended === true;
    const readable = shards.filter(
      (shard) =>
        this.#positions.get(shard.shardId)?.ended !== true &&
        isRead(shard.parentShardId) &&
        isRead(shard.adjacentParentShardId),
    );
    const batches = await Promise.all(readable.map((shard) => this.#readShard(streamName, shard.shardId, now)));
    const opens = batches.some((batch) => batch.after.ended) && shards.length > readable.length;
    return opens ? batches.map((batch) => ({ ...batch, more: batch.more || batch.after.ended })) : batches;
  }

  async #readShard(streamName: string, shardId: string, now: number): Promise<ShardBatch> {
    const before = this.#positions.get(shardId) ?? startOf(shardId);
    const afterSequenceNumber = before.sequenceNumber;
    const answer = await this.#database.settings.streams.read({
      streamName,
      shardId,
      ...(afterSequenceNumber === undefined ? {} : { afterSequenceNumber }),
      maxRecords: maxRecordsPerRead,
      maxBytes: maxBytesPerRead,
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

  async #store(view: MaterializedViewObject, batches: readonly ShardBatch[], refreshTime: number): Promise<void> {
    const connection = this.#connection;
    const insert = this.#insertOf(view);
    if (!this.#staged) await connection.run(createStage);
    this.#staged = true;
    const moved = batches.filter((batch) => batch.after !== batch.before).map((batch) => batch.after);
    await connection.run("BEGIN TRANSACTION");
    try {
      const staged = batches.map((batch) => ({ shardId: batch.after.shardId, records: batch.records }));
      if (staged.some((shard) => shard.records.length > 0)) {
        await stageRecords(connection, staged, refreshTime, insert);
        await connection.run(insert.sql);
        await connection.run("DELETE FROM temp.main.stage");
      }
      await storePositions(connection, view.oid, moved);
      await storeSkipped(
        connection,
        view.oid,
        batches.flatMap((batch) => batch.skipped),
      );
      await connection.run("COMMIT");
    } catch (error) {
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
    this.#positions = new Map([...this.#positions, ...moved.map((position) => [position.shardId, position] as const)]);
  }

  /** The view's query as an INSERT from the staging table, and what of the records it reads. */
  #insertOf(view: MaterializedViewObject): { sql: string; bytes: boolean; json: boolean } {
    if (this.#insert?.view === view) return this.#insert;
    const database = this.#database;
    const context = bindContext(
      {
        catalogue: database.catalogue,
        databaseName: database.settings.databaseName,
        temporary: new Map(),
        systemView: () => undefined,
        shreddedPaths: noShreddedPaths,
        facts: {
          user: view.owner,
          databaseName: database.settings.databaseName,
          schema: view.schema,
          pid: this.pid,
          statementTime: 0,
          transactionTime: 0,
        },
      },
      view.settings,
      new Map(),
      () => undefined,
    );
    const query = bindQuery(viewQuery(view), new Scope(), context).render();
    const sql = `INSERT INTO ${storageName(view)} ${query}`;
    this.#insert = { view, sql, bytes: query.includes('"kinesis_data"'), json: query.includes("json_problem") };
    return this.#insert;
  }
}

function statusOf(scans: readonly ShardScan[], more: boolean): string {
  const rows = scans.reduce((sum, scan) => sum + scan.rows, 0);
  const skipped = scans.reduce((sum, scan) => sum + scan.skipped, 0);
  if (rows === 0 && skipped === 0) return refreshStatus.noData;
  if (rows === 0) return refreshStatus.allSkipped;
  if (skipped > 0) return refreshStatus.someSkipped;
  return more ? refreshStatus.more : refreshStatus.incremental;
}
