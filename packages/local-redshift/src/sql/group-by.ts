import { foldName, type BindContext } from "./bind-context.ts";
import { bindExpression } from "./bind-expression.ts";
import { columnAt } from "./bind-name.ts";
import { sortPosition } from "./bind-query.ts";
import type { Bound, OutputColumn } from "./bound.ts";
import { groupingSets, isGrouping } from "./grouping-sets.ts";
import type { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { groupBySuper } from "./super-groups.ts";
import type { Expression, Select, SelectItem } from "./tree.ts";

/** Texts for those expressions of GROUP BY that are SUPER; bound before the select list, which has to know of them. */
export function groupSupers(select: Select, scope: Scope, context: BindContext): ReadonlyMap<Expression, string> {
  const texts = new Map<Expression, string>();
  for (const expression of select.groupBy) {
    if (isGrouping(expression)) continue;
    const bound = bindExpression(groupedNode(expression, select.items, scope, context), scope, context);
    if (bound.type.name === "super") texts.set(expression, groupBySuper(bound, scope));
  }
  return texts;
}

/** DuckDB text of GROUP BY, empty without one. `items` are what the select list gives, `supers` is from {@link groupSupers}. */
export function groupByText(
  select: Select,
  items: readonly Bound[],
  columns: readonly OutputColumn[],
  supers: ReadonlyMap<Expression, string>,
  scope: Scope,
  context: BindContext,
): string {
  const { groupBy } = select;
  if (groupBy.length === 0) return "";
  if (!groupBy.some(isGrouping)) {
    const plain = groupBy.filter((node) => !isGrouping(node));
    const texts = plain.map((node) => supers.get(node) ?? groupText(node, columns, scope, context));
    return `GROUP BY ${texts.join(", ")}`;
  }
  const sets = groupingSets(groupBy);
  const texts = new Map(supers);
  for (const expression of new Set(sets.flat()))
    if (!texts.has(expression)) texts.set(expression, setText(expression, items, columns, scope, context));
  const lists = sets.map((set) => `(${withoutTwice(set.map((expression) => texts.get(expression)!)).join(", ")})`);
  return `GROUP BY GROUPING SETS (${lists.join(", ")})`;
}

/** Source: Database Developer Guide, r_GROUP_BY_aggregation-extensions, usage notes, which name no text. */
function withoutTwice(texts: readonly string[]): readonly string[] {
  if (new Set(texts).size < texts.length)
    throw new SqlError("a grouping set cannot contain duplicate columns", { sqlState: "42803" });
  return texts;
}

/**
 * A column of a grouping set. Positions and aliases become the expressions that they stand for; constants are refused, as the page on
 * aggregation extensions says without a text. That a position is no constant is UNCONFIRMED.
 */
function setText(
  expression: Expression,
  items: readonly Bound[],
  columns: readonly OutputColumn[],
  scope: Scope,
  context: BindContext,
): string {
  const text = groupText(expression, columns, scope, context);
  const isPosition = sortPosition(expression, columns, context) === text;
  const bound = isPosition ? items[Number(text) - 1]! : bindExpression(expression, scope, context);
  if (bound.constant !== undefined)
    throw new SqlError("constants cannot be grouping columns of an aggregation extension", { sqlState: "42803" });
  if (bound.type.name === "super")
    throw new SqlError("SUPER in ROLLUP, CUBE and GROUPING SETS is not built in the local Redshift");
  return bound.sql;
}

/** The item of the select list that a position or an alias in GROUP BY stands for, or the expression itself. */
function groupedNode(
  expression: Expression,
  items: readonly SelectItem[],
  scope: Scope,
  context: BindContext,
): Expression {
  if (expression.kind === "number") {
    const before = items.slice(0, Number(expression.value));
    const item = before.some((one) => one.expression.kind === "star") ? undefined : before.at(-1);
    return item !== undefined && before.length === Number(expression.value) ? item.expression : expression;
  }
  if (expression.kind !== "name" || expression.parts.length !== 1) return expression;
  const name = foldName(expression.parts[0]!, context.settings);
  if (scope.findColumn(name) !== undefined) return expression;
  const item = items.find((one) => one.alias !== undefined && foldName(one.alias, context.settings) === name);
  return item?.expression ?? expression;
}

/** A name in GROUP BY is a column of FROM before it is an alias of the select list. */
function groupText(
  expression: Expression,
  columns: readonly OutputColumn[],
  scope: Scope,
  context: BindContext,
): string {
  const position = sortPosition(expression, columns, context);
  if (position === undefined) return bindExpression(expression, scope, context).sql;
  if (expression.kind === "name") {
    const found = scope.findColumn(foldName(expression.parts[0]!, context.settings));
    if (found !== undefined) return columnAt(found.relation, found.index).sql;
  }
  return position;
}
