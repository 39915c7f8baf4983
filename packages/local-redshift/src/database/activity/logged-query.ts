import { redactSql } from "../../sql/redaction.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { Statement } from "../../sql/tree.ts";
import type { StatementResult } from "../database.ts";

/** Longest text that is kept of a statement, in characters. */
const keptCharacters = 65_535;

/** A statement as it was sent. */
export interface SubmittedQuery {
  readonly id: number;
  readonly pid: number;
  readonly userId: number;
  readonly userName: string;
  /** The setting `query_group`. */
  readonly label: string;
  readonly sql: string;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
}

/** Where a statement stands. Source of the words: Database Developer Guide, SYS_QUERY_HISTORY. */
type QueryStatus = "queued" | "planning" | "running" | "success" | "failed" | "canceled";

/** A relation that a statement read, and a policy of row-level security that counted; without one no row was seen. */
export interface AppliedPolicy {
  readonly schema: string;
  readonly relation: string;
  readonly policy: string | undefined;
}

/** A statement with what became of it so far; durations are in microseconds. */
export class LoggedQuery {
  readonly submitted: Omit<SubmittedQuery, "sql">;
  /** Without passwords and role ARNs. */
  readonly text: string;
  status: QueryStatus = "queued";
  type = "OTHER";
  transactionId = 0;
  planningTime = 0;
  lockWaitTime = 0;
  error = "";
  returnedRows = 0;
  returnedBytes = 0;
  readonly #applied = new Map<string, AppliedPolicy>();
  readonly #submitted = performance.now();
  #picked: number | undefined;
  #ended: number | undefined;

  constructor({ sql, ...submitted }: SubmittedQuery) {
    this.submitted = submitted;
    this.text = redactSql(sql).slice(0, keptCharacters);
  }

  /** Its session has ended what was sent before. */
  pick(): void {
    this.#picked = performance.now();
    this.status = "planning";
  }

  /** It is parsed and runs, in a transaction. */
  start(statement: Statement, transactionId: number): void {
    this.type = typeOf(statement);
    this.transactionId = transactionId;
    this.planningTime = micros(performance.now() - (this.#picked ?? this.#submitted));
    this.status = "running";
  }

  /** It has waited so many milliseconds for a lock. */
  waited(millis: number): void {
    this.lockWaitTime += micros(millis);
  }

  /** A relation that it reads has row-level security. A statement that is bound again tells the same again. */
  protect(applied: AppliedPolicy): void {
    this.#applied.set(JSON.stringify(applied), applied);
  }

  get appliedPolicies(): readonly AppliedPolicy[] {
    return [...this.#applied.values()];
  }

  succeed(result: StatementResult): void {
    this.#end("success");
    if (result.columns === undefined) return;
    this.returnedRows = result.rows.length;
    this.returnedBytes = result.rows.reduce(
      (sum, row) => sum + row.reduce<number>((all, cell) => all + bytesOf(cell), 0),
      0,
    );
  }

  fail(error: unknown): void {
    this.#end(error instanceof SqlError && error.sqlState === "57014" ? "canceled" : "failed");
    this.error = error instanceof Error ? error.message : String(error);
  }

  get isDone(): boolean {
    return this.#ended !== undefined;
  }

  /** From its arrival up to its end, or up to now. */
  get elapsedTime(): number {
    return micros((this.#ended ?? performance.now()) - this.#submitted);
  }

  /** How long it waited for statements of its session before it. */
  get queueTime(): number {
    return micros((this.#picked ?? this.#ended ?? performance.now()) - this.#submitted);
  }

  #end(status: QueryStatus): void {
    this.#ended = performance.now();
    this.status = status;
  }
}

const micros = (millis: number) => Math.round(millis * 1000);

/** Text by its length, any other value as eight bytes. */
const bytesOf = (cell: unknown) => (typeof cell === "string" ? cell.length : cell === null ? 0 : 8);

const manipulations: Readonly<Partial<Record<Statement["kind"], string>>> = {
  query: "SELECT",
  insert: "INSERT",
  update: "UPDATE",
  delete: "DELETE",
  merge: "MERGE",
  "create-table-as": "CTAS",
};

/**
 * Words of `query_type`. Documented are SELECT, INSERT, UPDATE, UNLOAD, COPY, COMMAND, DDL, UTILITY, CTAS and OTHER "such as", so DELETE and
 * MERGE, and which statement is UTILITY, are UNCONFIRMED.
 */
function typeOf(statement: Statement): string {
  const known = manipulations[statement.kind];
  if (known !== undefined) return known;
  return /^(create|alter|drop|truncate|comment|grant|revoke)/.test(statement.kind) ? "DDL" : "UTILITY";
}
