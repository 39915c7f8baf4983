import { foldName, type NameSettings } from "../../sql/bind-context.ts";
import { quoteName, type OutputColumn } from "../../sql/bound.ts";
import { aggregateFunctions, averageText } from "../../sql/functions/aggregate.ts";
import { isGrouping } from "../../sql/grouping-sets.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { duckType } from "../../sql/sql-type.ts";
import type { Expression, FunctionNode, Query, Select, SelectItem } from "../../sql/tree.ts";
import { visit } from "../kept-view-rules.ts";
import { streamColumns } from "./stream-relation.ts";

/**
 * How the groups of a view with aggregates are kept up to date. Its table has further columns behind the view's own, so that a row and
 * what a batch adds to it are all that the new row takes.
 */
export interface Aggregation {
  /** The view's query, with the further columns at the end of its select list. */
  readonly query: Query;
  /** How many those are. */
  readonly hidden: number;
  /** For each column of the query, what becomes of it. */
  readonly columns: readonly MergedColumn[];
}

/** Part of the group's key, the same for each row of the group, or an aggregate; an average is made of two other columns. */
type MergedColumn =
  | { readonly kind: "key" | "constant" | "count" | "sum" | "min" | "max" }
  | { readonly kind: "avg"; readonly sum: number; readonly count: number };

/** Source: Database Developer Guide, materialized-view-refresh-sql-command, functions that are refreshed incrementally. */
const mergeable = ["count", "sum", "min", "max", "avg"] as const;

function aggregateOf(expression: Expression): (typeof mergeable)[number] | undefined {
  if (expression.kind !== "function") return undefined;
  const name = expression.name.at(-1)!.text.toLowerCase();
  return mergeable.find((one) => one === name);
}

function aggregatesRecords({ groupBy, having, items }: Select): boolean {
  const hasAggregate = (node: unknown) => {
    let found = false;
    visit(node, (one) => (found ||= aggregateOf(one) !== undefined));
    return found;
  };
  return groupBy.length > 0 || having !== undefined || hasAggregate(items);
}

/** The aggregation of a view's query; `undefined` for a view with a row for each record. */
export function aggregationOf(query: Query, settings: NameSettings): Aggregation | undefined {
  const { body } = query;
  if (body.kind !== "select" || !aggregatesRecords(body)) return undefined;
  const items: SelectItem[] = [...body.items];
  const hide = (expression: Expression): number => {
    const text = hiddenName(items.length, body.items, settings);
    return items.push({ expression, alias: { text, quoted: true, at: 0 } }) - 1;
  };
  const keys = body.groupBy.map((key) => visiblePlace(key as Expression, body, settings) ?? hide(key as Expression));
  const visible = body.items.map(({ expression }, index): MergedColumn => {
    const aggregate = aggregateOf(expression);
    if (aggregate === undefined) return { kind: keys.includes(index) ? "key" : "constant" };
    if (aggregate !== "avg") return { kind: aggregate };
    const call = expression as FunctionNode;
    const [sum, count] = (["sum", "count"] as const).map((name) => hide({ ...call, name: [named(name)] }));
    return { kind: "avg", sum: sum!, count: count! };
  });
  const further = items.slice(body.items.length);
  const columns = [
    ...visible,
    ...further.map(({ expression }): MergedColumn => {
      const aggregate = aggregateOf(expression);
      return { kind: aggregate === "sum" || aggregate === "count" ? aggregate : "key" };
    }),
  ];
  return { query: { ...query, body: { ...body, items } }, hidden: further.length, columns };
}

const named = (text: string) => ({ text, quoted: false, at: 0 });

/** A name that no column of the view has: quoted, or a setting that keeps capitals, may give any. */
function hiddenName(index: number, items: readonly SelectItem[], settings: NameSettings): string {
  let name = `hidden ${index}`;
  while (items.some(({ alias }) => alias !== undefined && foldName(alias, settings) === name)) name = `_${name}`;
  return name;
}

/** The place of a grouping expression in the select list: by its number, by its alias, or as the same expression. */
function visiblePlace(key: Expression, { items }: Select, settings: NameSettings): number | undefined {
  if (key.kind === "number") return Number(key.value) - 1;
  const same = items.findIndex(({ expression }) => isSame(expression, key));
  if (same >= 0) return same;
  if (key.kind !== "name" || key.parts.length > 1) return undefined;
  const name = foldName(key.parts[0]!, settings);
  // A column of the stream comes before an alias.
  if (streamColumns.some((column) => column.name === name)) return undefined;
  const aliased = items.findIndex(({ alias }) => alias !== undefined && foldName(alias, settings) === name);
  return aliased < 0 ? undefined : aliased;
}

function isSame(left: Expression, right: Expression): boolean {
  const text = (node: Expression) => JSON.stringify(node, (key, value: unknown) => (key === "at" ? undefined : value));
  return text(left) === text(right);
}

/** Throws for what is not built of views with aggregates. That Redshift takes it is UNCONFIRMED. */
export function checkAggregation(select: Select): void {
  visit(select, (node) => {
    if (node.kind === "function" && isOtherAggregate(node)) throw notBuilt(node.name.at(-1)!.text.toUpperCase());
  });
  if (!aggregatesRecords(select)) return;
  if (select.having !== undefined) throw notBuilt("HAVING");
  if (select.groupBy.some(isGrouping)) throw notBuilt("GROUP BY with ROLLUP, CUBE or GROUPING SETS");
  for (const { expression } of select.items) {
    let isInside = false;
    visit(expression, (node) => (isInside ||= node !== expression && aggregateOf(node) !== undefined));
    if (isInside && aggregateOf(expression) === undefined) throw notBuilt("an expression of aggregates");
  }
}

function isOtherAggregate(node: FunctionNode): boolean {
  return Object.hasOwn(aggregateFunctions, node.name.at(-1)!.text.toLowerCase()) && aggregateOf(node) === undefined;
}

const notBuilt = (what: string) =>
  new SqlError(`${what} in a materialized view over a stream is not built in the local Redshift`, {
    sqlState: "0A000",
  });

/** Throws for columns that cannot be merged. */
export function checkMergedTypes(columns: readonly OutputColumn[]): void {
  if (columns.some(({ type }) => type.name === "super")) throw notBuilt("SUPER beside aggregates");
}

/** Holds what a batch adds to each group. */
const groupTable = "temp.main.groups";

/**
 * Statements that merge a batch into the groups: those that are there grow, and new ones are put in. `query` is DuckDB's text of the
 * aggregation's query over the batch, `columns` are its columns under the names of the view's table; `table` makes what is between.
 */
export function mergeStatements(
  storage: string,
  query: string,
  columns: readonly OutputColumn[],
  { columns: merged }: Aggregation,
): { readonly table: string; readonly statements: readonly string[] } {
  const names = columns.map(({ name }) => quoteName(name));
  const isSameGroup = merged
    .flatMap(({ kind }, index) => (kind === "key" ? [`t.${names[index]} IS NOT DISTINCT FROM b.${names[index]}`] : []))
    .join(" AND ");
  const where = isSameGroup === "" ? "TRUE" : isSameGroup;
  const changes = merged.flatMap((column, index) => {
    const text = mergedText(column, index, columns, merged);
    return text === undefined ? [] : [`${names[index]} = ${text}`];
  });
  const list = names.join(", ");
  const grow = `UPDATE ${storage} AS t SET ${changes.join(", ")} FROM ${groupTable} AS b WHERE ${where}`;
  return {
    table: `CREATE OR REPLACE TEMP TABLE groups AS SELECT ${list} FROM ${storage} WITH NO DATA`,
    statements: [
      `INSERT INTO ${groupTable} (${list}) ${query}`,
      ...(changes.length === 0 ? [] : [grow]),
      `INSERT INTO ${storage} (${list}) SELECT ${list} FROM ${groupTable} AS b WHERE NOT EXISTS (SELECT 1 FROM ${storage} AS t WHERE ${where})`,
      `DELETE FROM ${groupTable}`,
    ],
  };
}

/** The new value of a column, of the row `t` and what the batch adds, `b`; `undefined` for what does not change. */
function mergedText(
  column: MergedColumn,
  index: number,
  columns: readonly OutputColumn[],
  merged: readonly MergedColumn[],
): string | undefined {
  const { name, type } = columns[index]!;
  const [before, added] = [`t.${quoteName(name)}`, `b.${quoteName(name)}`];
  switch (column.kind) {
    case "key":
    case "constant":
      return undefined;
    case "count":
      return `${before} + ${added}`;
    case "sum":
      return `CAST(coalesce(${before} + ${added}, ${before}, ${added}) AS ${duckType(type)})`;
    case "min":
      return `least(${before}, ${added})`;
    case "max":
      return `greatest(${before}, ${added})`;
    case "avg": {
      const [sum, count] = [column.sum, column.count].map((part) => mergedText(merged[part]!, part, columns, merged));
      return averageText(`(CAST(${sum} AS DOUBLE) / nullif(${count}, 0))`, type);
    }
  }
}
