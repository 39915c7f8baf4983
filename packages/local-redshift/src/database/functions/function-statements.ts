import { bindUserFunction } from "../../sql/bind-user-function.ts";
import { parseFunctionBody } from "../../sql/parse-create-function.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { plainTypeText, resolveType } from "../../sql/sql-type.ts";
import type { FunctionObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { boundOf, nullOf } from "../procedures/variables.ts";
import { done } from "../query-result.ts";
import { demand } from "../rights/check.ts";
import { refuseFunctionDrop } from "../row-security/dependencies.ts";
import { publicOid } from "../rights/privilege.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { dropDependents } from "../statements/drop.ts";
import { checkOwner, newName } from "../statements/names.ts";
import { findFunction, functionSignature } from "./find-function.ts";

/** CREATE [OR REPLACE] FUNCTION … LANGUAGE sql. Everybody may run it until that is revoked. Source: DG udf-security-and-privileges. */
export async function createFunction(
  statement: StatementOf<"create-function">,
  context: StatementContext,
): Promise<StatementResult> {
  const { schema, name } = newName(statement.name, "create or replace function", context);
  demand(context.user, context.catalogue.language("sql")!, "usage");
  const args = statement.args.map((node) => resolveType(node, "cast"));
  const returns = resolveType(statement.returns, "cast");
  const signature = functionSignature({ args });
  await context.lock(`name:${schema}.${name}(${signature})`, "exclusive");
  const existing = sameFunction(schema, name, signature, context);
  if (existing !== undefined) checkReplace(existing, plainTypeText(returns), statement.orReplace, context);
  const { body, volatility } = statement;
  const called = { name, args, returns, expression: parseFunctionBody(body) };
  const nulls = args.map((type) => boundOf(nullOf(type), "?column?"));
  await context.prepare((bind) => bindUserFunction(called, nulls, bind));
  const made: FunctionObject = {
    kind: "function",
    oid: existing?.oid ?? context.database.nextOid(),
    schema,
    name,
    owner: existing?.owner ?? context.user.name,
    grants: existing?.grants ?? [{ to: publicOid, privilege: "execute", by: context.user.oid }],
    args,
    returns,
    volatility,
    body,
  };
  await context.begin();
  await context.change(made);
  return done("CREATE FUNCTION");
}

function sameFunction(schema: string, name: string, signature: string, context: StatementContext) {
  const isSame = (other: FunctionObject) =>
    other.schema === schema && other.name === name && functionSignature(other) === signature;
  return context.catalogue.functions.find(isSame) ?? context.database.catalogue.functions.find(isSame);
}

/** The texts are PostgreSQL's. */
function checkReplace(existing: FunctionObject, returns: string, orReplace: boolean, context: StatementContext): void {
  if (!orReplace)
    throw new SqlError(`function "${existing.name}" already exists with same argument types`, { sqlState: "42723" });
  checkOwner(existing, context);
  if (plainTypeText(existing.returns) !== returns)
    throw new SqlError("cannot change return type of existing function", { sqlState: "42P13" });
}

/**
 * DROP FUNCTION. Views that call it hold it up or, with CASCADE, go with it, unless they bind late; functions that call it do neither.
 * Source: Database Developer Guide, r_DROP_FUNCTION, r_CREATE_FUNCTION. The form of the text is PostgreSQL's (UNCONFIRMED).
 */
export async function dropFunction(
  statement: StatementOf<"drop-function">,
  context: StatementContext,
): Promise<StatementResult> {
  const found = findFunction(statement.name, statement.args, context);
  checkOwner(found, context, { system: "drop function" });
  refuseFunctionDrop(found, context.catalogue);
  await context.lock(found.oid, "exclusive");
  const types = found.args.map(plainTypeText).join(",");
  await dropDependents(found.oid, `function ${found.name}(${types})`, statement.cascade, context);
  await context.begin();
  await context.drop(found.oid);
  return done("DROP FUNCTION");
}

/** The functions of schemas. */
export function functionsIn(schemas: readonly string[], context: StatementContext): readonly FunctionObject[] {
  return context.catalogue.functions.filter((one) => schemas.includes(one.schema));
}
