import { bindQuery, type BoundQuery } from "../../sql/bind-query.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { PreparableStatement } from "../../sql/tree-session.ts";
import type { FoundRelation } from "../relation-lookup.ts";
import type { Query } from "../../sql/tree.ts";
import type { StatementContext } from "../statement-context.ts";
import { bindDelete, bindInsert, bindUpdate } from "./change-rows.ts";

/** A query with its names resolved and its relations locked. Throws for a stream, which only materialized views read. */
export async function bindRead(
  query: Query,
  context: StatementContext,
): Promise<{ readonly built: BoundQuery; readonly found: readonly FoundRelation[] }> {
  const bound = await context.prepare((bind) => bindQuery(query, new Scope(), bind));
  if (bound.found.some((relation) => relation.kind === "stream"))
    throw new SqlError("a stream can only be read by a materialized view", { sqlState: "0A000" });
  return bound;
}

/** Throws what the statement would throw before it reads or changes a row: for PREPARE and EXPLAIN. */
export async function checkStatement(statement: PreparableStatement, context: StatementContext): Promise<void> {
  switch (statement.kind) {
    case "query":
      await bindRead(statement.query, context);
      break;
    case "insert":
      await bindInsert(statement, "share", context);
      break;
    case "update":
      await bindUpdate(statement, "share", context);
      break;
    case "delete":
      await bindDelete(statement, "share", context);
      break;
  }
}
