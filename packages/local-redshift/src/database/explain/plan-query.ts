import type { Expression, FunctionNode, Query, QueryBody, Select, SetOperation, WithClause } from "../../sql/tree.ts";
import { aggregateFunctions } from "../../sql/functions/aggregate.ts";
import { visit } from "../kept-view-rules.ts";
import { expressionText } from "./expression-text.ts";
import { planFrom } from "./plan-from.ts";
import { planHierarchy } from "./plan-hierarchy.ts";
import type { PlanNode } from "./plan-node.ts";
import { fold, type Derived, type Planner } from "./planner.ts";
import { aggregate, limit, over, result, sort } from "./steps.ts";

/** Groups that a column is taken to have: PostgreSQL's guess without statistics. */
const groupsOfColumn = 200;

/** The plan of a query. */
export async function planQuery(query: Query, outer: Planner): Promise<PlanNode> {
  const planner = await withCtes(query, outer);
  const { body } = query;
  let plan = await planBody(body, planner);
  if (query.orderBy.length > 0)
    plan = sort(plan, query.orderBy.map(({ expression }) => sortText(expression, body, planner)).join(", "));
  const most = query.limit ?? (body.kind === "select" ? body.top : undefined);
  return most === undefined ? plan : limit(plan, most.kind === "number" ? Number(most.value) : 1);
}

/** Planning of what comes after WITH. */
export async function withCtes(query: WithClause, outer: Planner): Promise<Planner> {
  const ctes = new Map<string, Derived>(outer.ctes);
  for (const cte of query.ctes) {
    const planner = { ...outer, ctes };
    const name = fold(cte.name, planner);
    const columns =
      cte.columns.length > 0 ? new Set(cte.columns.map((part) => fold(part, planner))) : outputNames(cte.query);
    // What a recursive query reads of itself.
    if (query.recursive) ctes.set(name, { plan: { ...result(), title: `XN WorkTable Scan on ${name}` }, columns });
    ctes.set(name, { plan: await planQuery(cte.query, planner), columns });
  }
  return { ...outer, ctes };
}

function planBody(body: QueryBody, planner: Planner): Promise<PlanNode> {
  switch (body.kind) {
    case "select":
      return planSelect(body, planner);
    case "set":
      return planSetOperation(body, planner);
    case "values":
      return Promise.resolve({ ...result(), title: 'XN Values Scan on "*VALUES*"', rows: body.rows.length });
    case "query":
      return planQuery(body, planner);
  }
}

/** `ORDER BY 2` and names of the select list stand for its expressions. */
function sortText(expression: Expression, body: QueryBody, planner: Planner): string {
  if (body.kind !== "select") return expressionText(expression);
  if (expression.kind === "number")
    return expressionText(body.items[Number(expression.value) - 1]?.expression ?? expression);
  if (expression.kind !== "name" || expression.parts.length > 1) return expressionText(expression);
  const name = fold(expression.parts[0]!, planner);
  const item = body.items.find(({ alias }) => alias !== undefined && fold(alias, planner) === name);
  return expressionText(item?.expression ?? expression);
}

async function planSelect(select: Select, planner: Planner): Promise<PlanNode> {
  let plan =
    select.hierarchy === undefined
      ? await planFrom(select.from, select.where, select, planner)
      : await planHierarchy(select, select.hierarchy, planner);
  const functions = functionsOf([select.items, select.having]);
  const isAggregate = functions.some(
    ({ name, over: window }) => window === undefined && aggregateNames.has(nameOf(name)),
  );
  if (select.groupBy.length > 0 || isAggregate) {
    const groups = Math.min(plan.rows, groupsOfColumn ** select.groupBy.length);
    const details = select.having === undefined ? [] : [`Filter: ${expressionText(select.having)}`];
    plan = aggregate(plan, select.groupBy.length > 0 ? groups : undefined, details);
  }
  const windows = functionsOf([select.items, select.qualify]).filter((node) => node.over !== undefined);
  if (windows.length > 0) plan = over("XN Window", [plan], windowDetails(windows[0]!));
  return select.distinct ? over("XN Unique", [plan], [], Math.min(plan.rows, groupsOfColumn)) : plan;
}

const nameOf = (name: FunctionNode["name"]) => name.at(-1)!.text.toLowerCase();

const aggregateNames: ReadonlySet<string> = new Set(Object.keys(aggregateFunctions));

function functionsOf(parts: readonly unknown[]): readonly FunctionNode[] {
  const found: FunctionNode[] = [];
  visit(parts, (node) => {
    if (node.kind === "function") found.push(node);
  });
  return found;
}

function windowDetails({ over: window }: FunctionNode): readonly string[] {
  const { partitionBy, orderBy } = window!;
  return [
    ...(partitionBy.length === 0 ? [] : [`Partition: ${partitionBy.map(expressionText).join(", ")}`]),
    ...(orderBy.length === 0
      ? []
      : [`Order: ${orderBy.map(({ expression }) => expressionText(expression)).join(", ")}`]),
  ];
}

/** Source of the words: Database Developer Guide, c-the-query-plan. */
async function planSetOperation({ operator, all, left, right }: SetOperation, planner: Planner): Promise<PlanNode> {
  const inputs = await Promise.all(
    [left, right].map(async (body, index) =>
      over(`XN Subquery Scan "*SELECT* ${index + 1}"`, [await planBody(body, planner)]),
    ),
  );
  const append = over("XN Append", inputs);
  if (operator === "union") return all ? append : over("XN Unique", [append]);
  return over(
    operator === "intersect" ? "XN Hash Intersect Distinct" : "XN SetOp Except",
    [append],
    [],
    inputs[0]!.rows,
  );
}

/** Names of a query's columns; `undefined` when a star hides them. */
export function outputNames(query: Query): ReadonlySet<string> | undefined {
  let body: QueryBody = query.body;
  while (body.kind !== "select") {
    if (body.kind === "values") return undefined;
    body = body.kind === "set" ? body.left : body.body;
  }
  const names = new Set<string>();
  for (const { alias, expression } of body.items) {
    if (expression.kind === "star") return undefined;
    if (alias !== undefined) names.add(alias.text.toLowerCase());
    else if (expression.kind === "name") names.add(expression.parts.at(-1)!.text.toLowerCase());
    else if (expression.kind === "function") names.add(nameOf(expression.name));
  }
  return names;
}
