import { StatementError } from "@millrace/warehouse";
import type { Warehouse, WarehouseSession } from "@millrace/warehouse";
import { check, lockLedger } from "./ledger.ts";
import type { Run } from "./ledger.ts";
import { MigrationError } from "./migration-error.ts";
import { quoteLiteral } from "./placeholders.ts";
import { whenFree } from "./session-answers.ts";
import { failedIndex, isMissing } from "./statement-errors.ts";

/** Pause between two looks at another run, in milliseconds. */
const pollMs = 500;
/** How long the statement of a session that was ended may go on, in milliseconds. */
const endPatienceMs = 60_000;

/** The run that has the lock. */
export interface LockHolder {
  readonly runId: string;
  readonly who: string;
  /** Process id of its session. */
  readonly pid: number;
  /** Since when, in UTC: `2026-11-21 10:00:00.0`. */
  readonly since: string;
}

/** What taking the lock needs. */
export interface LockWorld {
  readonly warehouse: Warehouse;
  readonly session: WarehouseSession;
  readonly run: Run;
  readonly signal: AbortSignal | undefined;
  /** After so long without a statement a run counts as dead. */
  readonly leaseMs: number;
  /** How long to wait for a run that is at work. */
  readonly patienceMs: number;
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Told once of each run that is waited for. */
  readonly onWait: ((holder: LockHolder) => void) | undefined;
}

/** Where to look, and what ends it. */
interface Place {
  readonly warehouse: Warehouse;
  readonly signal?: AbortSignal | undefined;
}

/** A holder as it is now. */
interface Sighting extends LockHolder {
  /** A statement of its session runs or is queued. */
  readonly isAtWork: boolean;
  /** Since its last statement ended. */
  readonly idleMs: number;
}

/**
 * Second statement of every transaction of a run, after the lock: fails unless the run still has the lock, so that one which was thought dead undoes
 * what it had begun.
 */
export function fence({ runId }: Run): string {
  return check("COUNT(*) = 1", `millrace.ledger_holder WHERE run_id = ${quoteLiteral(runId)}`);
}

/** Tells others that the run is alive. */
export const markSeen = "UPDATE millrace.ledger_holder SET seen = GETDATE()";

/**
 * Makes the run the one that changes the warehouse. While another has the lock and is at work, waits; one that has not run a statement for `leaseMs` is
 * taken for dead: its session is ended first, so that nothing of it can happen any more, whatever it does when it wakes.
 * Throws `MigrationError` that names the holder when `patienceMs` have passed.
 */
export async function takeRunLock(world: LockWorld): Promise<void> {
  const { run, signal, leaseMs, patienceMs, delay, onWait } = world;
  let told: string | undefined;
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    signal?.throwIfAborted();
    const holder = await findHolder(world);
    if (holder === undefined || isDead(holder, leaseMs)) {
      if (holder) await end(holder, world);
      if (await take(world, holder)) return;
      continue;
    }
    if (holder.runId === run.runId) return;
    if (told !== holder.runId) onWait?.(holder);
    told = holder.runId;
    if (waitedMs >= patienceMs) {
      throw new MigrationError([
        `${holder.who} is migrating this warehouse since ${holder.since} UTC (process ${holder.pid}${holder.isAtWork ? ", at work" : ""}); waited ${Math.round(waitedMs / 1_000)} s for it, run this again when it is done`,
      ]);
    }
    await delay(pollMs, signal);
  }
}

/** Gives the lock back; what goes wrong is left to the next run, which finds a holder that does nothing. */
export async function releaseRunLock(session: WarehouseSession, { runId }: Run): Promise<void> {
  const release = `DELETE FROM millrace.ledger_holder WHERE run_id = ${quoteLiteral(runId)}`;
  await session.batch([lockLedger, release], { name: "millrace lock" }).catch(() => undefined);
}

const isDead = ({ isAtWork, idleMs }: Sighting, leaseMs: number) => !isAtWork && idleMs >= leaseMs;

/** Answers false when another run was faster. */
async function take(world: LockWorld, dead: LockHolder | undefined): Promise<boolean> {
  const { session, run, signal, delay } = world;
  const sqls = [
    lockLedger,
    dead
      ? check("COUNT(*) = 1", `millrace.ledger_holder WHERE run_id = ${quoteLiteral(dead.runId)}`)
      : check("COUNT(*) = 0", "millrace.ledger_holder"),
    "DELETE FROM millrace.ledger_holder",
    `INSERT INTO millrace.ledger_holder (run_id, who, process_id, since, seen) VALUES (${quoteLiteral(run.runId)}, ${quoteLiteral(run.who)}, ${run.pid}, GETDATE(), GETDATE())`,
  ];
  try {
    await session.batch(sqls, lockOptions(signal));
    return true;
  } catch (error) {
    if (error instanceof StatementError && failedIndex(error) === 1) return false;
    const isLost = !(error instanceof StatementError) && signal?.aborted !== true;
    const holder = isLost ? await whenFree(() => findHolder({ warehouse: session }), delay) : undefined;
    if (holder?.runId === run.runId) return true;
    throw error;
  }
}

/**
 * Both sides of the comparison are the warehouse's clock. `SYS_QUERY_HISTORY` shows a user's own statements, and all runs have one user.
 * Source: Redshift developer guide, SYS_QUERY_HISTORY (statuses).
 */
async function findHolder(place: Place): Promise<Sighting | undefined> {
  const found = await readHolder(place);
  if (found === undefined) return undefined;
  const { holder, seenMs } = found;
  const { atWork, idleMs } = await readActivity(place.warehouse, holder.pid, holder.since, lockOptions(place.signal));
  return { ...holder, isAtWork: atWork > 0, idleMs: Math.min(seenMs, idleMs ?? Infinity) };
}

/** The run that has the lock of a warehouse with a ledger; a ledger of the first version knows none. */
export async function findLockHolder(warehouse: Warehouse, signal?: AbortSignal): Promise<LockHolder | undefined> {
  try {
    return (await readHolder({ warehouse, signal }))?.holder;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readHolder({
  warehouse,
  signal,
}: Place): Promise<{ readonly holder: LockHolder; readonly seenMs: number } | undefined> {
  const { rows } = await warehouse.query(
    "SELECT run_id, who, process_id, since::VARCHAR(32), DATEDIFF(ms, seen, GETDATE()) FROM millrace.ledger_holder",
    {},
    lockOptions(signal),
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const [runId, who, since] = [row[0], row[1], row[3]].map(String) as [string, string, string];
  return { holder: { runId, who, pid: Number(row[2]), since }, seenMs: Number(row[4]) };
}

const lockOptions = (signal: AbortSignal | undefined) => ({ ...(signal && { signal }), name: "millrace lock" });

async function readActivity(
  warehouse: Warehouse,
  pid: number,
  since: string,
  options: { readonly signal?: AbortSignal; readonly name: string },
): Promise<{ readonly atWork: number; readonly idleMs: number | undefined }> {
  const { rows } = await warehouse.query(
    `SELECT COUNT(CASE WHEN TRIM(status) NOT IN ('success', 'failed', 'canceled') THEN 1 END), DATEDIFF(ms, MAX(end_time), GETDATE()) FROM sys_query_history WHERE session_id = ${pid} AND start_time >= ${quoteLiteral(since)}::TIMESTAMP`,
    {},
    options,
  );
  const [atWork, idleMs] = rows[0] ?? [];
  return { atWork: Number(atWork ?? 0), idleMs: idleMs === null || idleMs === undefined ? undefined : Number(idleMs) };
}

/**
 * Ends the session of a run that is taken for dead, and waits until nothing of it runs. A process id is used again by other sessions, so one that began
 * after the run did is left alone. Sources: Redshift developer guide, PG_TERMINATE_BACKEND, SYS_SESSION_HISTORY.
 */
async function end({ pid, since, who }: LockHolder, { warehouse, signal, delay }: LockWorld): Promise<void> {
  const options = lockOptions(signal);
  const { rows } = await warehouse.query(
    `SELECT 1 FROM sys_session_history WHERE session_id = ${pid} AND start_time <= ${quoteLiteral(since)}::TIMESTAMP AND end_time IS NULL`,
    {},
    options,
  );
  if (rows.length > 0) await warehouse.query(`SELECT PG_TERMINATE_BACKEND(${pid})`, {}, options);
  for (let waitedMs = 0; (await readActivity(warehouse, pid, since, options)).atWork > 0; waitedMs += pollMs) {
    if (waitedMs >= endPatienceMs)
      throw new MigrationError([
        `a statement of ${who}'s run still runs though its session was ended (process ${pid}); see SYS_QUERY_HISTORY, and run this again when it is over`,
      ]);
    await delay(pollMs, signal);
  }
}
