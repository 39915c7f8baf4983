import type { Warehouse } from "@millrace/warehouse";
import { findLedger } from "./ledger.ts";
import type { LedgerRow } from "./ledger.ts";
import { defaultDirectory, readMigrations } from "./migration-directory.ts";
import type { RenderedMigration } from "./migration-file.ts";
import type { MigrationEntry } from "./migration-result.ts";
import type { PlaceholderValues } from "./placeholders.ts";
import { planRun } from "./plan.ts";
import { renderAll } from "./render-all.ts";
import { findLockHolder } from "./run-lock.ts";
import type { LockHolder } from "./run-lock.ts";
import type { Statement } from "./split-statements.ts";

/**
 * How a file stands: `applied` as it is; `pending`: never applied; `changed`: a repeatable file that runs again; `unfinished`: claimed by a run that
 * has not settled it; `refused`: the next run stops there, see the problems.
 */
export type MigrationState = "applied" | "pending" | "changed" | "unfinished" | "refused";

/** A file beside what the ledger says of it. */
export interface InspectedMigration extends MigrationEntry {
  readonly state: MigrationState;
  /** Its one statement runs by itself, the others of a file as one transaction. */
  readonly runsAlone: boolean;
  /** With their placeholders filled, in order. */
  readonly statements: readonly Statement[];
  /** Who applied or claimed it, and when in UTC; absent where the ledger does not know the file. */
  readonly appliedBy?: string;
  readonly appliedAt?: string;
}

/** The files, the ledger and the lock, compared. */
export interface Inspection {
  /** In the order in which they run. */
  readonly migrations: readonly InspectedMigration[];
  /** Why a run would stop before its first statement, one sentence each. */
  readonly problems: readonly string[];
  /** The run that has the lock. */
  readonly holder?: LockHolder;
}

/** What `inspectMigrations` needs; as of `migrate`. */
export interface InspectOptions {
  readonly warehouse: Warehouse;
  readonly values: PlaceholderValues;
  readonly directory?: string;
  readonly signal?: AbortSignal;
}

/**
 * Says what a run would do, and changes nothing: a warehouse without a ledger gets none. Throws `MigrationError` where files and values do not fit, and
 * the warehouse's own error when the ledger cannot be read.
 */
export async function inspectMigrations(options: InspectOptions): Promise<Inspection> {
  const { warehouse, values, directory = defaultDirectory, signal } = options;
  const files = renderAll(await readMigrations(directory), values);
  const ledger = await findLedger(warehouse, signal);
  const { problems } = planRun(files, ledger ?? new Map());
  const holder = ledger && (await findLockHolder(warehouse, signal));
  return {
    migrations: files.map((file) => inspect(file, ledger?.get(file.name), problems)),
    problems,
    ...(holder && { holder }),
  };
}

function inspect(file: RenderedMigration, row: LedgerRow | undefined, problems: readonly string[]): InspectedMigration {
  const { name, kind, checksum, statements, directives } = file;
  return {
    name,
    kind,
    checksum,
    state: stateOf(file, row, problems),
    runsAlone: directives.noTransaction,
    statements,
    ...(row && { appliedBy: row.appliedBy, appliedAt: row.appliedAt }),
  };
}

function stateOf(file: RenderedMigration, row: LedgerRow | undefined, problems: readonly string[]): MigrationState {
  if (problems.some((problem) => problem.startsWith(`${file.name}.sql:`))) return "refused";
  if (row === undefined) return "pending";
  if (row.state !== "applied") return "unfinished";
  return row.checksum === file.checksum && row.usedValues === file.usedValues ? "applied" : "changed";
}
