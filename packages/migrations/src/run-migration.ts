import { StatementError } from "@millrace/warehouse";
import type { Warehouse } from "@millrace/warehouse";
import { dropClaim, fence, lockLedger, readSettledRow, settleClaim, writeRow } from "./ledger.ts";
import type { LedgerRow, Run } from "./ledger.ts";
import type { RenderedMigration } from "./migration-file.ts";
import type { PendingMigration } from "./plan.ts";

/** Statements of a transaction before the file's own: the lock and the fence. */
const preludeCount = 2;
/** Pause between two looks at whether somebody else's statement has happened by now. */
const claimPollMs = 250;

export interface RunContext {
  readonly warehouse: Warehouse;
  readonly run: Run;
  readonly signal: AbortSignal | undefined;
  readonly claimPatienceMs: number;
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<unknown>;
}

/** `applied`: by this run (or found done where an earlier one had left off). `already-applied`: another run did it meanwhile. */
export type RunOutcome = "applied" | "already-applied";

/** A file's statement that failed. `cause` has the service's text. */
export class FailedStatement extends Error {
  /** Position in the file, from 0; undefined where none of its statements is at fault. */
  readonly index: number | undefined;

  constructor(message: string, cause: unknown, index?: number) {
    super(message, { cause });
    this.index = index;
  }
}

/** Takes one pending file to the warehouse. Throws `FailedStatement`, or what the service threw. */
export async function runMigration(context: RunContext, pending: PendingMigration): Promise<RunOutcome> {
  context.signal?.throwIfAborted();
  return pending.file.directives.noTransaction ? runAlone(context, pending) : runInTransaction(context, pending);
}

async function runInTransaction(context: RunContext, { file, seen }: PendingMigration): Promise<RunOutcome> {
  const statements = file.statements.map(({ sql }) => sql);
  const sqls = [lockLedger, fence(file.name, seen), ...statements, ...writeRow(file, seen, "applied", context.run)];
  try {
    await context.warehouse.batch(sqls, statementOptions(context, file.name));
    return "applied";
  } catch (error) {
    const index = failedIndex(error);
    const own = index === undefined ? undefined : index - preludeCount;
    if (own !== undefined && own >= 0 && own < statements.length)
      throw new FailedStatement((error as StatementError).message, error, own);
    // The fence refused, or the answer was lost: the ledger knows.
    const outcome = await outcomeInLedger(context, file);
    if (outcome) return outcome;
    throw error instanceof StatementError ? new FailedStatement(error.message, error) : error;
  }
}

/**
 * Claims the row, runs the one statement by itself, settles the row. A claim that somebody else left is given time to end; then the catalogue
 * (`done-when`) tells whether to settle it or to take it over.
 */
async function runAlone(context: RunContext, { file, seen }: PendingMigration): Promise<RunOutcome> {
  for (let current = seen; ;) {
    if (current?.state === "running" && (await waitUntilDone(context, file))) {
      await context.warehouse.execute(settleClaim(file.name, current.runId, undefined));
      return "applied";
    }
    const row = await claim(context, file, current);
    if (isApplied(file, row)) return row.runId === context.run.runId ? "applied" : "already-applied";
    if (row.runId === context.run.runId) return runClaimed(context, file, current !== undefined);
    current = row;
  }
}

/** Returns the row after the attempt: ours, or what another run has made of it meanwhile. */
async function claim(context: RunContext, file: RenderedMigration, seen: LedgerRow | undefined): Promise<LedgerRow> {
  const { runId, who } = context.run;
  const { name, kind, checksum, usedValues } = file;
  const sqls = [lockLedger, fence(name, seen), ...writeRow(file, seen, "running", context.run)];
  try {
    await context.warehouse.batch(sqls, statementOptions(context, name));
    return { name, kind, checksum, usedValues, runId, state: "running", appliedBy: who, appliedAt: "" };
  } catch (error) {
    const row = context.signal?.aborted
      ? undefined
      : await readSettledRow(context.warehouse, name).catch(() => undefined);
    const isMoved = row && (row.runId !== seen?.runId || row.state !== seen.state);
    if (isMoved) return row;
    throw error instanceof StatementError ? new FailedStatement(error.message, error) : error;
  }
}

async function runClaimed(context: RunContext, file: RenderedMigration, wasTriedBefore: boolean): Promise<RunOutcome> {
  const { warehouse, run } = context;
  let statementId: string | undefined;
  try {
    const [statement] = file.statements;
    ({ statementId } = await warehouse.execute(statement?.sql ?? "", {}, statementOptions(context, file.name)));
  } catch (error) {
    // One without an answer may have happened. One that failed has not, unless an earlier try whose answer was lost came first.
    const mayBeDone = wasTriedBefore || !(error instanceof StatementError);
    if (!mayBeDone || !(await isDone(context, file).catch(() => false))) {
      if (!(error instanceof StatementError)) throw error;
      await warehouse.execute(dropClaim(file.name, run.runId));
      const outcome = await outcomeInLedger(context, file);
      if (outcome) return outcome;
      throw new FailedStatement(error.message, error, 0);
    }
  }
  try {
    await warehouse.execute(settleClaim(file.name, run.runId, statementId));
    return "applied";
  } catch (error) {
    const outcome = await outcomeInLedger(context, file);
    if (outcome) return outcome;
    throw error;
  }
}

async function outcomeInLedger(context: RunContext, file: RenderedMigration): Promise<RunOutcome | undefined> {
  const row = await readSettledRow(context.warehouse, file.name).catch(() => undefined);
  if (!row || !isApplied(file, row)) return undefined;
  return row.runId === context.run.runId ? "applied" : "already-applied";
}

function isApplied(file: RenderedMigration, row: LedgerRow): boolean {
  return row.state === "applied" && row.checksum === file.checksum && row.usedValues === file.usedValues;
}

async function waitUntilDone(context: RunContext, file: RenderedMigration): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += claimPollMs) {
    if (await isDone(context, file)) return true;
    if (waitedMs >= context.claimPatienceMs) return false;
    await context.delay(claimPollMs, context.signal);
  }
}

async function isDone({ warehouse }: RunContext, { directives }: RenderedMigration): Promise<boolean> {
  if (!directives.doneWhen) return false;
  const { rows } = await warehouse.query(directives.doneWhen, {}, { name: "millrace done-when" });
  return rows.length > 0;
}

function statementOptions({ run, signal }: RunContext, name: string) {
  return { name: `millrace ${name} ${run.runId}`, ...(signal && { signal }) };
}

/** Where the service lists no parts, its text has the number: `Query #2 failed with ERROR: …` (from 1). */
function failedIndex(error: unknown): number | undefined {
  if (!(error instanceof StatementError)) return undefined;
  if (error.statementIndex !== undefined) return error.statementIndex;
  const number = /^Query #(\d+) failed/.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number) - 1;
}
