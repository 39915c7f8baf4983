import { foldName, type BindContext } from "./bind-context.ts";
import { bindExpression, unify } from "./bind-expression.ts";
import { bindFrom, bindItem, isPath, renamed, type BoundFrom } from "./bind-from.ts";
import { columnAt } from "./bind-name.ts";
import { quoteText } from "./bound.ts";
import { Scope, watched, type Relation, type ScopeColumn } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { types } from "./sql-type.ts";
import type { Expression, FromItem, FunctionNode, NamePart, Query, Select, SelectItem } from "./tree.ts";

/** PIVOT and UNPIVOT of relations. Source: Database Developer Guide, r_FROM_clause-pivot-unpivot-examples; it names no texts. */

type PivotItem = Extract<FromItem, { kind: "pivot" }>;
type UnpivotItem = Extract<FromItem, { kind: "unpivot-columns" }>;

const pivotAggregates: ReadonlySet<string> = new Set(["avg", "count", "max", "min", "sum"]);

/**
 * Values of a column become columns: a query that groups by the columns that PIVOT does not name, with the aggregate once for each value,
 * over the rows that have it.
 */
export function bindPivot(item: PivotItem, scope: Scope, context: BindContext): BoundFrom {
  const aggregate = aggregateOf(item, context);
  const groups = groupColumns(item, aggregate, scope, context).map((name): Expression => nameNode(name, item.at));
  const values = item.values.map((value): SelectItem => {
    const over = { ...aggregate, star: false, args: [whereValue(item, aggregate, value.expression)] };
    return { expression: over, alias: named(valueName(item, value, context), item.at) };
  });
  const items = [...groups.map((expression) => ({ expression, alias: undefined })), ...values];
  const query = selectOf(items, item.input, groups, item.at);
  const { alias, columnAliases, at } = item;
  return bindItem({ kind: "derived", query, alias, columnAliases, at }, scope, context);
}

function aggregateOf(item: PivotItem, context: BindContext): FunctionNode {
  const { aggregate } = item;
  const isOne =
    aggregate.kind === "function" &&
    aggregate.over === undefined &&
    pivotAggregates.has(foldName(aggregate.name.at(-1)!, context.settings));
  if (!isOne)
    throw new SqlError("PIVOT takes one call of COUNT, SUM, MIN, MAX or AVG", {
      sqlState: "0A000",
      position: aggregate.at + 1,
    });
  return aggregate;
}

/** The input's columns that neither the aggregate nor FOR names. */
function groupColumns(item: PivotItem, aggregate: FunctionNode, scope: Scope, context: BindContext): readonly string[] {
  const { relation } = bindInput(item, "PIVOT", scope, context);
  const named = new Set<ScopeColumn>();
  const inner = new Scope();
  // Without what the relation keeps of its SUPER values, so that paths into them read the column.
  inner.add({ alias: relation.alias, columns: watched(relation.columns, named) });
  for (const read of [...aggregate.args, nameNode(item.column, item.at)]) {
    // A column is seen when its text is read, which SUPER columns leave to the last.
    String(bindExpression(read, inner, context).sql);
  }
  return relation.columns
    .filter((column) => !named.has(column) && column.denied === undefined)
    .map((column) => column.name);
}

/** What the aggregate reads for a value: its argument in the rows with that value, and 1 for `count(*)`. */
function whereValue(item: PivotItem, aggregate: FunctionNode, value: Expression): Expression {
  if (value.kind === "subquery") throw new SqlError("PIVOT values cannot be subqueries", { sqlState: "0A000" });
  const { at } = value;
  const column = nameNode(item.column, at);
  const when: Expression =
    value.kind === "null"
      ? { kind: "is", operand: column, test: "null", negated: false, at }
      : { kind: "binary", operator: "=", left: column, right: value, at };
  const then: Expression = aggregate.star ? { kind: "number", value: "1", at } : aggregate.args[0]!;
  return { kind: "case", operand: undefined, whens: [{ when, then }], otherwise: undefined, at };
}

/** A constant names its own column; what is calculated is `?column?` or what a select list would call it. */
function valueName({ aggregateAlias }: PivotItem, value: PivotItem["values"][number], context: BindContext): string {
  const bound = bindExpression(value.expression, new Scope(), context);
  const constant = value.expression.kind === "boolean" ? String(value.expression.value) : bound.constant;
  const own = value.alias?.text ?? (constant === null ? "null" : (constant ?? bound.label ?? "?column?"));
  return aggregateAlias === undefined ? own : `${own}_${aggregateAlias.text}`;
}

/** Columns become rows: one for each of them that has a value. */
export function bindUnpivotColumns(item: UnpivotItem, scope: Scope, context: BindContext): BoundFrom {
  const { from, relation } = bindInput(item, "UNPIVOT", scope, context);
  const indexes = item.columns.map((column) => indexOf(column.name, relation, context));
  const kept = [...relation.columns.keys()].filter(
    (index) => !indexes.includes(index) && relation.columns[index]!.denied === undefined,
  );
  const values = unify(
    indexes.map((index) => columnAt(relation, index)),
    "UNPIVOT",
  );
  const names = item.columns.map((column) => quoteText(foldName(column.alias ?? column.name, context.settings)));
  const number = `r${context.nextNumber()}`;
  const columns: ScopeColumn[] = [
    ...kept.map((index) => ({ name: relation.columns[index]!.name, type: relation.columns[index]!.type })),
    { name: foldName(item.name, context.settings), type: types.text },
    { name: foldName(item.value, context.settings), type: values.type },
  ].map((column, index) => ({ ...column, sql: `${number}.c${index}` }));
  const alias = item.alias === undefined ? number : foldName(item.alias, context.settings);
  const rotated: Relation = { alias, columns: renamed(columns, item.columnAliases, context) };
  scope.add(rotated);
  const list = [
    ...kept.map((index) => relation.columns[index]!.sql),
    `unnest([${names.join(", ")}])`,
    `unnest([${values.items.map((value) => value.sql).join(", ")}])`,
  ].map((sql, index) => `${sql} AS c${index}`);
  const where = item.includeNulls ? "" : ` WHERE c${list.length - 1} IS NOT NULL`;
  return {
    relations: [rotated],
    render: () => `(SELECT * FROM (SELECT ${list.join(", ")} FROM ${from.render()}) AS u${where}) AS ${number}`,
  };
}

function indexOf(name: NamePart, relation: Relation, context: BindContext): number {
  const folded = foldName(name, context.settings);
  const index = relation.columns.findIndex((column) => column.name === folded);
  if (index < 0)
    throw new SqlError(`column "${folded}" does not exist in ${relation.alias}`, {
      sqlState: "42703",
      position: name.at + 1,
    });
  return index;
}

/** Binds what is rotated: a table, subquery or CTE. It sees nothing of the queries around it. */
function bindInput(
  item: PivotItem | UnpivotItem,
  word: string,
  scope: Scope,
  context: BindContext,
): { readonly from: BoundFrom; readonly relation: Relation } {
  const { input } = item;
  const isRelation = input.kind === "relation" && !isPath(input, scope, context) && !isRecursive(input.name, context);
  if (!isRelation && input.kind !== "derived")
    throw new SqlError(`${word} can only be applied to tables, subqueries and common table expressions`, {
      sqlState: "0A000",
      position: item.at + 1,
    });
  const [from] = bindFrom([input], new Scope(), context);
  return { from: from!, relation: from!.relations[0]! };
}

function isRecursive(name: readonly NamePart[], context: BindContext): boolean {
  const source = context.findRelation(name.map((part) => foldName(part, context.settings)));
  return source.kind === "bound" && source.schema === undefined && source.query === undefined;
}

const named = (text: string, at: number): NamePart => ({ text, quoted: true, at });

function nameNode(name: string | NamePart, at: number): Expression {
  return { kind: "name", parts: [typeof name === "string" ? named(name, at) : name], at };
}

function selectOf(items: readonly SelectItem[], input: FromItem, groupBy: readonly Expression[], at: number): Query {
  const none = {
    into: undefined,
    distinct: false,
    top: undefined,
    where: undefined,
    hierarchy: undefined,
    having: undefined,
    qualify: undefined,
  };
  const body: Select = { kind: "select", ...none, items, from: [input], groupBy, at };
  const rest = { orderBy: [], limit: undefined, offset: undefined, at, end: at };
  return { kind: "query", recursive: false, ctes: [], body, ...rest };
}
