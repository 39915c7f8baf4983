import { bindExpression } from "../../sql/bind-expression.ts";
import { bodyOf } from "../../sql/procedures/parse-block.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { SqlType } from "../../sql/sql-type.ts";
import type { Expression } from "../../sql/tree.ts";
import type { ProcedureObject } from "../catalogue-object.ts";
import { cellValue } from "../cell-value.ts";
import type { StatementResult } from "../database.ts";
import { visit } from "../kept-view-rules.ts";
import { done, resultColumn } from "../query-result.ts";
import { demand, permissionDenied } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { convert, evaluate } from "./evaluate.ts";
import { chooseProcedure, inputsOf } from "./find-procedure.ts";
import { assignTo } from "./assign-variable.ts";
import { runBlock } from "./run-block.ts";
import { contextOf, type Running } from "./running.ts";
import { nullOf, Variables, type Value, type Variable } from "./variables.ts";

/** Most calls inside of each other. Source: Database Developer Guide, r_CALL_procedure. */
const maxDepth = 16;

/** CALL: one row with the output arguments, if there are any. */
export async function call(statement: StatementOf<"call">, context: StatementContext): Promise<StatementResult> {
  const { outputs } = await run(statement, context);
  if (outputs.length === 0) return done("CALL");
  const columns = outputs.map(({ name, value }, index) =>
    resultColumn({ name: name ?? `column${index + 1}`, type: value.type }),
  );
  return { columns, rows: [outputs.map(({ value }) => cellValue(value.raw, value.type))], rowCount: 1, kind: "CALL" };
}

/** CALL inside of a procedure: INOUT arguments are variables, which get what comes out. */
export async function callNested(statement: StatementOf<"call">, running: Running, text?: string): Promise<void> {
  const context = contextOf(running, text === undefined, text);
  const { procedure, outputs } = await run(statement, context);
  if (text !== undefined) return;
  const targets = inputsOf(procedure).flatMap((arg, index) => (arg.mode === "inout" ? [statement.args[index]!] : []));
  for (const [index, target] of targets.entries()) {
    if (target.kind !== "name")
      throw new SqlError("an INOUT argument of a nested call must be a variable", { sqlState: "42601" });
    await assignTo(target.parts, outputs[index]!.value, running);
  }
}

interface Output {
  readonly name: string | undefined;
  readonly value: Value;
}

async function run(
  statement: StatementOf<"call">,
  context: StatementContext,
): Promise<{ readonly procedure: ProcedureObject; readonly outputs: readonly Output[] }> {
  for (const arg of statement.args) refuseQueries(arg);
  const { built: given } = await context.prepare((bind) =>
    statement.args.map((arg): SqlType => bindExpression(arg, new Scope(), bind).type),
  );
  const procedure = chooseProcedure(statement.name, given, context);
  const depth = (context.frame?.depth ?? 0) + 1;
  checkCall(procedure, depth, context);
  const values: Value[] = [];
  for (const [index, input] of inputsOf(procedure).entries())
    values.push(await evaluate(statement.args[index]!, context, input.type));
  return { procedure, outputs: await runWith(procedure, values, depth, context) };
}

function refuseQueries(arg: Expression): void {
  visit(arg, (node) => {
    if (node.kind === "subquery" || node.kind === "exists" || node.kind === "quantified")
      throw new SqlError("queries are not allowed as arguments of CALL", { sqlState: "0A000", position: node.at + 1 });
  });
}

function checkCall(procedure: ProcedureObject, depth: number, context: StatementContext): void {
  const { user, frame } = context;
  demand(user, procedure, "execute");
  if (depth > maxDepth)
    throw new SqlError(`stored procedure nesting level exceeds the limit of ${maxDepth}`, { sqlState: "54001" });
  if (frame === undefined) return;
  if (frame.nonatomic !== procedure.nonatomic)
    throw new SqlError("nested procedures must all be created in the same transaction mode", { sqlState: "0A000" });
  if (procedure.args.some((arg) => arg.mode === "out"))
    throw new SqlError("a procedure with OUT arguments cannot be called from a procedure", { sqlState: "0A000" });
}

async function runWith(
  procedure: ProcedureObject,
  values: readonly Value[],
  depth: number,
  context: StatementContext,
): Promise<readonly Output[]> {
  const { variables, outputs } = await declareArguments(procedure, values, context);
  const canCommit = context.frame?.canCommit ?? !context.inTransaction;
  const running: Running = {
    procedure,
    outer: context,
    userOid: userOf(procedure, context),
    depth,
    canCommit: procedure.nonatomic || (canCommit && procedure.settings.length === 0),
    variables,
    found: false,
    rowCount: 0,
    caught: undefined,
    inBlock: false,
  };
  const settings = context.settings.save();
  for (const [name, value] of procedure.settings) context.settings.set(name, value);
  try {
    await runBlock(bodyOf(procedure), running);
  } catch (error) {
    throw withoutPlace(error);
  } finally {
    if (procedure.settings.length > 0) context.settings.restore(settings);
  }
  return outputs.map((variable) => ({ name: variable.name === "" ? undefined : variable.name, value: variable.value }));
}

/** SECURITY DEFINER runs as the owner. */
function userOf(procedure: ProcedureObject, context: StatementContext): number {
  if (!procedure.definer) return context.user.oid;
  const owner = context.catalogue.user(procedure.owner);
  if (owner === undefined) throw permissionDenied(procedure);
  return owner.oid;
}

async function declareArguments(
  { args }: ProcedureObject,
  values: readonly Value[],
  context: StatementContext,
): Promise<{ readonly variables: Variables; readonly outputs: readonly Extract<Variable, { kind: "scalar" }>[] }> {
  const variables = new Variables();
  const outputs: Extract<Variable, { kind: "scalar" }>[] = [];
  const rest = [...values];
  for (const [index, { name = "", mode, type }] of args.entries()) {
    const value = mode === "out" ? nullOf(type) : await convert(rest.shift()!, type, context);
    const variable = { kind: "scalar" as const, name, type, constant: false, notNull: false, value };
    variables.declare(variable, `$${index + 1}`);
    if (name !== "") variables.declare(variable);
    if (mode !== "in") outputs.push(variable);
  }
  return { variables, outputs };
}

/** Places in the body mean nothing in the CALL. */
function withoutPlace(error: unknown): unknown {
  if (!(error instanceof SqlError) || error.position === undefined) return error;
  return new SqlError(error.text, { sqlState: error.sqlState, cause: error });
}
