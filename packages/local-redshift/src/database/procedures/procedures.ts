import { SqlError } from "../../sql/sql-error.ts";
import { plainTypeText, resolveType, varchar } from "../../sql/sql-type.ts";
import type { ProcedureArgument, ProcedureObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done, resultColumn } from "../query-result.ts";
import { demand } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { checkOwner, fold, newName } from "../statements/names.ts";
import { mustFindUser } from "../statements/principals.ts";
import { findProcedure, signatureOf } from "./find-procedure.ts";

/** CREATE [OR REPLACE] PROCEDURE. A replaced one keeps its owner and must keep its argument types. */
export async function createProcedure(
  statement: StatementOf<"create-procedure">,
  context: StatementContext,
): Promise<StatementResult> {
  const { schema, name } = newName(statement.name, "create or replace procedure", context);
  demand(context.user, context.catalogue.language("plpgsql")!, "usage");
  const args = statement.args.map((arg): ProcedureArgument => ({
    ...(arg.name === undefined ? {} : { name: fold(arg.name, context) }),
    mode: arg.mode,
    type: resolveType(arg.type, "variable"),
  }));
  const signature = signatureOf({ args });
  await context.lock(`name:${schema}.${name}(${signature})`, "exclusive");
  const existing = sameProcedure(schema, name, signature, context);
  if (existing !== undefined) checkReplace(existing, args, statement.orReplace, context);
  const { body, definer, nonatomic, settings } = statement;
  const procedure: ProcedureObject = {
    kind: "procedure",
    oid: existing?.oid ?? context.database.nextOid(),
    schema,
    name,
    owner: existing?.owner ?? context.user.name,
    ...(existing?.grants === undefined ? {} : { grants: existing.grants }),
    args,
    body,
    definer,
    nonatomic,
    settings,
  };
  await context.begin();
  await context.change(procedure);
  return done("CREATE PROCEDURE");
}

function sameProcedure(schema: string, name: string, signature: string, context: StatementContext) {
  const isSame = (other: ProcedureObject) =>
    other.schema === schema && other.name === name && signatureOf(other) === signature;
  return context.catalogue.procedures.find(isSame) ?? context.database.catalogue.procedures.find(isSame);
}

function checkReplace(
  existing: ProcedureObject,
  args: readonly ProcedureArgument[],
  orReplace: boolean,
  context: StatementContext,
): void {
  if (!orReplace)
    throw new SqlError(`procedure "${existing.name}" already exists with same argument types`, { sqlState: "42723" });
  checkOwner(existing, context);
  const outputs = (list: readonly ProcedureArgument[]) =>
    list
      .filter((arg) => arg.mode !== "in")
      .map((arg) => plainTypeText(arg.type))
      .join();
  if (outputs(existing.args) !== outputs(args))
    throw new SqlError("cannot change return type of existing procedure", { sqlState: "42P13" });
}

/** DROP PROCEDURE. */
export async function dropProcedure(
  { name, args }: StatementOf<"drop-procedure">,
  context: StatementContext,
): Promise<StatementResult> {
  const procedure = findProcedure(name, args, context);
  checkOwner(procedure, context, { system: "drop procedure" });
  await context.lock(procedure.oid, "exclusive");
  await context.begin();
  await context.drop(procedure.oid);
  return done("DROP PROCEDURE");
}

/** ALTER PROCEDURE: another name, or, for superusers, another owner. */
export async function alterProcedure(
  { name, args, action }: StatementOf<"alter-procedure">,
  context: StatementContext,
): Promise<StatementResult> {
  const procedure = findProcedure(name, args, context);
  checkOwner(procedure, context);
  await context.lock(procedure.oid, "exclusive");
  const to = fold(action.to, context);
  if (action.kind === "owner" && !context.user.superuser)
    throw new SqlError(`must be superuser to change the owner of procedure ${procedure.name}`, { sqlState: "42501" });
  if (action.kind === "rename" && sameProcedure(procedure.schema, to, signatureOf(procedure), context) !== undefined)
    throw new SqlError(`procedure "${to}" already exists with same argument types`, { sqlState: "42723" });
  await context.begin();
  if (action.kind === "rename") await context.change({ ...procedure, name: to });
  else await context.change({ ...procedure, owner: mustFindUser(action.to, context).name });
  return done("ALTER PROCEDURE");
}

/** SHOW PROCEDURE. Source of the form: Database Developer Guide, r_SHOW_PROCEDURE. */
export function showProcedure(
  { name, args }: StatementOf<"show-procedure">,
  context: StatementContext,
): StatementResult {
  const procedure = findProcedure(name, args, context);
  const shown = procedure.args.map(argumentText).join(", ");
  const text = [
    `CREATE OR REPLACE PROCEDURE ${procedure.schema}.${procedure.name}(${shown})`,
    ...(procedure.nonatomic ? ["NONATOMIC"] : []),
    "LANGUAGE plpgsql",
    ...(procedure.definer ? ["SECURITY DEFINER"] : []),
    ...procedure.settings.map(([setting, value]) => `SET ${setting} TO ${value}`),
    `AS $_$${procedure.body}$_$`,
  ].join("\n");
  const column = resultColumn({ name: "Stored Procedure Definition", type: varchar(65_535) });
  return { columns: [column], rows: [[text]], rowCount: 1, kind: "SHOW" };
}

function argumentText({ name, mode, type }: ProcedureArgument): string {
  return [
    ...(mode === "in" ? [] : [mode.toUpperCase()]),
    ...(name === undefined ? [] : [name]),
    plainTypeText(type),
  ].join(" ");
}
