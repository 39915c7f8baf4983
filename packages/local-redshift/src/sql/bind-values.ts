import type { BindContext } from "./bind-context.ts";
import { bindExpression, unify } from "./bind-expression.ts";
import { outputSort, type BoundQuery } from "./bind-query.ts";
import type { Bound, OutputColumn } from "./bound.ts";
import { coerce } from "./cast.ts";
import type { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { pathReaders, stepInto } from "./super-value.ts";
import type { Values } from "./tree.ts";

/** Binds VALUES: rows of expressions, with columns named `column1`, `column2` … */
export function bindValues(node: Values, scope: Scope, context: BindContext): BoundQuery {
  const rows = node.rows.map((row) => row.map((expression) => bindExpression(expression, scope, context)));
  const width = rows[0]!.length;
  if (rows.some((row) => row.length !== width))
    throw new SqlError("VALUES lists must all be the same length", { sqlState: "42601" });
  const unified = Array.from({ length: width }, (_, index) =>
    unify(
      rows.map((row) => row[index]!),
      "VALUES",
    ),
  );
  const columns: OutputColumn[] = unified.map((column, index) => ({ name: `column${index + 1}`, type: column.type }));
  const cells: Bound[][] = rows.map((_, row) => unified.map((column) => column.items[row]!));
  const kept: ((row: readonly Bound[]) => string)[] = [];
  return {
    columns,
    keepsPath: () => false,
    takePath(column, steps, want) {
      return `h${kept.push((row) => pathReaders[want](steps.reduce((bound, step) => stepInto(bound, step), row[column]!))) - 1}`;
    },
    retype(index, type) {
      for (const row of cells) row[index] = coerce(row[index]!, type, "VALUES");
      columns[index] = { ...columns[index]!, type };
    },
    bindSort: (expression) => outputSort(expression, columns, context),
    render() {
      const selects = cells.map((row) => {
        const hidden = kept.map((read, index) => `${read(row)} AS h${index}`);
        return `SELECT ${[...row.map((cell, index) => `${cell.sql} AS c${index}`), ...hidden].join(", ")}`;
      });
      return selects.join(" UNION ALL ");
    },
  };
}
