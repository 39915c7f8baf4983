import type { ClientTokens } from "./client-tokens.ts";
import type { DataApiLimits } from "./limits.ts";
import type { ResultStore } from "./result-store.ts";
import type { StatementEvent } from "./run.ts";
import type { SessionStore } from "./sessions.ts";
import type { StatementStore } from "./statement-store.ts";
import type { Warehouses } from "./target.ts";

/** What the Data API's operations work on. */
export interface DataApiContext {
  readonly warehouses: Warehouses;
  readonly statements: StatementStore;
  readonly sessions: SessionStore;
  readonly results: ResultStore;
  readonly tokens: ClientTokens;
  readonly limits: DataApiLimits;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The next number for a query. */
  readonly nextQueryId: () => number;
  /** The caller's ARN in events. */
  readonly principal: string;
  readonly onStatementEvent?: (event: StatementEvent) => void;
  /** Called with the promise of each run, so that closing can wait for it. */
  readonly track: (run: Promise<void>) => void;
}
