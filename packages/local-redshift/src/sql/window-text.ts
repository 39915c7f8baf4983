import { sortText } from "./bind-query.ts";
import type { Bound } from "./bound.ts";
import { coerce } from "./cast.ts";
import { types } from "./sql-type.ts";
import { sortable } from "./super-value.ts";
import type { Expression, FrameBound, WindowNode } from "./tree.ts";

/** What stands after OVER, for DuckDB. */
export function windowText(window: WindowNode, bind: (node: Expression) => Bound): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0)
    parts.push(`PARTITION BY ${window.partitionBy.map((node) => sortable(bind(node))).join(", ")}`);
  if (window.orderBy.length > 0)
    parts.push(`ORDER BY ${window.orderBy.map((item) => sortText(item, (node) => sortable(bind(node)))).join(", ")}`);
  if (window.frame !== undefined) {
    const { unit, start, end } = window.frame;
    const [from, to] = [boundText(start, bind), end && boundText(end, bind)];
    parts.push(`${unit.toUpperCase()} ${to === undefined ? from : `BETWEEN ${from} AND ${to}`}`);
  }
  return `(${parts.join(" ")})`;
}

function boundText(bound: FrameBound, bind: (node: Expression) => Bound): string {
  const offset = bound.offset === undefined ? "" : `${coerce(bind(bound.offset), types.int8).sql} `;
  return `${offset}${bound.kind.toUpperCase()}`;
}
