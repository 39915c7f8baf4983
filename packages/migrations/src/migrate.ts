import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Warehouse } from "@millrace/warehouse";
import { openLedger } from "./ledger.ts";
import { defaultDirectory, describeProblem, readMigrations, toEntry } from "./migration-directory.ts";
import { MigrationError } from "./migration-error.ts";
import { renderMigration } from "./migration-file.ts";
import type { MigrationFile, RenderedMigration } from "./migration-file.ts";
import type { MigrationEntry, MigrationFailure, MigrationResult } from "./migration-result.ts";
import type { PlaceholderValues } from "./placeholders.ts";
import { planRun } from "./plan.ts";
import { FailedStatement, runMigration } from "./run-migration.ts";

const maxStatementLength = 200;
const maxWhoLength = 256;

/** One step of a run. */
export interface MigrationProgress {
  readonly name: string;
  readonly state: "running" | "applied" | "already-applied" | "failed";
  /** Place among the pending files, from 1. */
  readonly number: number;
  readonly count: number;
}

/** What `migrate` needs. */
export interface MigrateOptions {
  /** Must run as the one owner of all objects: give its target the admin secret. */
  readonly warehouse: Warehouse;
  /** Values of the placeholders; each must be used by at least one file. */
  readonly values: { readonly streamName: string; readonly redshiftRoleArn: string } | PlaceholderValues;
  /** Directory of the `.sql` files. Default: the project's own. */
  readonly directory?: string;
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** Stops between two files; a statement that runs is cancelled. */
  readonly signal?: AbortSignal;
  /** Who runs them, for the ledger: at most 256 characters are kept. Default "millrace". */
  readonly who?: string;
  /** How long a claim of another run is given to finish, before its file runs again: milliseconds, default 5,000. */
  readonly claimPatienceMs?: number;
  readonly delay?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A unique text of at most 64 characters for the ledger. Default: a random UUID. */
  readonly makeId?: () => string;
}

/**
 * Brings a warehouse to the state that a directory of migrations describes. All files are read, filled and parsed before the first statement
 * runs; a second run reads the ledger and changes nothing.
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
  const {
    warehouse,
    values,
    directory = defaultDirectory,
    onProgress,
    signal,
    who = "millrace",
    claimPatienceMs = 5_000,
    makeId = randomUUID,
  } = options;
  const delay =
    options.delay ?? ((ms, abortSignal) => setTimeout(ms, undefined, abortSignal ? { signal: abortSignal } : {}));
  if (!(Number.isFinite(claimPatienceMs) && claimPatienceMs >= 0)) {
    throw new TypeError(`claimPatienceMs must be a number from 0, got ${claimPatienceMs} (migrate)`);
  }

  const files = renderAll(await readMigrations(directory), values);
  const plan = planRun(files, await openLedger(warehouse, signal));
  if (plan.problems.length > 0) throw new MigrationError(plan.problems);

  const context = {
    warehouse,
    run: { runId: makeId(), who: who.slice(0, maxWhoLength) },
    signal,
    claimPatienceMs,
    delay,
  };
  const applied: MigrationEntry[] = [];
  const alreadyApplied = plan.alreadyApplied.map(toEntry);
  for (const [index, pending] of plan.pending.entries()) {
    const { file } = pending;
    const tell = (state: MigrationProgress["state"]) =>
      onProgress?.({ name: file.name, state, number: index + 1, count: plan.pending.length });
    tell("running");
    try {
      const outcome = await runMigration(context, pending);
      (outcome === "applied" ? applied : alreadyApplied).push(toEntry(file));
      tell(outcome);
    } catch (error) {
      tell("failed");
      return {
        applied,
        alreadyApplied,
        failed: toFailure(file, error),
        notTried: plan.pending.slice(index + 1).map((next) => toEntry(next.file)),
      };
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

function renderAll(files: readonly MigrationFile[], values: PlaceholderValues): readonly RenderedMigration[] {
  const problems: string[] = [];
  const rendered: RenderedMigration[] = [];
  for (const file of files) {
    try {
      rendered.push(renderMigration(file, values));
    } catch (error) {
      problems.push(describeProblem(file.name, error));
    }
  }
  const used = new Set(files.flatMap(({ placeholders }) => placeholders));
  for (const name of Object.keys(values)) {
    if (!used.has(name)) problems.push(`no file uses the value ${name}; leave it out or write the placeholder`);
  }
  if (problems.length > 0) throw new MigrationError(problems);
  return rendered;
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
