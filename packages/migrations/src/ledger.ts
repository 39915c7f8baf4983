import type { Cell, QueryResult, Warehouse } from "@millrace/warehouse";
import { MigrationError } from "./migration-error.ts";
import type { RenderedMigration } from "./migration-file.ts";
import { quoteLiteral } from "./placeholders.ts";
import { isMissing } from "./statement-errors.ts";

/** `running`: a no-transaction file was claimed and not settled. */
export type LedgerState = "running" | "applied";

/** What the warehouse remembers of one migration. */
export interface LedgerRow {
  readonly name: string;
  readonly kind: string;
  readonly checksum: string;
  readonly state: string;
  /** The placeholder values that the file used, as JSON with sorted keys. */
  readonly usedValues: string;
  /** The run that wrote the row. */
  readonly runId: string;
  readonly appliedBy: string;
  readonly appliedAt: string;
}

/** One run of migrations, as the ledger names it. */
export interface Run {
  readonly runId: string;
  readonly who: string;
  /** Process id of the session that the run's statements run in. */
  readonly pid: number;
}

/** The migrations' rows by name. */
export type Ledger = ReadonlyMap<string, LedgerRow>;

/**
 * The ledger's own version is a row of the ledger, so that one query tells all: kind `ledger`, the version as its state. The first version had no such
 * row, no `process_id` and no holder.
 */
const version = "2";
const versionRow = "#ledger";

const selectRows =
  "SELECT name, kind, checksum, state, used_values, run_id, applied_by, applied_at::VARCHAR(32) FROM millrace.ledger";

/** First statement of every transaction that touches the ledger. No view reads this table, so its lock makes no reader wait. */
export const lockLedger = "LOCK TABLE millrace.ledger_lock";

const columns = "name, kind, checksum, state, used_values, run_id, statement_id, process_id, applied_by, applied_at";
const createHolder = `CREATE TABLE IF NOT EXISTS millrace.ledger_holder (
  run_id VARCHAR(64) NOT NULL,
  who VARCHAR(1024) NOT NULL,
  process_id INTEGER NOT NULL,
  since TIMESTAMP NOT NULL,
  seen TIMESTAMP NOT NULL
)`;
const writeVersion = `INSERT INTO millrace.ledger (${columns}) VALUES ('${versionRow}', 'ledger', '', '${version}', '{}', '', NULL, NULL, 'millrace', GETDATE())`;

const bootstrap = [
  "CREATE SCHEMA IF NOT EXISTS millrace",
  `CREATE TABLE IF NOT EXISTS millrace.ledger (
  name VARCHAR(128) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  used_values VARCHAR(8192) NOT NULL,
  run_id VARCHAR(64) NOT NULL,
  statement_id VARCHAR(64),
  process_id INTEGER,
  applied_by VARCHAR(1024) NOT NULL,
  applied_at TIMESTAMP NOT NULL
)`,
  "CREATE TABLE IF NOT EXISTS millrace.ledger_lock (id INTEGER)",
  lockLedger,
  createHolder,
  expectNothing(`name = '${versionRow}'`),
  writeVersion,
];

const upgrade = [
  lockLedger,
  expectNothing(`name = '${versionRow}'`),
  "ALTER TABLE millrace.ledger ADD COLUMN process_id INTEGER",
  createHolder,
  writeVersion,
];

/** The ledger's rows; undefined where the warehouse has no ledger. Throws `StatementError` for any other failure. */
export async function findLedger(warehouse: Warehouse, signal?: AbortSignal): Promise<Ledger | undefined> {
  const rows = await readRows(warehouse, signal);
  return rows && withoutVersion(rows);
}

/**
 * As `findLedger`, and makes the ledger where there is none, or what it lacks where it is of the first version. Two runs may do so at once: whichever
 * finds it made goes on. Throws `MigrationError` for a ledger of a version that is not known.
 */
export async function openLedger(warehouse: Warehouse, signal?: AbortSignal): Promise<Ledger> {
  const found = await readRows(warehouse, signal);
  if (found?.has(versionRow)) return checked(found);
  try {
    await warehouse.batch(found ? upgrade : bootstrap, { ...(signal && { signal }), name: "millrace ledger" });
    return found ?? new Map();
  } catch (error) {
    const made = await readRows(warehouse, signal).catch(() => undefined);
    if (made?.has(versionRow)) return checked(made);
    throw error;
  }
}

/** A condition on the rows of the ledger as a statement that fails if any row meets it. */
function expectNothing(condition: string): string {
  return check("COUNT(*) = 0", `millrace.ledger WHERE ${condition}`);
}

/**
 * A statement that fails unless `condition` holds of the rows of `source`: what it casts to a number is none then, but `otherwise` and how many rows there
 * are. It makes a transaction undo itself.
 */
export function check(condition: string, source: string, otherwise = "changed meanwhile"): string {
  const text = quoteLiteral(`${otherwise}, rows: `);
  return `SELECT CAST(CASE WHEN ${condition} THEN '0' ELSE ${text} || COUNT(*)::VARCHAR(20) END AS INTEGER) AS fence FROM ${source}`;
}

/** Puts a migration's row in the place of the one that was seen. */
export function writeRow(file: RenderedMigration, seen: LedgerRow | undefined, state: LedgerState, run: Run): string {
  const { name, kind, checksum, usedValues } = file;
  if (seen) {
    const texts = { checksum, state, used_values: usedValues, run_id: run.runId, applied_by: run.who };
    const assignments = Object.entries(texts).map(([column, text]) => `${column} = ${quoteLiteral(text)}`);
    return `UPDATE millrace.ledger SET ${assignments.join(", ")}, statement_id = NULL, process_id = ${run.pid}, applied_at = GETDATE() WHERE name = ${quoteLiteral(name)}`;
  }
  const texts = [name, kind, checksum, state, usedValues, run.runId].map(quoteLiteral).join(", ");
  return `INSERT INTO millrace.ledger (${columns}) VALUES (${texts}, NULL, ${run.pid}, ${quoteLiteral(run.who)}, GETDATE())`;
}

/** Turns the run's claim, or one that it found done, into an applied migration. */
export function settleClaim(name: string, statementId: string | undefined): string {
  const id = statementId ? quoteLiteral(statementId) : "NULL";
  return `UPDATE millrace.ledger SET state = 'applied', statement_id = ${id}, applied_at = GETDATE() WHERE name = ${quoteLiteral(name)}`;
}

/** Gives a claim back after a statement that failed for certain. */
export function dropClaim(name: string): string {
  return `DELETE FROM millrace.ledger WHERE name = ${quoteLiteral(name)} AND state = 'running'`;
}

async function readRows(warehouse: Warehouse, signal?: AbortSignal): Promise<Ledger | undefined> {
  try {
    return toRows(await warehouse.query(selectRows, {}, { ...(signal && { signal }), name: "millrace ledger" }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function checked(rows: Ledger): Ledger {
  const found = rows.get(versionRow)?.state;
  if (found !== version)
    throw new MigrationError([
      `millrace.ledger is of version ${found}, which this version of Millrace does not know; use a newer one`,
    ]);
  return withoutVersion(rows);
}

function withoutVersion(rows: Ledger): Ledger {
  return new Map([...rows].filter(([name]) => name !== versionRow));
}

function toRows({ rows }: QueryResult): Ledger {
  return new Map(rows.map((cells) => [text(cells[0]), toRow(cells)]));
}

function toRow(cells: readonly Cell[]): LedgerRow {
  const [name, kind, checksum, state, usedValues, runId, appliedBy, appliedAt] = cells.map(text) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { name, kind, checksum, state, usedValues, runId, appliedBy, appliedAt };
}

function text(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? "" : String(cell);
}
