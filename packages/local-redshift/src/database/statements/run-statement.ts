import { noAttributes } from "../../sql/parse-table-attributes.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { varchar } from "../../sql/sql-type.ts";
import type { Statement } from "../../sql/tree.ts";
import type { StatementResult } from "../database.ts";
import { done, resultColumn, runQuery } from "../query-result.ts";
import { closeCursor, declareCursor, fetchFromCursor } from "../cursors/cursor-statements.ts";
import { call } from "../procedures/call-procedure.ts";
import { alterProcedure, createProcedure, dropProcedure, showProcedure } from "../procedures/procedures.ts";
import { createFunction, dropFunction } from "../functions/function-statements.ts";
import { explain } from "../explain/explain.ts";
import { showDefinition } from "../show/show-definition.ts";
import { showGrants } from "../show/show-grants.ts";
import { showObjects } from "../show/show-objects.ts";
import { signalBackend } from "../backends.ts";
import type { RelationObject } from "../catalogue-object.ts";
import { demand, hasPrivilege } from "../rights/check.ts";
import { attachPolicy, switchRowSecurity } from "../row-security/attach.ts";
import { alterPolicy, createPolicy, dropPolicy } from "../row-security/policy-statements.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { alterTable } from "./alter-table.ts";
import { bindRead } from "./bind-statement.ts";
import { insert, remove, truncate, update } from "./change-rows.ts";
import { createTable, createTableAs } from "./create-table.ts";
import { dropObjects } from "./drop.ts";
import { alterMaterializedView, createMaterializedView, refreshMaterializedView } from "./materialized-views.ts";
import { merge } from "./merge.ts";
import { checkOwner, mustFind } from "./names.ts";
import { deallocate, execute, prepare } from "./prepared-statements.ts";
import { runRightsStatement } from "./run-rights.ts";
import { createExternalSchema, createSchema } from "./schemas.ts";
import { analyzeCompression } from "../compression/analyze-compression.ts";
import { vacuum } from "../vacuum/vacuum.ts";
import { createView } from "./views.ts";

/** Runs a statement that is no BEGIN, COMMIT or ROLLBACK. */
export function runStatement(statement: Statement, context: StatementContext): Promise<StatementResult> {
  switch (statement.kind) {
    case "query":
      return select(statement, context);
    case "insert":
      return insert(statement, context);
    case "update":
      return update(statement, context);
    case "delete":
      return remove(statement, context);
    case "merge":
      return merge(statement, context);
    case "truncate":
      return truncate(statement, context);
    case "create-table":
      return createTable(statement, context);
    case "create-table-as":
      return createTableAs(statement, context);
    case "create-view":
      return createView(statement, context);
    case "create-materialized-view":
      return createMaterializedView(statement, context);
    case "refresh-materialized-view":
      return refreshMaterializedView(statement, context);
    case "alter-materialized-view":
      return alterMaterializedView(statement, context);
    case "create-schema":
      return createSchema(statement, context);
    case "create-external-schema":
      return createExternalSchema(statement, context);
    case "drop":
      return dropObjects(statement, context);
    case "alter-table":
      return alterTable(statement, context);
    case "create-procedure":
      return createProcedure(statement, context);
    case "call":
      return call(statement, context);
    case "drop-procedure":
      return dropProcedure(statement, context);
    case "alter-procedure":
      return alterProcedure(statement, context);
    case "show-procedure":
      return Promise.resolve(showProcedure(statement, context));
    case "declare-cursor":
      return declareCursor(statement, context);
    case "fetch":
      return Promise.resolve(fetchFromCursor(statement, context));
    case "close-cursor":
      return Promise.resolve(closeCursor(statement, context));
    case "prepare":
      return prepare(statement, context);
    case "execute":
      return execute(statement, context);
    case "deallocate":
      return Promise.resolve(deallocate(statement, context));
    case "create-function":
      return createFunction(statement, context);
    case "drop-function":
      return dropFunction(statement, context);
    case "lock":
      return lockTables(statement, context);
    case "comment":
      return comment(statement, context);
    case "set":
      context.settings.set(statement.name, statement.value, statement.local);
      return Promise.resolve(done("SET"));
    case "reset":
      context.settings.reset(statement.name);
      return Promise.resolve(done("RESET"));
    case "show":
      return Promise.resolve(show(statement, context));
    case "show-objects":
      return showObjects(statement, context);
    case "show-grants":
      return showGrants(statement, context);
    case "show-definition":
      return showDefinition(statement, context);
    case "cancel":
      return Promise.resolve(cancel(statement, context));
    case "analyze":
      return analyze(statement, context);
    case "analyze-compression":
      return analyzeCompression(statement, context);
    case "vacuum":
      return vacuum(statement, context);
    case "explain":
      return explain(statement, context);
    case "create-rls-policy":
      return createPolicy(statement, context);
    case "alter-rls-policy":
      return alterPolicy(statement, context);
    case "drop-rls-policy":
      return dropPolicy(statement, context);
    case "attach-rls-policy":
      return attachPolicy(statement, context);
    case "switch-row-security":
      return switchRowSecurity(statement, context);
    case "not-built":
      throw new SqlError(`${statement.what} is not built in the local Redshift`, { sqlState: "0A000" });
    case "begin":
    case "commit":
    case "rollback":
      throw new Error("transactions are the session's business");
    default:
      return runRightsStatement(statement, context);
  }
}

async function select(statement: StatementOf<"query">, context: StatementContext): Promise<StatementResult> {
  const { body } = statement.query;
  if (body.kind === "select" && body.into?.kind === "table")
    return createTableAs(
      {
        kind: "create-table-as",
        name: body.into.name,
        temporary: body.into.temporary,
        columns: [],
        attributes: noAttributes,
        query: { ...statement.query, body: { ...body, into: undefined } },
      },
      context,
    );
  const { built } = await bindRead(statement.query, context);
  if (context.inTransaction) await context.begin();
  return context.database.threads.during(() => runQuery(context.connection, built));
}

/** LOCK takes ACCESS EXCLUSIVE, in the order of the names; the snapshot starts after it. */
async function lockTables(statement: StatementOf<"lock">, context: StatementContext): Promise<StatementResult> {
  if (!context.inTransaction)
    throw new SqlError("LOCK TABLE may only be used in transaction blocks", { sqlState: "25P01" });
  for (const name of statement.names) {
    const relation = await mustFind(name, "exclusive", context);
    if (relation.kind === "view") throw new SqlError(`"${relation.name}" is not a table`, { sqlState: "42809" });
    checkMayLock(relation, context);
  }
  return done("LOCK TABLE");
}

/** As PostgreSQL 8.0, which asks for UPDATE or DELETE (UNCONFIRMED: r_LOCK does not say). */
function checkMayLock(relation: RelationObject, context: StatementContext): void {
  if (!hasPrivilege(context.user, relation, "update")) demand(context.user, relation, "delete");
}

/** ANALYZE: there is nothing to do, but the table has to be there. */
async function analyze({ name }: StatementOf<"analyze">, context: StatementContext): Promise<StatementResult> {
  if (name !== undefined) await mustFind(name, "share", context);
  return done("ANALYZE");
}

/** The text is that of the page, which leaves the number out. Source: Database Developer Guide, r_CANCEL. */
function cancel({ pid }: StatementOf<"cancel">, context: StatementContext): StatementResult {
  if (!signalBackend(context.database.session(pid), "cancel", context.user))
    throw new SqlError(
      `Session ${pid} does not exist. The session PID might have changed. Check the stl_restarted_sessions system table for details.`,
    );
  return done("CANCEL");
}

async function comment(statement: StatementOf<"comment">, context: StatementContext): Promise<StatementResult> {
  if (statement.object !== "table" && statement.object !== "view")
    throw new SqlError(`COMMENT ON ${statement.object.toUpperCase()} is not built in the local Redshift`);
  const relation = await mustFind(statement.name, "exclusive", context);
  checkOwner(relation, context);
  await context.begin();
  await context.change({ ...relation, comment: statement.text ?? "" });
  return done("COMMENT");
}

function show(statement: StatementOf<"show">, context: StatementContext): StatementResult {
  const text = varchar(256);
  if (statement.name === "all") {
    const rows = context.settings.list();
    return {
      columns: [
        { name: "name", type: text },
        { name: "setting", type: text },
      ].map(resultColumn),
      rows,
      rowCount: rows.length,
      kind: "SHOW",
    };
  }
  const value = context.settings.get(statement.name);
  return { columns: [resultColumn({ name: statement.name, type: text })], rows: [[value]], rowCount: 1, kind: "SHOW" };
}
