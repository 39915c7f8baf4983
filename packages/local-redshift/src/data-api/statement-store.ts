import { statementExpired, statementUnknown, tooManyActive } from "./errors.ts";
import type { DataApiLimits } from "./limits.ts";
import { isSettled, type Statement, type StatementPart } from "./statement.ts";
import { parseStatementId } from "./statement-id.ts";

const rememberedExpiredIds = 100_000;

/** The statements of the last 24 hours. */
export interface StatementStore {
  /** Adds a statement. Throws `ActiveStatementsExceededException` when too many have not settled. */
  add(statement: Statement): void;
  /**
   * The statement of an id, and the part that `:n` names. Throws the service's errors for an id that is malformed, unknown or
   * expired.
   */
  find(text: string): { readonly statement: Statement; readonly part?: StatementPart; readonly partNumber?: number };
  /** All statements, newest first. */
  list(): Statement[];
}

/** Makes an empty store. Expired statements go when the store is next used; `now` in epoch milliseconds. */
export function createStatementStore(options: {
  readonly limits: DataApiLimits;
  readonly now: () => number;
}): StatementStore {
  const { limits, now } = options;
  const statements = new Map<string, Statement>();
  /** When the statements that are no more expired, by id; oldest first. */
  const expiredAt = new Map<string, number>();
  let activeCount = 0;

  function forget(statement: Statement): void {
    statements.delete(statement.id);
    expiredAt.set(statement.id, Math.min(now(), statement.createdAt + limits.retentionMs));
    const oldest = expiredAt.size > rememberedExpiredIds ? expiredAt.keys().next().value : undefined;
    if (oldest !== undefined) expiredAt.delete(oldest);
    for (const { result } of statement.parts) {
      if (result) void result.discard().catch(() => undefined);
    }
  }

  function forgetOld(): void {
    for (const statement of statements.values()) {
      const isExpired = statement.createdAt + limits.retentionMs <= now();
      if (!isExpired && statements.size <= limits.maxStatements) return;
      if (isSettled(statement.status)) forget(statement);
      else if (!isExpired) return;
    }
  }

  return {
    add(statement) {
      if (activeCount >= limits.maxActiveStatements) throw tooManyActive("Statements", limits.maxActiveStatements);
      statements.set(statement.id, statement);
      activeCount += 1;
      void statement.settled.then(() => (activeCount -= 1));
      forgetOld();
    },
    find(text) {
      forgetOld();
      const { id, partNumber } = parseStatementId(text);
      const statement = statements.get(id);
      if (!statement) {
        const expired = expiredAt.get(id);
        throw expired === undefined ? statementUnknown() : statementExpired(expired);
      }
      const expiresAt = statement.createdAt + limits.retentionMs;
      if (expiresAt <= now()) throw statementExpired(expiresAt);
      if (partNumber === undefined) return { statement };
      const part = statement.isBatch ? statement.parts[partNumber - 1] : undefined;
      if (!part) throw statementUnknown();
      return { statement, part, partNumber };
    },
    list() {
      forgetOld();
      return [...statements.values()].reverse();
    },
  };
}
