import { assign } from "./assign.ts";
import type { BindContext, UserFunction } from "./bind-context.ts";
import { bindExpression } from "./bind-expression.ts";
import type { Bound } from "./bound.ts";
import { castTo, coerce, settle } from "./cast.ts";
import { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { isText } from "./sql-type.ts";
import { superOf } from "./super-value.ts";
import type { FunctionNode } from "./tree.ts";

/**
 * A call of a function in SQL: its expression with the arguments in place of `$1`, `$2` … Each use of an argument is the argument itself
 * again, so RANDOM in one that is used twice is not built. `nodes` are the arguments as they are written.
 */
export function bindUserFunction(
  called: UserFunction,
  args: readonly Bound[],
  nodes: readonly unknown[],
  context: BindContext,
): Bound {
  const given = args.map((arg, index) => converted(arg, called.args[index]!));
  const uses = new Map<number, number>();
  const scope = new Scope();
  const bound = settle(
    bindExpression(called.expression, scope, {
      ...context,
      findFunction: (names, types) => context.findFunction?.(names, types, true),
      variable(names) {
        const name = names[0] ?? "";
        if (!name.startsWith("$")) return undefined;
        const index = Number(name.slice(1)) - 1;
        const value = given[index];
        if (value === undefined) throw new SqlError(`there is no parameter ${name}`, { sqlState: "42P02" });
        uses.set(index, (uses.get(index) ?? 0) + 1);
        if (uses.get(index)! > 1 && callsRandom(nodes[index]))
          throw new SqlError("RANDOM in an argument that a function uses twice is not built in the local Redshift");
        return { bound: value, used: 1 };
      },
    }),
  );
  if (scope.hasAggregate) throw new SqlError("aggregates are not allowed in a SQL function", { sqlState: "42803" });
  return { ...converted(bound, called.returns), label: called.name };
}

function callsRandom(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  if ("kind" in node && node.kind === "function" && (node as FunctionNode).name.at(-1)!.text.toLowerCase() === "random")
    return true;
  return Object.values(node).some(callsRandom);
}

/** A value as the type of an argument or of the result; text keeps its length. */
function converted(value: Bound, type: UserFunction["returns"]): Bound {
  if (type.name === "super") return value.type.name === "super" ? value : superOf(castTo(value, type).sql);
  if (isText(type)) return { sql: assign(value, { name: "", type }), type };
  const { sql } = value.type.name === "unknown" ? coerce(value, type) : castTo(value, type);
  return { sql: `(${sql})`, type };
}
