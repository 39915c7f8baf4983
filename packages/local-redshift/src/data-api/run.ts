import type { DatabaseSession } from "../database/database.ts";
import type { DataApiContext } from "./context.ts";
import type { Session } from "./sessions.ts";
import { isSettled, type Statement, type StatementPart, type StatementStatus } from "./statement.ts";

/** Error of the statements of a batch that did not run. Source: awslabs/mcp, tests of its Redshift server. */
const notRunText = "Connection or an prior query failed.";

/**
 * Runs a statement to its end, on its session or on a connection of its own: SUBMITTED, PICKED, STARTED and one of FINISHED,
 * FAILED, ABORTED. What goes wrong is an error of the statement; the promise never rejects.
 */
export async function runStatement(
  context: DataApiContext,
  statement: Statement,
  session: Session | undefined,
): Promise<void> {
  const startedAt = process.hrtime.bigint();
  let connection = session?.connection;
  try {
    setStatus(context, statement, "PICKED");
    connection ??= await connect(statement);
    if (session) session.connection = connection;
    statement.pid = connection.pid;
    setStatus(context, statement, "STARTED");
    if (!statement.isBatch) await runSingle(context, statement, connection);
    else if (statement.executionMode === "TRANSACTION") await runTransaction(context, statement, connection);
    else await runEach(context, statement, connection);
    settle(context, statement, "FINISHED");
  } catch (error) {
    for (const part of statement.parts) {
      if (!isSettled(part.status)) setPart(context, part, "ABORTED", notRunText);
    }
    settle(context, statement, statement.cancellation.signal.aborted ? "ABORTED" : "FAILED", textOf(error));
  }
  statement.durationNs = Number(process.hrtime.bigint() - startedAt);
  if (!session) await connection?.close().catch(() => undefined);
  else if (connection) await context.sessions.release(session);
  else await context.sessions.close(session);
  statement.settle();
  if (statement.withEvent) context.onStatementEvent?.(describeEvent(context, statement));
}

/** A batch of which a part failed. */
class BatchError extends Error {
  constructor(partNumber: number, cause: unknown) {
    super(`Query #${partNumber} failed with ${textOf(cause)}`, { cause });
  }
}

async function connect(statement: Statement): Promise<DatabaseSession> {
  const { database, user } = await statement.login.enter();
  return database.connect(user);
}

async function runSingle(context: DataApiContext, statement: Statement, connection: DatabaseSession): Promise<void> {
  const part = statement.parts[0];
  if (part) await runPart(context, statement, part, connection);
}

async function runTransaction(
  context: DataApiContext,
  statement: Statement,
  connection: DatabaseSession,
): Promise<void> {
  await connection.execute("BEGIN");
  try {
    for (const [index, part] of statement.parts.entries()) {
      try {
        await runPart(context, statement, part, connection);
      } catch (error) {
        throw new BatchError(index + 1, error);
      }
    }
    await connection.execute("COMMIT");
  } catch (error) {
    // A connection that cannot roll back has nothing left to undo: closing it gives the transaction up as well.
    await connection.execute("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function runEach(context: DataApiContext, statement: Statement, connection: DatabaseSession): Promise<void> {
  let firstFailure: BatchError | undefined;
  for (const [index, part] of statement.parts.entries()) {
    try {
      await runPart(context, statement, part, connection);
    } catch (error) {
      firstFailure ??= new BatchError(index + 1, error);
      if (statement.cancellation.signal.aborted) break;
    }
  }
  if (firstFailure) throw firstFailure;
}

async function runPart(
  context: DataApiContext,
  statement: Statement,
  part: StatementPart,
  connection: DatabaseSession,
): Promise<void> {
  const { signal } = statement.cancellation;
  const startedAt = process.hrtime.bigint();
  try {
    signal.throwIfAborted();
    setPart(context, part, "STARTED");
    const result = await connection.execute(part.sql, part.parameters, signal);
    if (result.columns) {
      const stored = await context.results.store(result, statement.resultFormat);
      part.result = stored;
      part.resultRows = stored.rowCount;
      part.resultSize = stored.sizeBytes;
    } else {
      part.resultRows = Math.max(0, result.rowCount);
      part.resultSize = 0;
    }
    part.durationNs = Number(process.hrtime.bigint() - startedAt);
    setPart(context, part, "FINISHED");
  } catch (error) {
    part.durationNs = Number(process.hrtime.bigint() - startedAt);
    setPart(context, part, signal.aborted ? "ABORTED" : "FAILED", textOf(error));
    throw error;
  }
}

function setStatus(context: DataApiContext, statement: Statement, status: StatementStatus): void {
  statement.status = status;
  statement.updatedAt = context.now();
}

function settle(context: DataApiContext, statement: Statement, status: StatementStatus, error?: string): void {
  setStatus(context, statement, status);
  if (error !== undefined) statement.error = error;
}

function setPart(context: DataApiContext, part: StatementPart, status: StatementStatus, error?: string): void {
  part.status = status;
  part.updatedAt = context.now();
  if (error !== undefined) part.error = error;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describeEvent(context: DataApiContext, statement: Statement): StatementEvent {
  return {
    source: "aws.redshift-data",
    "detail-type": "Redshift Data Statement Status Change",
    detail: {
      principal: context.principal,
      statementName: statement.statementName ?? "",
      statementId: statement.id,
      redshiftQueryId: statement.queryId,
      state: statement.status,
      rows: statement.parts.reduce((sum, part) => sum + Math.max(0, part.resultRows), 0),
      expireAt: Math.floor((statement.createdAt + context.limits.retentionMs) / 1000),
    },
  };
}

/** The EventBridge event of a statement that was run `WithEvent`. Source: Redshift management guide, data-api-monitoring-events. */
export interface StatementEvent {
  readonly source: "aws.redshift-data";
  readonly "detail-type": "Redshift Data Statement Status Change";
  readonly detail: {
    readonly principal: string;
    readonly statementName: string;
    readonly statementId: string;
    readonly redshiftQueryId: number;
    readonly state: string;
    readonly rows: number;
    /** Epoch seconds. */
    readonly expireAt: number;
  };
}
