import type { PlanNode } from "./plan-node.ts";

/**
 * The steps of plans with their costs. The factors are those that the samples of c-the-query-plan were made with, worked out from their
 * figures; what a filter leaves is PostgreSQL's guess.
 */

const costOfRow = 0.01;
const costOfGroup = 0.0025;
/** Redshift counts each sort as if sorting were switched off. */
const costOfSorting = 1e12;

/** A scan of a whole table. */
export function scan(
  title: string,
  tableRows: number,
  rows: number,
  width: number,
  details: readonly string[],
): PlanNode {
  return { title, start: 0, total: Math.max(1, tableRows) * costOfRow, rows, width, details, inputs: [] };
}

/** Rows that come from no table. */
export const result = (width = 0): PlanNode => ({
  title: "XN Result",
  start: 0,
  total: 0.01,
  rows: 1,
  width,
  details: [],
  inputs: [],
});

/** GROUP BY; without `groups`, one row of all. */
export function aggregate(input: PlanNode, groups: number | undefined, details: readonly string[]): PlanNode {
  const isGrouped = groups !== undefined;
  const rows = groups ?? 1;
  const start = input.total + input.rows * (isGrouped ? 2 * costOfGroup : costOfGroup);
  const title = isGrouped ? "XN HashAggregate" : "XN Aggregate";
  const total = start + (isGrouped ? rows * costOfGroup : 0);
  return { title, start, total, rows, width: input.width, details, inputs: [input] };
}

/** ORDER BY: sorted where the rows are, and merged on the leader. */
export function sort(input: PlanNode, keys: string): PlanNode {
  const sorted = sortStep(input, keys);
  const { start, total, rows, width } = sorted;
  const figures = { start, total, rows, width };
  const network = { title: "XN Network", ...figures, details: ["Send to leader"], inputs: [sorted] };
  return { title: "XN Merge", ...figures, details: [`Merge Key: ${keys}`], inputs: [network] };
}

function sortStep(input: PlanNode, keys: string): PlanNode {
  const { rows, width } = input;
  const start = input.total + costOfSorting + rows * Math.log2(Math.max(2, rows)) * 2 * costOfGroup;
  const total = start + rows * costOfGroup;
  return { title: "XN Sort", start, total, rows, width, details: [`Sort Key: ${keys}`], inputs: [input] };
}

/** LIMIT: as much of the cost as it takes of the rows. */
export function limit(input: PlanNode, most: number): PlanNode {
  const rows = Math.min(most, input.rows);
  const share = input.rows === 0 ? 1 : rows / input.rows;
  const total = input.start + (input.total - input.start) * share;
  return { title: "XN Limit", start: input.start, total, rows, width: input.width, details: [], inputs: [input] };
}

/** A step that takes rows on as they come: a subquery, a window, a union. */
export function over(
  title: string,
  inputs: readonly PlanNode[],
  details: readonly string[] = [],
  rows?: number,
): PlanNode {
  const sum = (of: (input: PlanNode) => number) => inputs.reduce((all, input) => all + of(input), 0);
  return {
    title,
    start: inputs[0]?.start ?? 0,
    total: sum((input) => input.total) + sum((input) => input.rows) * costOfRow,
    rows: rows ?? sum((input) => input.rows),
    width: inputs[0]?.width ?? 0,
    details,
    inputs,
  };
}

/** How the rows of a join come together. Source of the words: Database Developer Guide, c_data_redistribution. */
export type Movement =
  "DS_BCAST_INNER" | "DS_DIST_ALL_NONE" | "DS_DIST_NONE" | "DS_DIST_INNER" | "DS_DIST_OUTER" | "DS_DIST_BOTH";

const costPerByteSent = 10_000;

/** What a row costs to be sent: its bytes and eight more, in words of four. */
const sending = ({ rows, width }: PlanNode) => rows * costPerByteSent * Math.ceil((width + 8) / 4) * 4;

/** A join by a condition of equality; the smaller side is hashed. */
export function hashJoin(
  kind: "" | "Left " | "Right " | "Full ",
  outer: PlanNode,
  inner: PlanNode,
  movement: Movement,
  rows: number,
  details: readonly string[],
): PlanNode {
  const { total, width } = inner;
  const hash = { title: "XN Hash", start: total, total, rows: inner.rows, width, details: [], inputs: [inner] };
  const start = total + inner.rows * costOfGroup;
  const moved = movement === "DS_BCAST_INNER" || movement === "DS_DIST_INNER" || movement === "DS_DIST_BOTH";
  return {
    title: `XN Hash ${kind}Join ${movement}`,
    start,
    total: start + outer.total + (moved ? sending(inner) : 0) + rows * 9 * costOfGroup,
    rows,
    width: outer.width + inner.width,
    details,
    inputs: [outer, hash],
  };
}

/** A join by anything else. */
export function nestedLoop(
  kind: "" | "Left " | "Right " | "Full ",
  outer: PlanNode,
  inner: PlanNode,
  rows: number,
  details: readonly string[],
): PlanNode {
  return {
    title: `XN Nested Loop ${kind}Join DS_BCAST_INNER`,
    start: 0,
    total: outer.total + inner.total + sending(inner) + outer.rows * inner.rows * costOfRow,
    rows,
    width: outer.width + inner.width,
    details,
    inputs: [outer, inner],
  };
}
