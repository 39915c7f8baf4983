import { assign } from "./assign.ts";
import type { BindContext, UserFunction } from "./bind-context.ts";
import { bindExpression } from "./bind-expression.ts";
import type { Bound } from "./bound.ts";
import { castTo, coerce, settle } from "./cast.ts";
import { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { isText } from "./sql-type.ts";
import { superOf } from "./super-value.ts";
import type { Expression } from "./tree.ts";

/**
 * A call of a function in SQL: its expression with the arguments in place of `$1`, `$2` … An argument with RANDOM, or one that is long
 * and used more than once, is evaluated once for each call: then all arguments become fields of a row, which the expression reads.
 */
export function bindUserFunction(called: UserFunction, args: readonly Bound[], context: BindContext): Bound {
  const given = args.map((arg, index) => converted(arg, called.args[index]!));
  const isRow = needsRow(called.expression, given);
  const bound = bindBody(called, isRow ? given.map(fieldOf) : given, context);
  return { ...(isRow ? overRow(bound, given) : bound), label: called.name };
}

/** DuckDB takes no subquery over the row, so that an argument that is long only is then written out each time. */
function needsRow(body: Expression, given: readonly Bound[]): boolean {
  const isChance = given.some(isRandom);
  if (!hasSubquery(body)) return isChance || given.some((arg, index) => isLong(arg) && usesOf(body, index) > 1);
  if (isChance)
    throw new SqlError("RANDOM in an argument of a function with a subquery is not built in the local Redshift");
  return false;
}

function bindBody(called: UserFunction, given: readonly Bound[], context: BindContext): Bound {
  const scope = new Scope();
  const bound = settle(
    bindExpression(called.expression, scope, {
      ...context,
      findFunction: (names, types) => context.findFunction?.(names, types, true),
      variable([name = ""]) {
        if (!name.startsWith("$")) return undefined;
        const value = given[Number(name.slice(1)) - 1];
        if (value === undefined) throw new SqlError(`there is no parameter ${name}`, { sqlState: "42P02" });
        return { bound: value, used: 1 };
      },
    }),
  );
  if (scope.hasAggregate) throw new SqlError("aggregates are not allowed in a SQL function", { sqlState: "42803" });
  return converted(bound, called.returns);
}

/** DuckDB text over which an argument that is used twice is worth a row of its own, at some ten nanoseconds for each call. */
const longText = 200;

const isLong = ({ sql }: Bound) => sql.length > longText;
/** Also when it calls a function in SQL that does. */
const isRandom = ({ sql }: Bound) => sql.includes("random()");

function usesOf(body: Expression, index: number): number {
  return count(body, (node) => node.kind === "name" && node.parts[0]!.text === `$${index + 1}`);
}

const hasSubquery = (body: Expression) => count(body, ({ kind }) => (kind as string) === "query") > 0;

function count(node: unknown, isCounted: (node: Expression) => boolean): number {
  if (typeof node !== "object" || node === null) return 0;
  const own = "kind" in node && isCounted(node as Expression) ? 1 : 0;
  return Object.values(node).reduce<number>((sum, child) => sum + count(child, isCounted), own);
}

/** An argument as a field of the row. The names are always the same: an expression reads no row but its own. */
function fieldOf({ type }: Bound, index: number): Bound {
  const sql = `args.a${index}`;
  return type.name === "super" ? superOf(sql) : { sql, type };
}

/** A list of the one row, and what the expression gives for it: DuckDB evaluates a subquery once for all calls, but a list for each. */
function overRow({ sql, type }: Bound, given: readonly Bound[]): Bound {
  const fields = given.map((arg, index) => `a${index}: ${arg.sql}`).join(", ");
  const result = `list_transform([{${fields}}], lambda args: ${sql})[1]`;
  return type.name === "super" ? superOf(result) : { sql: result, type };
}

/** A value as the type of an argument or of the result; text keeps its length. */
function converted(value: Bound, type: UserFunction["returns"]): Bound {
  if (type.name === "super") return value.type.name === "super" ? value : superOf(castTo(value, type).sql);
  if (isText(type)) return { sql: assign(value, { name: "", type }), type };
  const { sql } = value.type.name === "unknown" ? coerce(value, type) : castTo(value, type);
  return { sql: `(${sql})`, type };
}
