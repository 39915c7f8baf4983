import { foldName, type BindContext } from "./bind-context.ts";
import { bindExpression } from "./bind-expression.ts";
import { bindUserFunction } from "./bind-user-function.ts";
import type { Bound } from "./bound.ts";
import { aggregateFunctions } from "./functions/aggregate.ts";
import { catalogFunctions } from "./functions/catalog.ts";
import { clockFunctions } from "./functions/clock.ts";
import { conditionalFunctions } from "./functions/conditional.ts";
import { dateFunctions } from "./functions/date.ts";
import { formatFunctions } from "./functions/format.ts";
import { windowPlace, type FunctionBinder } from "./functions/function-binder.ts";
import { hashFunctions } from "./functions/hash.ts";
import { jsonFunctions } from "./functions/json.ts";
import { mathFunctions } from "./functions/math.ts";
import { regexpFunctions } from "./functions/regexp.ts";
import { rightsFunctions } from "./functions/rights.ts";
import { sessionFunctions } from "./functions/session.ts";
import { superFunctions, superMathFunctions } from "./functions/super.ts";
import { textFunctions } from "./functions/text.ts";
import { varbyteFunctions } from "./functions/varbyte.ts";
import { windowFunctions } from "./functions/window.ts";
import { unbuiltFunctions } from "./functions/unbuilt.ts";
import { windowText } from "./window-text.ts";
import type { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { plainTypeText } from "./sql-type.ts";
import { superOf } from "./super-value.ts";
import type { Expression, FunctionNode, WindowNode } from "./tree.ts";

const scalarFunctions: ReadonlyMap<string, FunctionBinder> = new Map([
  ...Object.entries(catalogFunctions),
  ...Object.entries(clockFunctions),
  ...Object.entries(conditionalFunctions),
  ...Object.entries(dateFunctions),
  ...Object.entries(formatFunctions),
  ...Object.entries(hashFunctions),
  ...Object.entries(jsonFunctions),
  ...Object.entries(mathFunctions),
  ...Object.entries(regexpFunctions),
  ...Object.entries(rightsFunctions),
  ...Object.entries(sessionFunctions),
  ...Object.entries(superFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(varbyteFunctions),
]);

/** The names of all functions that are built. */
export const builtFunctions: ReadonlySet<string> = new Set([
  ...scalarFunctions.keys(),
  ...Object.keys(aggregateFunctions),
  ...Object.keys(windowFunctions),
]);

/** Functions whose first argument is a date part that may be written as a bare word. */
const datePartFunctions: ReadonlySet<string> = new Set([
  "date_add",
  "date_diff",
  "date_part",
  "dateadd",
  "datediff",
  "datepart",
  "extract",
  "pgdate_part",
]);

/** Binds a call: scalar function, aggregate or window function. Throws `function f(types) does not exist` for an unknown one. */
export function bindFunction(node: FunctionNode, scope: Scope, context: BindContext): Bound {
  const name = foldName(node.name.at(-1)!, context.settings);
  const schema = node.name.length > 1 ? foldName(node.name.at(-2)!, context.settings) : "pg_catalog";
  const aggregate = aggregateFunctions[name];
  const window = windowFunctions[name];
  const groups = scope.groups;
  // What an aggregate reads are the rows of a group, not what the group shows.
  if (aggregate !== undefined && node.over === undefined) scope.groups = new Map();
  const args = bindArguments(name, node.args, scope, context);
  const call = { name, args, node, context, bind: (child: Expression) => bindExpression(child, scope, context) };
  if (schema === "pg_catalog" && node.over !== undefined && (aggregate ?? window) !== undefined) {
    checkFrame(node.over, name);
    if (node.distinct) throw new SqlError("DISTINCT is not implemented for window functions", { sqlState: "0A000" });
    const bound = (window ?? aggregate!)(call);
    return { ...withText(bound, overWindow(bound, windowText(node.over, call.bind))), label: name };
  }
  if (schema === "pg_catalog" && window !== undefined)
    throw new SqlError(`window function "${name}" requires an OVER clause`, { sqlState: "42809" });
  if (schema === "pg_catalog" && aggregate !== undefined) {
    scope.hasAggregate = true;
    const bound = aggregate(call);
    scope.groups = groups;
    return { ...withText(bound, bound.sql.replaceAll(windowPlace, "")), label: name };
  }
  const own = args[0]?.type.name === "super" ? superMathFunctions[name] : undefined;
  const scalar = schema === "pg_catalog" ? (own ?? scalarFunctions.get(name)) : undefined;
  if (scalar === undefined) {
    const called = context.findFunction?.(
      node.name.map((part) => foldName(part, context.settings)),
      args.map((arg) => arg.type),
    );
    if (called === undefined) throw unknownFunction(name, args);
    return bindUserFunction(called, args, context);
  }
  return { label: name, ...scalar(call) };
}

/** The same with other text, from which a path into it starts. */
const withText = (bound: Bound, sql: string): Bound => (bound.type.name === "super" ? superOf(sql) : { ...bound, sql });
/** Functions over a window that take no frame. Source: Database Developer Guide, c_Window_functions. */
const frameless: ReadonlySet<string> = new Set(
  "cume_dist dense_rank lag lead ntile percent_rank rank ratio_to_report row_number listagg median percentile_cont percentile_disc".split(
    " ",
  ),
);

/** Source: Database Developer Guide, r_Window_function_synopsis; the texts are those that users report. */
function checkFrame(over: WindowNode, name: string): void {
  const offset = over.frame?.unit === "range" && [over.frame.start, over.frame.end].some((bound) => bound?.offset);
  if (offset) throw new SqlError("RANGE frames with an offset are not supported", { sqlState: "0A000" });
  if (frameless.has(name)) return;
  if (over.orderBy.length > 0 && over.frame === undefined)
    throw new SqlError("Aggregate window functions with an ORDER BY clause require a frame clause", {
      sqlState: "42601",
    });
}

function overWindow(bound: Bound, window: string): string {
  return bound.sql.split(windowPlace).join(` OVER ${window}`);
}

function bindArguments(
  name: string,
  nodes: readonly Expression[],
  scope: Scope,
  context: BindContext,
): readonly Bound[] {
  return nodes.map((node, index) => {
    const isPart = index === 0 && datePartFunctions.has(name) && node.kind === "name" && node.parts.length === 1;
    const child: Expression = isPart ? { kind: "string", value: node.parts[0]!.text, at: node.at } : node;
    return bindExpression(child, scope, context);
  });
}

function unknownFunction(name: string, args: readonly Bound[]): SqlError {
  if (unbuiltFunctions.has(name)) return new SqlError(`function ${name} is not built in the local Redshift`);
  const shown = args.map((arg) => plainTypeText(arg.type)).join(", ");
  return new SqlError(`function ${name}(${shown}) does not exist`, { sqlState: "42883" });
}
