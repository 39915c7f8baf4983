import { SqlError } from "../../sql/sql-error.ts";
import { isText, resolveType, types, type SqlType } from "../../sql/sql-type.ts";
import type { Expression, NamePart, TypeNode } from "../../sql/tree.ts";
import type { StatementResult } from "../database.ts";
import { convert, evaluate } from "../procedures/evaluate.ts";
import { boundOf, nullOf, type Value } from "../procedures/variables.ts";
import { done } from "../query-result.ts";
import type { PreparedStatement, StatementContext, StatementOf } from "../statement-context.ts";
import { checkStatement } from "./bind-statement.ts";
import { fold } from "./names.ts";
import { runStatement } from "./run-statement.ts";

/**
 * PREPARE: the statement is bound with NULLs for its parameters, to find what is wrong, and kept as it was written. It outlives the
 * transaction, also one that is undone.
 */
export async function prepare(statement: StatementOf<"prepare">, context: StatementContext): Promise<StatementResult> {
  // Source: Database Developer Guide, stored-procedure-constraints; the text is UNCONFIRMED.
  if (context.frame !== undefined) throw new SqlError("PREPARE is not supported in a procedure", { sqlState: "0A000" });
  const name = fold(statement.name, context);
  if (context.prepared.has(name))
    throw new SqlError(`prepared statement "${name}" already exists`, { sqlState: "42P05" });
  const values = statement.types.map((type) => nullOf(parameterType(type)));
  await checkStatement(statement.statement, withParameters(values, context));
  context.prepared.set(name, { types: statement.types, statement: statement.statement });
  return done("PREPARE");
}

/** EXECUTE. */
export async function execute(statement: StatementOf<"execute">, context: StatementContext): Promise<StatementResult> {
  const prepared = mustFindPrepared(statement.name, context);
  const { args } = statement;
  if (args.length !== prepared.types.length)
    throw new SqlError(`wrong number of parameters for prepared statement "${fold(statement.name, context)}"`, {
      sqlState: "42601",
    });
  const values: Value[] = [];
  for (const [index, type] of prepared.types.entries()) values.push(await parameterValue(args[index]!, type, context));
  return runStatement(prepared.statement, withParameters(values, context));
}

/** DEALLOCATE. */
export function deallocate(statement: StatementOf<"deallocate">, context: StatementContext): StatementResult {
  mustFindPrepared(statement.name, context);
  context.prepared.delete(fold(statement.name, context));
  return done("DEALLOCATE");
}

function mustFindPrepared(part: NamePart, context: StatementContext): PreparedStatement {
  const name = fold(part, context);
  const found = context.prepared.get(name);
  if (found === undefined) throw new SqlError(`prepared statement "${name}" does not exist`, { sqlState: "26000" });
  return found;
}

/** Lengths of text count for nothing: the documented sample gives `'three'` for CHAR. */
function parameterType(node: TypeNode): SqlType {
  const type = resolveType(node, "cast");
  return isText(type) ? types.text : type;
}

/** A number for NUMERIC without precision keeps its digits (UNCONFIRMED). */
async function parameterValue(expression: Expression, node: TypeNode, context: StatementContext): Promise<Value> {
  const type = parameterType(node);
  if (type.name !== "numeric" || node.modifiers.length > 0) return evaluate(expression, context, type);
  const own = await evaluate(expression, context);
  return own.type.name === "numeric" ? own : convert(own, type, context);
}

function withParameters(values: readonly Value[], context: StatementContext): StatementContext {
  return context.withValues(([name = ""]) => {
    if (!name.startsWith("$")) return undefined;
    const value = values[Number(name.slice(1)) - 1];
    if (value === undefined) throw new SqlError(`there is no parameter ${name}`, { sqlState: "42P02" });
    return { bound: boundOf(value, "?column?"), used: 1 };
  });
}
