import type { BindContext } from "../bind-context.ts";
import type { Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { plainTypeText, type SqlType } from "../sql-type.ts";
import type { Expression, FunctionNode } from "../tree.ts";

/** A call whose arguments are bound. */
export interface FunctionCall {
  readonly name: string;
  readonly args: readonly Bound[];
  readonly node: FunctionNode;
  readonly context: BindContext;
  /** Binds a further part of the call, as in WITHIN GROUP. */
  bind(node: Expression): Bound;
}

/**
 * Where the text of an aggregate takes its OVER: right after the call, inside of the casts around it. Not a character that SQL text
 * can hold, since statements with it are refused.
 */
export const windowPlace = "\u0000";

/** Writes a call for DuckDB. */
export type FunctionBinder = (call: FunctionCall) => Bound;

/**
 * A function with parameters of fixed types, of which the last `optional` may be left out. `write` makes DuckDB's text of the
 * arguments' texts.
 */
export function define(
  parameters: readonly SqlType[],
  result: SqlType | ((args: readonly Bound[]) => SqlType),
  write: (...args: string[]) => string,
  optional = 0,
): FunctionBinder {
  return (call) => {
    if (call.args.length > parameters.length || call.args.length < parameters.length - optional) throw noSuch(call);
    const args = call.args.map((arg, index) => coerce(arg, parameters[index]!, `argument of ${call.name}`));
    const type = typeof result === "function" ? result(args) : result;
    return { sql: write(...args.map((arg) => arg.sql)), type };
  };
}

/** `function f(types) does not exist`, for a call with arguments that the function does not take. */
export function noSuch(call: FunctionCall): SqlError {
  const shown = call.args.map((arg) => plainTypeText(arg.type)).join(", ");
  return new SqlError(`function ${call.name}(${shown}) does not exist`, { sqlState: "42883" });
}

/** The constant that an argument must be. */
export function constantOf(call: FunctionCall, index: number): string {
  const constant = call.args[index]?.constant;
  if (constant == null)
    throw new SqlError(
      `${call.name} with an argument ${index + 1} that is not a constant is not built in the local Redshift`,
    );
  return constant;
}
