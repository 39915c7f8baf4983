import { StatementError } from "@millrace/warehouse";
import { openLedger } from "../ledger.ts";
import { MigrationError } from "../migration-error.ts";
import { quoteLiteral } from "../placeholders.ts";
import { FailedStatement, statementOptions, transact, withRun } from "../run.ts";
import type { RunContext, RunOptions } from "../run.ts";
import { whenFree } from "../session-answers.ts";
import { archiveOf, qualified } from "./rebuild-names.ts";
import type { RebuildTarget } from "./rebuild-names.ts";
import {
  createRecords,
  currentView,
  insertRecord,
  moveRecord,
  nextRecord,
  openRecord,
  readRecords,
} from "./rebuild-record.ts";
import type { RebuildRecord } from "./rebuild-record.ts";
import {
  archiveRows,
  createArchive,
  failIfBehind,
  replaceReader,
  shardsToCatchUp,
  shardsWithGap,
  unarchiveRows,
} from "./rebuild-sql.ts";

export type { RebuildTarget };

const statementName = "rebuild";
/** How often the switch is tried while the next view falls behind again. */
const mostSwitches = 20;

/** What a rebuild is at. */
export interface RebuildStep {
  readonly step: "create" | "catch up" | "freeze" | "switch" | "drop" | "undo";
  /** The streaming view that it is about. */
  readonly view: string;
  /** Of catching up: shards in which the next view is still behind. */
  readonly shardsBehind?: number;
}

/** What a rebuild needs. */
export interface RebuildOptions extends RunOptions {
  readonly target: RebuildTarget;
  readonly onStep?: (step: RebuildStep) => void;
}

/** What beginning or going on with a rebuild needs. */
export interface BeginRebuildOptions extends RebuildOptions {
  /**
   * What stands behind `CREATE MATERIALIZED VIEW name` in the next view's statement: `AUTO REFRESH YES AS SELECT … FROM millrace_kinesis."stream"`. It must
   * offer the reader's columns with their types, shard_id and sequence_number among them.
   */
  readonly definition: string;
  /** Goes on where records between the old view's end and the next one's beginning may have expired unread. Default false. */
  readonly acceptGap?: boolean;
}

/** What a rebuild came to. */
export interface RebuildOutcome {
  readonly oldView: string;
  readonly nextView: string;
  /** Rows that only the old view had, now in the archive. */
  readonly archivedRows: number;
}

/**
 * Builds the streaming view behind a reader view anew beside the old one, while both are fed and read, and switches the readers over in one
 * transaction: rows that the stream no longer holds are archived, everything else is the next view's. The old view stays, no longer refreshed, until
 * `finishRebuild` drops it; until then `undoRebuild` goes back. A run that was killed at any point is gone on with by the next call.
 *
 * Throws `MigrationError` where a rebuild would lose rows or is over already, `FailedStatement` with the service's text for a statement that fails.
 */
export async function rebuildStreamingView(options: BeginRebuildOptions): Promise<RebuildOutcome> {
  const { target, definition, acceptGap = false } = options;
  return withLedger(options, async (context) => {
    const record = await begin(context, target);
    if (record.state !== "switched") {
      const columns = await readerColumns(context, target);
      await create(context, options, record, definition);
      await catchUp(context, options, record);
      await freeze(context, options, record);
      await catchUp(context, options, record);
      await refuseGap(context, target, record, acceptGap);
      await switchOver(context, options, record, columns);
    }
    const archive = `${qualified(target, archiveOf(target))} WHERE rebuild = ${record.number}`;
    const { rows } = await context.warehouse.query(`SELECT COUNT(*) FROM ${archive}`);
    return { oldView: record.oldName, nextView: record.nextName, archivedRows: Number(rows[0]?.[0] ?? 0) };
  });
}

/** Drops the old view of a rebuild that has switched its readers over. From here it cannot be undone. Throws as `rebuildStreamingView` does. */
export async function finishRebuild(options: RebuildOptions): Promise<void> {
  const { target, onStep } = options;
  await withLedger(options, async (context) => {
    const record = openRecord(await readRecords(context.warehouse, target));
    if (record?.state !== "switched") throw new MigrationError([nothingTo("finish", record)]);
    onStep?.({ step: "drop", view: record.oldName });
    await dropView(context, target, record.oldName);
    await transact(context, statementName, [moveRecord(target, record, "finished")]);
  });
}

/** Gives the readers the old view back and drops the next one. Throws as `rebuildStreamingView` does. */
export async function undoRebuild(options: RebuildOptions): Promise<void> {
  const { target, onStep } = options;
  await withLedger(options, async (context) => {
    const records = await readRecords(context.warehouse, target);
    const record = openRecord(records);
    if (record === undefined) throw new MigrationError([nothingTo("undo", record)]);
    onStep?.({ step: "undo", view: record.oldName });
    const columns = await readerColumns(context, target);
    const hasArchive = await exists(context, target, archiveOf(target));
    const wasSwitched = record.state === "switched";
    await transact(context, statementName, [
      ...(wasSwitched ? [replaceReader(target, record.oldName, columns, hasArchive)] : []),
      ...(wasSwitched && hasArchive ? [unarchiveRows(target, record)] : []),
      moveRecord(target, record, "undoing"),
    ]);
    if (record.wasAutoRefreshed) await setAutoRefresh(context, target, record.oldName, true);
    await dropView(context, target, record.nextName);
    await transact(context, statementName, [moveRecord(target, record, "undone")]);
  });
}

function nothingTo(what: "finish" | "undo", record: RebuildRecord | undefined): string {
  if (record === undefined) return `there is no rebuild to ${what}`;
  return `the rebuild of ${record.oldName} is ${record.state}, so there is nothing to ${what}; go on with it, or undo it`;
}

async function withLedger<Result>(
  options: RebuildOptions,
  work: (context: RunContext) => Promise<Result>,
): Promise<Result> {
  await openLedger(options.warehouse, options.signal);
  return withRun(options, work);
}

/** The rebuild that is under way, or a new one. */
async function begin(context: RunContext, target: RebuildTarget): Promise<RebuildRecord> {
  const records = await readRecords(context.warehouse, target);
  const open = openRecord(records);
  if (open?.state === "undoing")
    throw new MigrationError([`the rebuild of ${open.oldName} is being undone: finish that first`]);
  if (open !== undefined) return open;
  const wasAutoRefreshed = await readAutoRefresh(context, target, currentView(target, records));
  const record = nextRecord(target, records, wasAutoRefreshed);
  await transact(context, statementName, [createRecords, insertRecord(target, record, context.run)]);
  return record;
}

async function create(context: RunContext, options: RebuildOptions, record: RebuildRecord, definition: string) {
  const { target, onStep } = options;
  const isThere = () => exists(context, target, record.nextName);
  if (await isThere()) return;
  onStep?.({ step: "create", view: record.nextName });
  await runAlone(context, `CREATE MATERIALIZED VIEW ${qualified(target, record.nextName)} ${definition}`, isThere);
}

/** Refreshes the next view until it has come as far as the old one, or as far as the stream goes: of expired shards it has nothing. */
async function catchUp(context: RunContext, { target, onStep }: RebuildOptions, record: RebuildRecord): Promise<void> {
  for (;;) {
    context.signal?.throwIfAborted();
    await runAlone(context, `REFRESH MATERIALIZED VIEW ${qualified(target, record.nextName)}`, () =>
      Promise.resolve(true),
    );
    const behind = (await context.warehouse.query(shardsToCatchUp(target, record))).rows.length;
    onStep?.({ step: "catch up", view: record.nextName, shardsBehind: behind });
    if (behind === 0 || (await hasReadAll(context, target, record.nextName))) return;
  }
}

/** Whether the last refresh came to the end of the stream. Source: Redshift developer guide, SYS_MV_REFRESH_HISTORY (statuses). */
async function hasReadAll({ warehouse }: RunContext, { schema }: RebuildTarget, view: string): Promise<boolean> {
  const { rows } = await warehouse.query(
    `SELECT TRIM(status) FROM sys_mv_refresh_history WHERE TRIM(schema_name) = ${quoteLiteral(schema)} AND TRIM(mv_name) = ${quoteLiteral(view)} ORDER BY end_time DESC LIMIT 1`,
  );
  return !String(rows[0]?.[0] ?? "").includes("may contain more data");
}

/** From here on the old view is what it was: what the next one has to reach stands still. Stale, and not lost. */
async function freeze(context: RunContext, { target, onStep }: RebuildOptions, record: RebuildRecord): Promise<void> {
  if (!(await readAutoRefresh(context, target, record.oldName))) return;
  onStep?.({ step: "freeze", view: record.oldName });
  await setAutoRefresh(context, target, record.oldName, false);
}

async function refuseGap(context: RunContext, target: RebuildTarget, record: RebuildRecord, acceptGap: boolean) {
  const shards = (await context.warehouse.query(shardsWithGap(target, record))).rows.map(([shard]) => shard);
  if (shards.length === 0 || acceptGap) return;
  throw new MigrationError([
    `${record.nextName} begins after the end of ${record.oldName} in ${shards.join(", ")}: records between may have expired before anybody read them; go on with acceptGap, or undo the rebuild`,
  ]);
}

/** One transaction: a reader sees everything from the old view or everything from archive and next view. */
async function switchOver(
  context: RunContext,
  options: RebuildOptions,
  record: RebuildRecord,
  columns: readonly string[],
): Promise<void> {
  const { target, onStep } = options;
  onStep?.({ step: "switch", view: record.nextName });
  for (let attempt = 1; ; attempt += 1) {
    const hasArchive = await exists(context, target, archiveOf(target));
    try {
      await transact(context, statementName, [
        failIfBehind(target, record),
        ...(hasArchive ? [] : [createArchive(target, record.oldName, columns)]),
        archiveRows(target, record, columns),
        replaceReader(target, record.nextName, columns, true),
        moveRecord(target, record, "switched"),
      ]);
      return;
    } catch (error) {
      if (await hasSwitched(context, target, error)) return;
      const isBehind = error instanceof FailedStatement && error.index === 0;
      if (!isBehind || attempt >= mostSwitches) throw error;
      await catchUp(context, options, record);
    }
  }
}

/** After a lost answer the record knows. */
async function hasSwitched({ warehouse, delay }: RunContext, target: RebuildTarget, error: unknown): Promise<boolean> {
  if (error instanceof FailedStatement) return false;
  const records = await whenFree(() => readRecords(warehouse, target), delay);
  return records !== undefined && openRecord(records)?.state === "switched";
}

async function setAutoRefresh(context: RunContext, target: RebuildTarget, view: string, on: boolean): Promise<void> {
  const sql = `ALTER MATERIALIZED VIEW ${qualified(target, view)} AUTO REFRESH ${on ? "YES" : "NO"}`;
  await runAlone(context, sql, async () => (await readAutoRefresh(context, target, view)) === on);
}

async function dropView(context: RunContext, target: RebuildTarget, view: string): Promise<void> {
  const sql = `DROP MATERIALIZED VIEW IF EXISTS ${qualified(target, view)}`;
  await runAlone(context, sql, async () => !(await exists(context, target, view)));
}

/** Runs one statement outside of a transaction; after a lost answer the catalogue tells whether it happened. */
async function runAlone(context: RunContext, sql: string, isDone: () => Promise<boolean>): Promise<void> {
  context.signal?.throwIfAborted();
  try {
    await context.warehouse.execute(sql, {}, statementOptions(context, statementName));
  } catch (error) {
    if (error instanceof StatementError) throw new FailedStatement(error.message, error);
    if ((await whenFree(isDone, context.delay)) !== true) throw error;
  }
}

/** The reader's columns, in order. Throws `MigrationError` when there is no such view. */
async function readerColumns({ warehouse }: RunContext, { schema, reader }: RebuildTarget): Promise<readonly string[]> {
  const { rows } = await warehouse.query(
    `SELECT column_name FROM svv_columns WHERE table_schema = ${quoteLiteral(schema)} AND table_name = ${quoteLiteral(reader)} ORDER BY ordinal_position`,
  );
  if (rows.length === 0)
    throw new MigrationError([
      `there is no view ${schema}.${reader}, which everybody is to read; apply the migrations first`,
    ]);
  return rows.map(([name]) => String(name));
}

async function exists({ warehouse }: RunContext, { schema }: RebuildTarget, name: string): Promise<boolean> {
  const { rows } = await warehouse.query(
    `SELECT 1 FROM svv_columns WHERE table_schema = ${quoteLiteral(schema)} AND table_name = ${quoteLiteral(name)} LIMIT 1`,
  );
  return rows.length > 0;
}

/** Throws `MigrationError` when there is no such view. Source: Redshift developer guide, SVV_MV_INFO (autorefresh t or f). */
async function readAutoRefresh({ warehouse }: RunContext, { schema }: RebuildTarget, view: string): Promise<boolean> {
  const { rows } = await warehouse.query(
    `SELECT TRIM(autorefresh) FROM svv_mv_info WHERE TRIM(schema_name) = ${quoteLiteral(schema)} AND TRIM(name) = ${quoteLiteral(view)}`,
  );
  if (rows.length === 0)
    throw new MigrationError([`there is no streaming view ${schema}.${view}; apply the migrations first`]);
  return /^(t|true|1|yes)$/i.test(String(rows[0]?.[0]));
}
