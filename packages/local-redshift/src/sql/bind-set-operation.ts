import type { BindContext } from "./bind-context.ts";
import { outputSort, type BoundQuery } from "./bind-query.ts";
import { eachElement, type OutputColumn } from "./bound.ts";
import { SqlError } from "./sql-error.ts";
import { commonType, plainTypeText, types } from "./sql-type.ts";
import { sortable } from "./super-value.ts";
import type { SetOperation } from "./tree.ts";

/** Puts two queries together; the names are the left one's, each column has the type that both sides have in common. */
export function bindSetOperation(
  left: BoundQuery,
  right: BoundQuery,
  node: SetOperation,
  context: BindContext,
): BoundQuery {
  const word = node.operator.toUpperCase();
  if (left.columns.length !== right.columns.length)
    throw new SqlError(`each ${word} query must have the same number of columns`, { sqlState: "42601" });
  const columns = left.columns.map((column, index): OutputColumn => {
    const other = right.columns[index]!;
    const type = commonType(column.type, other.type);
    if (type === undefined)
      throw new SqlError(
        `${word} types ${plainTypeText(column.type)} and ${plainTypeText(other.type)} cannot be matched`,
        { sqlState: "42804" },
      );
    left.retype(index, type);
    right.retype(index, type);
    return { name: column.name, type: type.name === "unknown" ? types.text : type };
  });
  const appends = node.operator === "union" && node.all;
  return {
    columns,
    keepsPath(column, steps, want) {
      if (!appends) return false;
      const [a, b] = [left.keepsPath(column, steps, want), right.keepsPath(column, steps, want)];
      return steps.includes(eachElement) ? a && b : a || b;
    },
    takePath(column, steps, want) {
      right.takePath(column, steps, want);
      return left.takePath(column, steps, want);
    },
    retype(index, type) {
      left.retype(index, type);
      right.retype(index, type);
      columns[index] = { ...columns[index]!, type };
    },
    bindSort: (expression) => outputSort(expression, columns, context),
    render() {
      const isSuper = columns.some((column) => column.type.name === "super");
      if (node.all || !isSuper) return `(${left.render()}) ${word}${node.all ? " ALL" : ""} (${right.render()})`;
      if (word !== "UNION") throw new SqlError(`${word} of SUPER columns is not built in the local Redshift`);
      const keys = columns.map((column, index) => sortable({ sql: `c${index}`, type: column.type }));
      return `SELECT DISTINCT ON (${keys.join(", ")}) * FROM ((${left.render()}) UNION ALL (${right.render()})) AS q`;
    },
  };
}
