import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { StatementError } from "@millrace/warehouse";
import type { SessionWarehouse, Warehouse } from "@millrace/warehouse";
import { lockLedger } from "./ledger.ts";
import type { Run } from "./ledger.ts";
import { MigrationError } from "./migration-error.ts";
import { fence, markSeen, releaseRunLock, takeRunLock } from "./run-lock.ts";
import type { LockHolder } from "./run-lock.ts";
import { isSessionGone, sessionGone } from "./session-answers.ts";
import { failedIndex } from "./statement-errors.ts";

const maxWhoLength = 256;
/** How long the session of a run lives without a statement, in seconds: beyond any lease, so that who takes a lock over is who ends it. */
const keepAliveSeconds = 600;
/** Statements of a transaction before the caller's own: the lock and the fence. */
const preludeCount = 2;

/** What everything that changes a warehouse is given. */
export interface RunOptions {
  /** Must run as the one owner of all objects: give its target the admin secret. */
  readonly warehouse: SessionWarehouse;
  /** Told once of each run that this one waits for. */
  readonly onWait?: (holder: LockHolder) => void;
  /** Stops between two steps; a statement that runs is cancelled. */
  readonly signal?: AbortSignal;
  /** Who runs it, for the ledger: at most 256 characters are kept. Default "millrace". */
  readonly who?: string;
  /** How long to wait for another run that is at work: milliseconds, default 300,000 (5 minutes). */
  readonly lockPatienceMs?: number;
  /** After so long without a statement another run counts as dead, and is ended and taken over: milliseconds, default 30,000. */
  readonly leaseMs?: number;
  readonly delay?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A unique text of at most 64 characters for the ledger. Default: a random UUID. */
  readonly makeId?: () => string;
}

/** A run that has the lock. */
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

/**
 * Does `work` as the one run that changes the warehouse, in a session of its own; waits for others first. Throws `TypeError` for options out of bounds,
 * `MigrationError` when another run keeps the lock or the session has ended, and what `work` throws. The warehouse must have a ledger.
 */
export async function withRun<Result>(
  options: RunOptions,
  work: (context: RunContext) => Promise<Result>,
): Promise<Result> {
  const { warehouse, onWait, signal, who = "millrace", makeId = randomUUID } = options;
  const { lockPatienceMs: patienceMs, leaseMs } = timesOf(options);
  const delay =
    options.delay ?? ((ms, abortSignal) => setTimeout(ms, undefined, abortSignal ? { signal: abortSignal } : {}));
  const session = await warehouse.openSession({ keepAliveSeconds, name: "millrace run", ...(signal && { signal }) });
  const run = { runId: makeId(), who: who.slice(0, maxWhoLength), pid: session.pid };
  try {
    await takeRunLock({ warehouse, session, run, signal, leaseMs, patienceMs, delay, onWait });
    return await work({ warehouse: session, run, signal, delay });
  } catch (error) {
    throw isSessionGone(error) ? new MigrationError([sessionGone]) : error;
  } finally {
    await releaseRunLock(session, run);
  }
}

/** The times of `RunOptions` with their defaults. Throws `TypeError` for one that is none. */
export function timesOf({ lockPatienceMs = 300_000, leaseMs = 30_000 }: RunOptions) {
  const times = { lockPatienceMs, leaseMs };
  for (const [name, value] of Object.entries(times))
    if (!(Number.isFinite(value) && value >= 0))
      throw new TypeError(`${name} must be a number from 0, got ${value} (migrate)`);
  return times;
}

/**
 * Runs statements as one transaction, which undoes itself when the run has lost the lock. Throws `FailedStatement`, whose index is undefined where the
 * fault lies with none of `statements`, and what the service throws.
 */
export async function transact(context: RunContext, name: string, statements: readonly string[]): Promise<void> {
  const sqls = [lockLedger, fence(context.run), ...statements, markSeen];
  try {
    await context.warehouse.batch(sqls, statementOptions(context, name));
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const index = failedIndex(error);
    if (index === 1) throw new FailedStatement(lockLost, error);
    const own = index === undefined ? -1 : index - preludeCount;
    throw new FailedStatement(error.message, error, own >= 0 && own < statements.length ? own : undefined);
  }
}

/** Names a run's statement, for the service's lists, and lets the run's signal end it. */
export function statementOptions({ run, signal }: RunContext, name: string) {
  return { name: `millrace ${name} ${run.runId}`, ...(signal && { signal }) };
}

const lockLost =
  "another run has taken the lock of this one over, which had not run a statement for long; nothing of this was written";
