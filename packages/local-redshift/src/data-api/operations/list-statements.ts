import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import type { DataApiContext } from "../context.ts";
import { tokenInvalid } from "../errors.ts";
import type { Statement } from "../statement.ts";
import { targetMembers } from "../submit.ts";
import { findWarehouse } from "../target.ts";

const greatestPage = 100;

/** ListStatements: newest first; only those that finished unless a status, or ALL, is asked for. Names are matched as prefixes. */
export const listStatements = defineOperation({
  shape: {
    NextToken: { type: "string" },
    MaxResults: { type: "integer", min: 0, max: greatestPage },
    StatementName: { type: "string", maxLength: 500 },
    Status: {
      type: "string",
      values: ["SUBMITTED", "PICKED", "STARTED", "FINISHED", "ABORTED", "FAILED", "ALL"],
    },
    RoleLevel: { type: "boolean" },
    Database: { type: "string" },
    ClusterIdentifier: targetMembers.ClusterIdentifier,
    WorkgroupName: targetMembers.WorkgroupName,
  },
  run(context: DataApiContext, input) {
    const { Status: status = "FINISHED", StatementName: prefix, Database: database } = input;
    const isNamed = input.WorkgroupName !== undefined || input.ClusterIdentifier !== undefined;
    const workgroupName = isNamed ? findWarehouse(context.warehouses, input).workgroupName : undefined;
    const statements = context.statements
      .list()
      .filter(
        (statement) =>
          (status === "ALL" || statement.status === status) &&
          (!prefix || statement.statementName?.startsWith(prefix)) &&
          (database === undefined || statement.login.database === database) &&
          (workgroupName === undefined || statement.login.warehouse.workgroupName === workgroupName),
      );
    const size = input.MaxResults || greatestPage;
    const page = takePage(statements, { token: input.NextToken || undefined, size, refuse: tokenInvalid });
    return { Statements: page.items.map(describeListed), NextToken: page.nextToken };
  },
});

function describeListed(statement: Statement): Record<string, unknown> {
  const texts = statement.parts.map(({ shownSql }) => shownSql);
  return {
    Id: statement.id,
    ...(statement.isBatch ? { QueryStrings: texts } : { QueryString: texts[0] }),
    SecretArn: statement.login.secretArn,
    Status: statement.status,
    StatementName: statement.statementName,
    CreatedAt: new Date(statement.createdAt),
    UpdatedAt: new Date(statement.updatedAt),
    QueryParameters: statement.parameters,
    IsBatchStatement: statement.isBatch,
    ResultFormat: statement.resultFormat,
    SessionId: statement.sessionId,
  };
}
