import { StatementError } from "@millrace/warehouse";
import type { Cell, QueryResult, Warehouse } from "@millrace/warehouse";
import type { RenderedMigration } from "./migration-file.ts";
import { quoteLiteral } from "./placeholders.ts";

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
}

const selectRows =
  "SELECT name, kind, checksum, state, used_values, run_id, applied_by, applied_at::VARCHAR(32) FROM millrace.ledger";

/** First statement of every transaction that touches the ledger. No view reads this table, so its lock makes no reader wait. */
export const lockLedger = "LOCK TABLE millrace.ledger_lock";

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
  applied_by VARCHAR(1024) NOT NULL,
  applied_at TIMESTAMP NOT NULL
)`,
  "CREATE TABLE IF NOT EXISTS millrace.ledger_lock (id INTEGER)",
];

/** The ledger's rows by name; undefined where the warehouse has no ledger. Throws `StatementError` for any other failure. */
export async function findLedger(
  warehouse: Warehouse,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, LedgerRow> | undefined> {
  try {
    return toRows(await warehouse.query(selectRows, {}, { ...(signal && { signal }), name: "millrace ledger" }));
  } catch (error) {
    // Redshift: `schema "millrace" does not exist`, `relation "millrace.ledger" does not exist`.
    if (error instanceof StatementError && /does not exist/i.test(error.message)) return undefined;
    throw error;
  }
}

/** As `findLedger`, and makes the ledger where there is none. Two runs may do so at once: whichever finds it made goes on. */
export async function openLedger(warehouse: Warehouse, signal?: AbortSignal): Promise<ReadonlyMap<string, LedgerRow>> {
  const found = await findLedger(warehouse, signal);
  if (found) return found;
  try {
    await warehouse.batch(bootstrap, { ...(signal && { signal }), name: "millrace ledger" });
    return new Map();
  } catch (error) {
    const made = await findLedger(warehouse, signal).catch(() => undefined);
    if (made) return made;
    throw error;
  }
}

/** One row as it is after every transaction that holds the lock has ended. */
export async function readSettledRow(warehouse: Warehouse, name: string): Promise<LedgerRow | undefined> {
  const [, result] = await warehouse.batch([lockLedger, `${selectRows} WHERE name = ${quoteLiteral(name)}`], {
    name: "millrace ledger",
  });
  return result && toRows(result).get(name);
}

/**
 * A statement that fails unless the ledger's row is still the one that was seen before the lock was taken: the text that it casts to a number
 * is none then. It makes a transaction that was planned on old knowledge undo itself.
 */
export function fence(name: string, seen: LedgerRow | undefined): string {
  const row = seen ? ` AND run_id = ${quoteLiteral(seen.runId)} AND state = ${quoteLiteral(seen.state)}` : "";
  const expected = seen ? 1 : 0;
  return `SELECT CAST(CASE WHEN COUNT(*) = ${expected} THEN '0' ELSE 'changed meanwhile, rows: ' || COUNT(*)::VARCHAR(20) END AS INTEGER) AS fence FROM millrace.ledger WHERE name = ${quoteLiteral(name)}${row}`;
}

/** Puts a migration's row in the place of the one that was seen. */
export function writeRow(
  file: RenderedMigration,
  seen: LedgerRow | undefined,
  state: LedgerState,
  run: Run,
): readonly string[] {
  const values = [file.name, file.kind, file.checksum, state, file.usedValues, run.runId, run.who]
    .map(quoteLiteral)
    .join(", ");
  return [
    ...(seen ? [`DELETE FROM millrace.ledger WHERE name = ${quoteLiteral(file.name)}`] : []),
    `INSERT INTO millrace.ledger (name, kind, checksum, state, used_values, run_id, applied_by, applied_at) VALUES (${values}, GETDATE())`,
  ];
}

/** Turns a claim into an applied migration; does nothing when the claim is another run's by now. */
export function settleClaim(name: string, runId: string, statementId: string | undefined): string {
  const id = statementId ? quoteLiteral(statementId) : "NULL";
  return `UPDATE millrace.ledger SET state = 'applied', statement_id = ${id}, applied_at = GETDATE() WHERE name = ${quoteLiteral(name)} AND run_id = ${quoteLiteral(runId)} AND state = 'running'`;
}

/** Gives a claim back after a statement that failed for certain. */
export function dropClaim(name: string, runId: string): string {
  return `DELETE FROM millrace.ledger WHERE name = ${quoteLiteral(name)} AND run_id = ${quoteLiteral(runId)} AND state = 'running'`;
}

function toRows({ rows }: QueryResult): ReadonlyMap<string, LedgerRow> {
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
