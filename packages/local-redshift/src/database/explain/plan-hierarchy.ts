import type { Expression, FromItem, HierarchyNode, NamePart, Select } from "../../sql/tree.ts";
import { planFrom, withFilter } from "./plan-from.ts";
import type { PlanNode } from "./plan-node.ts";
import { conjunctsOf, type Planner } from "./planner.ts";
import { over, result } from "./steps.ts";

/** What plans call the rows of the round before. No document shows a plan of CONNECT BY, so it is UNCONFIRMED, and so is the shape. */
const workTable = "connect_by";

/** CONNECT BY as the recursive query that it is: the roots, and with them each round, joined to the one before; then WHERE. */
export async function planHierarchy(select: Select, hierarchy: HierarchyNode, planner: Planner): Promise<PlanNode> {
  const roots = await planFrom(select.from, hierarchy.startWith, select, planner);
  const before = { ...result(), title: `XN WorkTable Scan on ${workTable}`, rows: roots.rows, width: roots.width };
  const rounds = new Map([...planner.ctes, [workTable, { plan: before, columns: new Set<string>() }]]);
  const link = qualified(hierarchy.connectBy) as Expression;
  const next = await planFrom([...select.from, workItem(hierarchy.at)], link, [select, link], {
    ...planner,
    ctes: rounds,
  });
  const inputs = [roots, next].map((input, index) => over(`XN Subquery Scan "*SELECT* ${index + 1}"`, [input]));
  return withFilter(over(`XN Subquery Scan ${workTable}`, [over("XN Append", inputs)]), conjunctsOf(select.where));
}

const namePart = (text: string, at: number): NamePart => ({ text, quoted: false, at });

const workItem = (at: number): FromItem => ({
  kind: "relation",
  name: [namePart(workTable, at)],
  steps: [],
  alias: undefined,
  columnAliases: [],
  index: undefined,
  at,
});

/** The same condition with `PRIOR a` as a column of the round before. */
function qualified(node: unknown, isPrior = false): unknown {
  if (Array.isArray(node)) return node.map((child) => qualified(child, isPrior));
  if (typeof node !== "object" || node === null) return node;
  const one = node as Expression;
  if (one.kind === "unary" && one.operator === "prior") return qualified(one.operand, true);
  if (one.kind === "name" && isPrior) return { ...one, parts: [namePart(workTable, one.at), one.parts.at(-1)!] };
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, qualified(child, isPrior)]));
}
