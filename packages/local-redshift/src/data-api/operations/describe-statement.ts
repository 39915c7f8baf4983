import { defineOperation } from "../../operations/operation.ts";
import type { DataApiContext } from "../context.ts";
import { hasResultSet, isSettled, type Statement, type StatementPart } from "../statement.ts";
import { waitForStatement, waitTimeSeconds } from "../wait.ts";

/** DescribeStatement: of `<uuid>:n` it gives the parent with only that sub-statement inside. */
export const describeStatement = defineOperation({
  shape: { Id: { type: "string", required: true }, WaitTimeSeconds: waitTimeSeconds },
  async run(context: DataApiContext, input, { signal }) {
    const { statement, part, partNumber } = context.statements.find(input.Id);
    await waitForStatement(statement, { seconds: input.WaitTimeSeconds, signal, limits: context.limits });
    const answer = describeParent(statement);
    if (!statement.isBatch) return answer;
    const SubStatements =
      part && partNumber !== undefined
        ? [describePart(statement, part, partNumber)]
        : statement.parts.map((each, index) => describePart(statement, each, index + 1));
    return { ...answer, SubStatements };
  },
});

function describeParent(statement: Statement): Record<string, unknown> {
  const { login, parts } = statement;
  const isDone = statement.status === "FINISHED";
  return {
    Id: statement.id,
    SecretArn: login.secretArn,
    DbUser: login.dbUser,
    Database: login.database,
    WorkgroupName: login.workgroupName,
    Duration: statement.durationNs,
    Error: statement.error,
    Status: statement.status,
    CreatedAt: new Date(statement.createdAt),
    UpdatedAt: new Date(statement.updatedAt),
    RedshiftPid: statement.pid,
    RedshiftQueryId: statement.queryId,
    HasResultSet: hasResultSet(statement),
    // A batch shows its texts in its sub-statements.
    QueryString: statement.isBatch ? undefined : parts[0]?.shownSql,
    QueryParameters: statement.parameters,
    ResultRows: isDone ? sumOf(parts, "resultRows") : -1,
    ResultSize: isDone ? sumOf(parts, "resultSize") : -1,
    ResultFormat: statement.resultFormat,
    SessionId: statement.sessionId,
    ExecutionMode: statement.isBatch ? statement.executionMode : undefined,
  };
}

function describePart(statement: Statement, part: StatementPart, partNumber: number): Record<string, unknown> {
  return {
    Id: `${statement.id}:${partNumber}`,
    Duration: isSettled(part.status) ? Math.max(0, part.durationNs) : -1,
    Error: part.error,
    Status: part.status,
    CreatedAt: new Date(statement.createdAt),
    UpdatedAt: new Date(part.updatedAt),
    QueryString: part.shownSql,
    ResultRows: part.resultRows,
    ResultSize: part.resultSize,
    RedshiftQueryId: -1,
    HasResultSet: part.result !== undefined,
  };
}

function sumOf(parts: readonly StatementPart[], field: "resultRows" | "resultSize"): number {
  return parts.reduce((sum, part) => sum + Math.max(0, part[field]), 0);
}
