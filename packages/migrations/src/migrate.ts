import { openLedger } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { defaultDirectory, readMigrations, toEntry } from "./migration-directory.ts";
import { MigrationError } from "./migration-error.ts";
import type { RenderedMigration } from "./migration-file.ts";
import type { MigrationEntry, MigrationFailure, MigrationResult } from "./migration-result.ts";
import type { PlaceholderValues } from "./placeholders.ts";
import { planRun } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { renderAll } from "./render-all.ts";
import { FailedStatement, timesOf, withRun } from "./run.ts";
import type { RunContext, RunOptions } from "./run.ts";
import { runMigration } from "./run-migration.ts";

const maxStatementLength = 200;
/** One step of a run. */
export interface MigrationProgress {
  readonly name: string;
  readonly state: "running" | "applied" | "failed";
  /** Place among the pending files, from 1. */
  readonly number: number;
  readonly count: number;
}

/** What `migrate` needs. */
export interface MigrateOptions extends RunOptions {
  /** Values of the placeholders; each must be used by at least one file. */
  readonly values: { readonly streamName: string; readonly redshiftRoleArn: string } | PlaceholderValues;
  /** Directory of the `.sql` files. Default: the project's own. */
  readonly directory?: string;
  readonly onProgress?: (progress: MigrationProgress) => void;
}

/**
 * Brings a warehouse to the state that a directory of migrations describes. All files are read, filled and parsed before the first statement
 * runs; a second run reads the ledger and changes nothing. One run at a time changes a warehouse, the others wait for it: docs/decisions/0013.
 *
 * Returns what was applied, found applied, failed and not tried: a statement that fails, a lost connection and an abort are `failed`, not an
 * exception. Throws `MigrationError` without a result, and has run nothing, when files, values or ledger do not fit; and the warehouse's own
 * error when the ledger cannot be read.
 *
 * @example
 * ```ts
 * const result = await migrate({ warehouse, values: { streamName, redshiftRoleArn }, who: "deployer@ci" });
 * if (result.failed) console.error(result.failed.file, result.failed.line, result.failed.message);
 * ```
 */
export async function migrate(options: MigrateOptions): Promise<MigrationResult> {
  const { warehouse, values, directory = defaultDirectory, onProgress, signal } = options;
  timesOf(options);
  const files = renderAll(await readMigrations(directory), values);
  const ledger = await openLedger(warehouse, signal);
  const seen = planRun(files, ledger);
  // What another run is at shows as a claim that nobody settled; only who has the lock can tell.
  if (seen.problems.length > 0 && !isUnderWay(ledger)) throw new MigrationError(seen.problems);
  if (seen.pending.length === 0) return { applied: [], alreadyApplied: seen.alreadyApplied.map(toEntry), notTried: [] };

  return withRun(options, async (context) => {
    const plan = planRun(files, await openLedger(context.warehouse, signal));
    if (plan.problems.length > 0) throw new MigrationError(plan.problems);
    return runAll(context, plan, onProgress);
  });
}

const isUnderWay = (ledger: Ledger) => [...ledger.values()].some(({ state }) => state === "running");

async function runAll(
  context: RunContext,
  plan: Plan,
  onProgress: MigrateOptions["onProgress"],
): Promise<MigrationResult> {
  const applied: MigrationEntry[] = [];
  const alreadyApplied = plan.alreadyApplied.map(toEntry);
  for (const [index, pending] of plan.pending.entries()) {
    const { file } = pending;
    const tell = (state: MigrationProgress["state"]) =>
      onProgress?.({ name: file.name, state, number: index + 1, count: plan.pending.length });
    tell("running");
    try {
      await runMigration(context, pending);
      applied.push(toEntry(file));
      tell("applied");
    } catch (error) {
      tell("failed");
      const notTried = plan.pending.slice(index + 1).map((next) => toEntry(next.file));
      return { applied, alreadyApplied, failed: toFailure(file, error), notTried };
    }
  }
  return { applied, alreadyApplied, notTried: [] };
}

/** Returns a result without a failure and throws the `MigrationError` of one that has it. */
export function throwIfFailed(result: MigrationResult): MigrationResult {
  const error = toMigrationError(result);
  if (error) throw error;
  return result;
}

/** The `MigrationError` of a result, undefined when nothing failed. */
export function toMigrationError(result: MigrationResult): MigrationError | undefined {
  if (!result.failed) return undefined;
  const { file, line, statement, message, cause } = result.failed;
  const place = line === undefined ? file : `${file}:${line}`;
  const error = new MigrationError([`${place}: ${message}${statement ? ` (in: ${oneLine(statement)})` : ""}`], result);
  error.cause = cause;
  return error;
}

function toFailure(file: RenderedMigration, error: unknown): MigrationFailure {
  const statement =
    error instanceof FailedStatement && error.index !== undefined ? file.statements[error.index] : undefined;
  return {
    ...toEntry(file),
    file: `${file.name}.sql`,
    ...(statement && { line: statement.line, statement: statement.sql.slice(0, maxStatementLength) }),
    message: error instanceof Error ? error.message : String(error),
    cause: error instanceof FailedStatement ? error.cause : error,
  };
}

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, " ").slice(0, 80);
}
