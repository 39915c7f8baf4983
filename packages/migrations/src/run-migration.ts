import { StatementError } from "@millrace/warehouse";
import type { Warehouse } from "@millrace/warehouse";
import { dropClaim, findLedger, lockLedger, settleClaim, writeRow } from "./ledger.ts";
import type { LedgerRow, Run } from "./ledger.ts";
import type { RenderedMigration } from "./migration-file.ts";
import type { PendingMigration } from "./plan.ts";
import { fence, markSeen } from "./run-lock.ts";
import { isSessionGone, sessionGone, whenFree } from "./session-answers.ts";

/** Statements of a transaction before the file's own: the lock and the fence. */
const preludeCount = 2;
/** What running a file needs; the run has the lock. */
export interface RunContext {
  /** The run's session. */
  readonly warehouse: Warehouse;
  readonly run: Run;
  readonly signal: AbortSignal | undefined;
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<unknown>;
}

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
export async function runMigration(context: RunContext, pending: PendingMigration): Promise<void> {
  context.signal?.throwIfAborted();
  try {
    await (pending.file.directives.noTransaction ? runAlone(context, pending) : runInTransaction(context, pending));
  } catch (error) {
    throw isSessionGone(error) ? new FailedStatement(sessionGone, error) : error;
  }
}

async function runInTransaction(context: RunContext, { file, seen }: PendingMigration): Promise<void> {
  const statements = file.statements.map(({ sql }) => sql);
  try {
    await transact(context, file.name, [...statements, writeRow(file, seen, "applied", context.run)]);
  } catch (error) {
    if (error instanceof FailedStatement) throw inFile(error, statements.length);
    // The answer was lost, and the statement may not be over: the ledger knows once it is.
    const row = await whenFree(() => findRow(context, file.name), context.delay);
    if (row === undefined || !isApplied(file, row)) throw error;
  }
}

/** Claims the row, runs the one statement by itself, settles the row. Of a claim that an earlier run left, the catalogue (`done-when`) tells. */
async function runAlone(context: RunContext, { file, seen }: PendingMigration): Promise<void> {
  const { warehouse } = context;
  const settle = (statementId?: string) => transact(context, file.name, [settleClaim(file.name, statementId)]);
  if (seen?.state === "running" && (await isDone(context, file))) return settle();
  await transact(context, file.name, [writeRow(file, seen, "running", context.run)]);
  let statementId: string | undefined;
  try {
    ({ statementId } = await warehouse.execute(
      file.statements[0]?.sql ?? "",
      {},
      statementOptions(context, file.name),
    ));
  } catch (error) {
    if (error instanceof StatementError) {
      await transact(context, file.name, [dropClaim(file.name)]);
      throw new FailedStatement(error.message, error, 0);
    }
    if (!(await whenFree(() => isDone(context, file), context.delay))) throw error;
  }
  await settle(statementId);
}

/** Runs statements of the run as one transaction, which undoes itself when the run has lost the lock. */
async function transact(context: RunContext, name: string, statements: readonly string[]): Promise<void> {
  const sqls = [lockLedger, fence(context.run), ...statements, markSeen];
  try {
    await context.warehouse.batch(sqls, statementOptions(context, name));
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const index = failedIndex(error);
    if (index === 1) throw new FailedStatement(lockLost, error);
    throw new FailedStatement(error.message, error, index === undefined ? undefined : index - preludeCount);
  }
}

const lockLost =
  "another run has taken the lock of this one over, which had not run a statement for long; nothing of the file was written";
/** A failure of the run's own statements is no fault of one in the file. */
function inFile(error: FailedStatement, count: number): FailedStatement {
  const isOwn = error.index !== undefined && error.index >= 0 && error.index < count;
  return isOwn ? error : new FailedStatement(error.message, error.cause);
}

async function findRow({ warehouse }: RunContext, name: string): Promise<LedgerRow | undefined> {
  return (await findLedger(warehouse))?.get(name);
}

function isApplied(file: RenderedMigration, row: LedgerRow): boolean {
  return row.state === "applied" && row.checksum === file.checksum && row.usedValues === file.usedValues;
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
function failedIndex(error: StatementError): number | undefined {
  if (error.statementIndex !== undefined) return error.statementIndex;
  const number = /^Query #(\d+) failed/.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number) - 1;
}
