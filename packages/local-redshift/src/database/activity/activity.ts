import { BoundedLog } from "./bounded-log.ts";
import { LoggedQuery, type SubmittedQuery } from "./logged-query.ts";

/**
 * How many sessions, transactions and statements are remembered, each. Redshift keeps seven days; with statements cut to 64 KB
 * this takes a few megabytes for ordinary ones, and 640 MB if all are as long as can be.
 */
const rememberedEntries = 10_000;

/** A session from its connection to its end. */
export interface LoggedSession {
  readonly pid: number;
  readonly userId: number;
  readonly userName: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  endedAt?: number;
}

/** A transaction that has ended. */
export interface LoggedTransaction {
  readonly id: number;
  readonly userId: number;
  readonly isCommitted: boolean;
  /** Epoch milliseconds: its start, and start and end of the commit or rollback. */
  readonly startedAt: number;
  readonly commitStartedAt: number;
  readonly endedAt: number;
}

/** A column that ANALYZE COMPRESSION looked at. */
export interface CompressionAnalysis {
  readonly userId: number;
  readonly transactionId: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly tableOid: number;
  readonly tableName: string;
  /** From 1. */
  readonly position: number;
  readonly oldEncoding: string;
  readonly newEncoding: string;
}

/**
 * What was done in a database since it was opened, for the SYS_ views. It is kept in memory, so that a statement costs no write of its own;
 * a restart forgets it.
 */
export class Activity {
  readonly #now: () => number;
  readonly #sessions = new BoundedLog<LoggedSession>(rememberedEntries);
  readonly #transactions = new BoundedLog<LoggedTransaction>(rememberedEntries);
  readonly #compressionAnalyses = new BoundedLog<CompressionAnalysis>(rememberedEntries);
  readonly #queries = new BoundedLog<LoggedQuery>(rememberedEntries);
  #lastQueryId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get sessions(): readonly LoggedSession[] {
    return this.#sessions.entries;
  }

  get transactions(): readonly LoggedTransaction[] {
    return this.#transactions.entries;
  }

  /** Statements, queued and running ones too. */
  get queries(): readonly LoggedQuery[] {
    return this.#queries.entries;
  }

  /** What ANALYZE COMPRESSION looked at. */
  get compressionAnalyses(): readonly CompressionAnalysis[] {
    return this.#compressionAnalyses.entries;
  }

  compressionAnalyzed(analysis: CompressionAnalysis): void {
    this.#compressionAnalyses.add(analysis);
  }

  connected(pid: number, userId: number, userName: string): LoggedSession {
    const session: LoggedSession = { pid, userId, userName, startedAt: this.#now() };
    this.#sessions.add(session);
    return session;
  }

  disconnected(session: LoggedSession): void {
    session.endedAt = this.#now();
  }

  submitted(query: Omit<SubmittedQuery, "id" | "submittedAt">): LoggedQuery {
    const logged = new LoggedQuery({ ...query, id: (this.#lastQueryId += 1), submittedAt: this.#now() });
    this.#queries.add(logged);
    return logged;
  }

  transactionEnded(transaction: LoggedTransaction): void {
    this.#transactions.add(transaction);
  }
}
