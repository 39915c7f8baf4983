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

/**
 * Makes an empty store. Old statements go when the store is next used: after 24 hours, or before, oldest first, when memory runs
 * short (see {@link DataApiLimits}). `heldBytes` is what results hold in memory now; `now` is in epoch milliseconds.
 */
export function createStatementStore(options: {
  readonly limits: DataApiLimits;
  readonly now: () => number;
  readonly heldBytes: () => number;
}): StatementStore {
  const { limits, now, heldBytes } = options;
  const statements = new Map<string, Statement>();
  /** When the statements that are no more expired, by id; oldest first. */
  const expiredAt = new Map<string, number>();
  let activeCount = 0;
  let sqlBytes = 0;

  function forget(statement: Statement): void {
    statements.delete(statement.id);
    sqlBytes -= sqlBytesOf(statement);
    expiredAt.set(statement.id, Math.min(now(), statement.createdAt + limits.retentionMs));
    const oldest = expiredAt.size > rememberedExpiredIds ? expiredAt.keys().next().value : undefined;
    if (oldest !== undefined) expiredAt.delete(oldest);
    for (const { result } of statement.parts) {
      if (result) void result.discard().catch(() => undefined);
    }
  }

  function isToGo({ createdAt }: Statement): boolean {
    const ageMs = now() - createdAt;
    if (ageMs >= limits.retentionMs) return true;
    if (statements.size > limits.maxStatements || sqlBytes > limits.maxMemoryBytes / 2) return true;
    return heldBytes() > limits.maxMemoryBytes / 2 && ageMs >= limits.minRetentionMs;
  }

  function forgetOld(): void {
    for (const statement of statements.values()) {
      if (!isToGo(statement)) return;
      if (isSettled(statement.status)) forget(statement);
    }
  }

  return {
    add(statement) {
      if (activeCount >= limits.maxActiveStatements) throw tooManyActive("Statements", limits.maxActiveStatements);
      forgetOld();
      statements.set(statement.id, statement);
      sqlBytes += sqlBytesOf(statement);
      activeCount += 1;
      void statement.settled.then(() => (activeCount -= 1));
    },
    find(text) {
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

function sqlBytesOf(statement: Statement): number {
  return statement.parts.reduce((sum, { sql }) => sum + sql.length, 0);
}
