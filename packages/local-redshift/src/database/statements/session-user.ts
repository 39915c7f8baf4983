import { SqlError } from "../../sql/sql-error.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { mustFindUser } from "./principals.ts";

/** SET SESSION AUTHORIZATION, for who logged in as a superuser. */
export function setSessionAuthorization(
  statement: StatementOf<"set-session-authorization">,
  context: StatementContext,
): StatementResult {
  const user = statement.user === undefined ? context.loginUser : mustFindUser(statement.user, context);
  if (!context.loginUser.superuser && user.oid !== context.loginUser.oid)
    throw new SqlError("permission denied to set session authorization", { sqlState: "42501" });
  context.authorize(user.oid, statement.local);
  return done("SET SESSION AUTHORIZATION");
}
