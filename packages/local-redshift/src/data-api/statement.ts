import type { StatementParameter } from "../database/database.ts";
import { redactSql } from "../sql/redaction.ts";
import type { ResultFormat } from "./result-pages.ts";
import type { StoredResult } from "./result-store.ts";
import type { Login } from "./target.ts";

/** Where a statement is in its life. The last three are for good. */
export type StatementStatus = "SUBMITTED" | "PICKED" | "STARTED" | "FINISHED" | "FAILED" | "ABORTED";

/** How a batch runs: all in one transaction, or each by itself. */
export type ExecutionMode = "TRANSACTION" | "AUTO_COMMIT";

/** What is remembered of one request to run SQL. */
export interface Statement {
  readonly id: string;
  readonly login: Login;
  readonly isBatch: boolean;
  readonly executionMode: ExecutionMode;
  readonly statementName?: string;
  readonly parameters?: readonly StatementParameter[];
  readonly resultFormat: ResultFormat;
  readonly withEvent: boolean;
  readonly sessionId?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** One part a SQL text, in order. */
  readonly parts: readonly StatementPart[];
  status: StatementStatus;
  /** Epoch milliseconds. */
  updatedAt: number;
  error?: string;
  /** Nanoseconds; -1 until it has settled. */
  durationNs: number;
  pid: number;
  queryId: number;
  /** Requests that wait for it now. */
  waitingCount: number;
  /** Ends the statement. */
  readonly cancellation: AbortController;
  /** Resolves when the statement has settled; never rejects. */
  readonly settled: Promise<void>;
  /** Resolves {@link settled}. */
  readonly settle: () => void;
}

/** One SQL text of a statement. */
export interface StatementPart {
  readonly sql: string;
  /** The text as it is shown. */
  readonly shownSql: string;
  /** The parameters that this text uses. */
  readonly parameters?: readonly StatementParameter[];
  status: StatementStatus;
  updatedAt: number;
  error?: string;
  durationNs: number;
  /** Rows affected or rows of the result; -1 when not known. */
  resultRows: number;
  /** Bytes; -1 when not known. */
  resultSize: number;
  result?: StoredResult;
}

/** Makes a statement that has been submitted. */
export function createStatement(options: {
  readonly id: string;
  readonly queryId: number;
  readonly login: Login;
  readonly sqls: readonly string[];
  readonly partParameters: readonly (readonly StatementParameter[] | undefined)[];
  readonly isBatch: boolean;
  readonly executionMode: ExecutionMode;
  readonly statementName: string | undefined;
  readonly parameters: readonly StatementParameter[] | undefined;
  readonly resultFormat: ResultFormat;
  readonly withEvent: boolean;
  readonly sessionId: string | undefined;
  readonly createdAt: number;
}): Statement {
  const { sqls, partParameters, statementName, parameters, sessionId, createdAt, ...rest } = options;
  let settle!: () => void;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  return {
    ...rest,
    ...(statementName === undefined ? {} : { statementName }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(sessionId === undefined ? {} : { sessionId }),
    createdAt,
    parts: sqls.map((sql, index) => {
      const used = partParameters[index];
      return {
        sql,
        shownSql: redactSql(sql),
        ...(used ? { parameters: used } : {}),
        status: "SUBMITTED",
        updatedAt: createdAt,
        durationNs: -1,
        resultRows: -1,
        resultSize: -1,
      };
    }),
    status: "SUBMITTED",
    updatedAt: createdAt,
    durationNs: -1,
    pid: 0,
    waitingCount: 0,
    cancellation: new AbortController(),
    settled,
    settle,
  };
}

/** Whether the status is for good. */
export function isSettled(status: StatementStatus): boolean {
  return status === "FINISHED" || status === "FAILED" || status === "ABORTED";
}

/** Whether any part has a result set. */
export function hasResultSet(statement: Statement): boolean {
  return statement.parts.some(({ result }) => result !== undefined);
}
