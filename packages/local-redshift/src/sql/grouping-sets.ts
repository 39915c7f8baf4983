import { SqlError } from "./sql-error.ts";
import type { Expression, GroupingNode } from "./tree.ts";

/** Source: Database Developer Guide, r_GROUP_BY_aggregation-extensions, usage notes. */
const mostGroupingSets = 64;

export const isGrouping = (node: Expression | GroupingNode): node is GroupingNode =>
  node.kind === "rollup" || node.kind === "cube" || node.kind === "grouping sets";

/**
 * The grouping sets that GROUP BY stands for: each of its items is a number of sets, of which all combinations are made. A set that comes
 * twice groups twice. Throws for more than 64 sets.
 */
export function groupingSets(groupBy: readonly (Expression | GroupingNode)[]): readonly (readonly Expression[])[] {
  const count = groupBy.reduce((product, node) => product * countOf(node), 1);
  // The page names no text.
  if (count > mostGroupingSets)
    throw new SqlError(`GROUP BY with ${count} grouping sets exceeds the limit of ${mostGroupingSets}`, {
      sqlState: "54000",
    });
  return groupBy.reduce<readonly (readonly Expression[])[]>(
    (sets, node) => sets.flatMap((set) => setsOf(node).map((other) => [...set, ...other])),
    [[]],
  );
}

type Part = Expression | readonly Expression[] | GroupingNode;

/** How many sets there will be, known before they are made. */
function countOf(node: Part): number {
  if (!("kind" in node) || !isGrouping(node)) return 1;
  if (node.kind === "rollup") return node.parts.length + 1;
  if (node.kind === "cube") return 2 ** node.parts.length;
  return node.parts.reduce((sum, part) => sum + countOf(part), 0);
}

function setsOf(node: Part): readonly (readonly Expression[])[] {
  if (!("kind" in node)) return [node];
  if (!isGrouping(node)) return [[node]];
  if (node.kind === "grouping sets") return node.parts.flatMap(setsOf);
  const parts = node.parts.map((part) => setsOf(part)[0]!);
  if (node.kind === "rollup") return [...parts.keys(), parts.length].map((length) => parts.slice(0, length).flat());
  return parts.reduce<readonly (readonly Expression[])[]>(
    (sets, part) => sets.flatMap((set) => [[...set, ...part], set]),
    [[]],
  );
}
