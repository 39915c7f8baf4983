import type { RowFilter } from "../../sql/bind-context.ts";
import type { OutputColumn } from "../../sql/bound.ts";
import type { Expression, FromItem } from "../../sql/tree.ts";
import { visit } from "../kept-view-rules.ts";
import { expressionText } from "./expression-text.ts";
import type { PlanNode } from "./plan-node.ts";
import { outputNames, planQuery } from "./plan-query.ts";
import {
  atLeastOne,
  conjunctsOf,
  fold,
  ownersOf,
  selectivity,
  widthOf,
  type Derived,
  type Leaf,
  type Planner,
  type Side,
} from "./planner.ts";
import { hashJoin, nestedLoop, over, result, scan, type Movement } from "./steps.ts";

type Join = Extract<FromItem, { kind: "join" }>;
type RelationItem = Extract<FromItem, { kind: "relation" }>;

/** FROM with WHERE. `reader` is the part of the statement whose names say which columns are read. */
export async function planFrom(
  items: readonly FromItem[],
  where: Expression | undefined,
  reader: unknown,
  planner: Planner,
): Promise<PlanNode> {
  if (items.length === 0) return result();
  const leaves = items.flatMap((item) => leavesOf(item, planner));
  const conditions = conjunctsOf(where);
  const owned = new Map(conditions.map((condition) => [condition, ownersOf(condition, leaves, planner)]));
  const filters = (alias: string) =>
    conditions.filter((one) => owned.get(one)!.size === 1 && owned.get(one)!.has(alias));
  const world = { planner, leaves, filters, reader };
  const [first, ...rest] = items;
  let side = await planItem(first!, world);
  const open = new Set(conditions.filter((one) => owned.get(one)!.size !== 1));
  for (const item of rest) {
    const next = await planItem(item, world);
    const isNow = (one: Expression) =>
      [...owned.get(one)!].every((alias) => side.aliases.has(alias) || next.aliases.has(alias)) &&
      owned.get(one)!.size > 0;
    const now = [...open].filter(isNow);
    for (const one of now) open.delete(one);
    side = joinSides("inner", side, next, now, world);
  }
  return open.size === 0 ? side.plan : withFilter(side.plan, [...open]);
}

/** What planning one FROM needs at each of its items. */
interface FromWorld {
  readonly planner: Planner;
  readonly leaves: readonly Leaf[];
  filters(alias: string): readonly Expression[];
  readonly reader: unknown;
}

/** A plan whose rows are those that some conditions let through. */
export function withFilter(plan: PlanNode, conditions: readonly Expression[]): PlanNode {
  const share = conditions.reduce((all, one) => all * selectivity(one), 1);
  return { ...plan, rows: atLeastOne(plan.rows * share), details: [...plan.details, ...filterText(conditions)] };
}

function filterText(conditions: readonly Expression[]): readonly string[] {
  if (conditions.length === 0) return [];
  const texts = conditions.map(expressionText);
  return [`Filter: ${texts.length === 1 ? texts[0] : `(${texts.join(" AND ")})`}`];
}

/** The relations of an item as names see them. */
function leavesOf(item: FromItem, planner: Planner): readonly Leaf[] {
  if (item.kind === "join") return [...leavesOf(item.left, planner), ...leavesOf(item.right, planner)];
  if (item.kind === "derived") return [{ alias: aliasOf(item, planner), columns: outputNames(item.query) }];
  if (item.kind !== "relation") return [{ alias: aliasOf(item, planner), columns: undefined }];
  const cte = cteOf(item, planner);
  if (cte !== undefined) return [{ alias: aliasOf(item, planner), columns: cte.columns }];
  const columns = isPath(item) ? undefined : columnsOf(item, planner);
  return [{ alias: aliasOf(item, planner), columns: columns && new Set(columns.map((column) => column.name)) }];
}

function aliasOf(item: Exclude<FromItem, Join>, planner: Planner): string {
  if (item.alias !== undefined) return fold(item.alias, planner);
  return item.kind === "relation" ? fold(item.name.at(-1)!, planner) : item.kind;
}

const isPath = (item: RelationItem) => item.steps.length > 0 || item.index !== undefined;

const cteOf = (item: RelationItem, planner: Planner): Derived | undefined =>
  item.name.length === 1 ? planner.ctes.get(fold(item.name[0]!, planner)) : undefined;

/** `undefined` for a path into SUPER, which is no relation. */
function sourceOf(item: RelationItem, planner: Planner) {
  try {
    return planner.bind.findRelation(item.name.map((part) => fold(part, planner)));
  } catch {
    // The statement is bound, so what is no relation is a path.
    return undefined;
  }
}

function columnsOf(item: RelationItem, planner: Planner): readonly OutputColumn[] | undefined {
  return sourceOf(item, planner)?.columns;
}

async function planItem(item: FromItem, world: FromWorld): Promise<Side> {
  if (item.kind === "join") return planJoin(item, world);
  const alias = aliasOf(item, world.planner);
  const side = (plan: PlanNode, attributes?: Side["attributes"]): Side => ({
    aliases: new Set([alias]),
    plan,
    attributes,
  });
  const subquery = (plan: PlanNode) => {
    const conditions = world.filters(alias);
    return side(withFilter(over(`XN Subquery Scan ${alias}`, [plan]), conditions));
  };
  switch (item.kind) {
    case "derived":
      return subquery(await planQuery(item.query, world.planner));
    case "relation":
      return planRelation(item, alias, world, side, subquery);
    case "pivot":
    case "unpivot-columns":
      return side(over("XN HashAggregate", [(await planItem(item.input, world)).plan]));
    case "function-rows":
    case "unnest":
    case "unpivot":
      return side(over(`XN Function Scan on ${alias}`, [], [], 1));
  }
}

async function planRelation(
  item: RelationItem,
  alias: string,
  world: FromWorld,
  side: (plan: PlanNode, attributes?: Side["attributes"]) => Side,
  subquery: (plan: PlanNode) => Side,
): Promise<Side> {
  const { planner } = world;
  const cte = cteOf(item, planner);
  if (cte !== undefined) return subquery(cte.plan);
  const source = isPath(item) ? undefined : sourceOf(item, planner);
  if (source === undefined) return side(over(`XN Function Scan on ${alias}`, [], [], 1));
  const filter = source.kind === "stream" ? undefined : source.filter;
  if (source.kind === "view") {
    const plan = await planQuery(source.query, { ...planner, bind: source.context, ctes: new Map() });
    return filter === undefined ? subquery(plan) : side(secureScan(alias, plan, filter, world.filters(alias)));
  }
  const isSystem = source.sql.startsWith("(");
  const tableRows = isSystem ? 1 : await planner.countRows(source.sql);
  const conditions = world.filters(alias);
  const rows = atLeastOne(conditions.reduce((all, one) => all * selectivity(one), tableRows));
  const title = `${isSystem ? "LD" : "XN"} Seq Scan on ${source.name}${source.name === alias ? "" : ` ${alias}`}`;
  const width = widthRead(source.columns, alias, world);
  const attributes = source.kind === "stored" ? planner.attributesOf(source.schema, source.name) : undefined;
  if (filter !== undefined) {
    const below = scan(`XN Seq Scan on ${source.name} rls_table`, tableRows, tableRows, width, []);
    return side(secureScan(alias, below, filter, conditions), attributes);
  }
  return side(scan(title, tableRows, rows, width, filterText(conditions)), attributes);
}

/** Who may not see the policies' conditions does not see what is below either. Source: Database Developer Guide, r_EXPLAIN. */
function secureScan(alias: string, below: PlanNode, filter: RowFilter, conditions: readonly Expression[]): PlanNode {
  const plan = over(`XN RLS SecureScan ${alias}`, [below]);
  const shown = filter.shown === undefined ? [] : [withFilter(below, filter.shown)];
  return { ...withFilter(plan, conditions), inputs: shown };
}

/** Bytes of the columns that the statement names, or of all under a star. */
function widthRead(columns: readonly OutputColumn[], alias: string, { reader, planner }: FromWorld): number {
  const names = new Set<string>();
  let isAll = false;
  visit(reader, (node) => {
    if (node.kind === "name") for (const part of node.parts) names.add(fold(part, planner));
    if (node.kind === "star") isAll ||= node.qualifier.length === 0 || fold(node.qualifier.at(-1)!, planner) === alias;
  });
  return columns.reduce((all, column) => all + (isAll || names.has(column.name) ? widthOf(column.type) : 0), 0);
}

async function planJoin(item: Join, world: FromWorld): Promise<Side> {
  const left = await planItem(item.left, world);
  const right = await planItem(item.right, world);
  const using = item.using.map((name): Expression => {
    const column: Expression = { kind: "name", parts: [name], at: item.at };
    return { kind: "binary", operator: "=", left: column, right: column, at: item.at };
  });
  return joinSides(item.type, left, right, [...conjunctsOf(item.on), ...using], world);
}

/** An equality of columns that tells which rows belong together. */
interface JoinKey {
  readonly condition: Expression;
  readonly outer: Expression;
  readonly inner: Expression;
}

function joinSides(
  type: Join["type"],
  left: Side,
  right: Side,
  conditions: readonly Expression[],
  world: FromWorld,
): Side {
  const isSwapped = type === "inner" ? left.plan.rows < right.plan.rows : type === "right";
  const [outer, inner] = isSwapped ? [right, left] : [left, right];
  const keys = conditions.flatMap((condition) => joinKey(condition, outer, inner, world) ?? []);
  const others = conditions.filter((condition) => !keys.some((key) => key.condition === condition));
  const word = { inner: "", cross: "", left: "Left ", right: "Left ", full: "Full " } as const;
  const aliases = new Set([...left.aliases, ...right.aliases]);
  const { attributes } = outer;
  if (keys.length === 0) {
    const details = others.length === 0 ? [] : [`Join ${filterText(others)[0]!}`];
    const rows = atLeastOne(outer.plan.rows * inner.plan.rows * (others.length === 0 ? 1 : 1 / 3));
    return { aliases, plan: nestedLoop(word[type], outer.plan, inner.plan, rows, details), attributes };
  }
  const conditionText = keys.map(({ outer: a, inner: b }) => `(${sideText("outer", a)} = ${sideText("inner", b)})`);
  const details = [
    `Hash Cond: ${conditionText.length === 1 ? conditionText[0]! : `(${conditionText.join(" AND ")})`}`,
    ...(others.length === 0 ? [] : [`Join ${filterText(others)[0]!}`]),
  ];
  const rows = Math.max(outer.plan.rows, inner.plan.rows);
  const plan = hashJoin(word[type], outer.plan, inner.plan, movementOf(keys, outer, inner), rows, details);
  return { aliases, plan, attributes };
}

/** `undefined` for what is no equality between the two sides. */
function joinKey(condition: Expression, outer: Side, inner: Side, { leaves, planner }: FromWorld): JoinKey | undefined {
  if (condition.kind !== "binary" || condition.operator !== "=") return undefined;
  const { left, right } = condition;
  if (left === right) return { condition, outer: left, inner: right };
  const isOf = (expression: Expression, side: Side) => {
    const owners = ownersOf(expression, leaves, planner);
    return owners.size > 0 && [...owners].every((alias) => side.aliases.has(alias));
  };
  if (isOf(left, outer) && isOf(right, inner)) return { condition, outer: left, inner: right };
  if (isOf(right, outer) && isOf(left, inner)) return { condition, outer: right, inner: left };
  return undefined;
}

/** A column as `"outer".a`; anything else as it is written. */
function sideText(side: "outer" | "inner", expression: Expression): string {
  if (expression.kind !== "name") return expressionText(expression);
  return `"${side}".${expression.parts.at(-1)!.text.toLowerCase()}`;
}

/** Tables for which nothing was said are AUTO(ALL) here, so on every node. */
function movementOf(keys: readonly JoinKey[], outer: Side, inner: Side): Movement {
  const isByKey = (side: Side, which: "outer" | "inner") =>
    keys.some((key) => {
      const column = key[which];
      return column.kind === "name" && column.parts.at(-1)!.text.toLowerCase() === side.attributes?.distKey;
    });
  const style = inner.attributes?.distStyle;
  if (inner.attributes !== undefined && inner.attributes.distKey === undefined && style !== "even")
    return "DS_DIST_ALL_NONE";
  const [outerByKey, innerByKey] = [isByKey(outer, "outer"), isByKey(inner, "inner")];
  if (outerByKey && innerByKey) return "DS_DIST_NONE";
  if (innerByKey) return "DS_DIST_OUTER";
  return outerByKey ? "DS_DIST_INNER" : "DS_BCAST_INNER";
}
