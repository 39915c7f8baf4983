import type { BindContext, RelationSource } from "./bind-context.ts";
import { foldName } from "./bind-context.ts";
import { bindExpression } from "./bind-expression.ts";
import { bindSelect } from "./bind-select.ts";
import { bindSetOperation } from "./bind-set-operation.ts";
import { bindValues } from "./bind-values.ts";
import type { OutputColumn, PathSource } from "./bound.ts";
import { coerce } from "./cast.ts";
import { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { types, type SqlType } from "./sql-type.ts";
import { superKey, superOf } from "./super-value.ts";
import type { Cte, Expression, Query, QueryBody, SortItem, WithClause } from "./tree.ts";

/**
 * A query with its names resolved. Nothing is written before `render`: whoever reads the query may first ask for paths into its
 * SUPER columns, which then become further columns of it. In DuckDB's text its columns are `c0`, `c1` …
 */
export interface BoundQuery extends PathSource {
  readonly columns: readonly OutputColumn[];
  /** DuckDB text of the whole query. */
  render(): string;
  /** Makes a column another type, as UNION needs it. */
  retype(index: number, type: SqlType): void;
  /** DuckDB text of an expression to sort by. */
  bindSort(expression: Expression): string;
}

/** Binds a query in `scope`, which holds nothing yet but what is around it. */
export function bindQuery(query: Query, scope: Scope, outer: BindContext): BoundQuery {
  const head = bindWith(query, scope, outer);
  const { context } = head;
  const body = bindBody(query.body, scope, context);
  const order = query.orderBy.map((item) => sortText(item, (expression) => body.bindSort(expression)));
  const limit = limitText("LIMIT", query.limit ?? topOf(query.body), context);
  const offset = limitText("OFFSET", query.offset, context);
  const suffix = `${order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`}${limit}${offset}`;
  return {
    columns: body.columns,
    keepsPath: (column, steps, want) => body.keepsPath(column, steps, want),
    takePath: (column, steps, want) => body.takePath(column, steps, want),
    retype: (index, type) => body.retype(index, type),
    bindSort: (expression) => outputSort(expression, body.columns, context),
    render() {
      const text = body.render();
      const nested = query.body.kind !== "select" && suffix !== "" ? `SELECT * FROM (${text}) AS q` : text;
      return `${head.render()}${nested}${suffix}`;
    },
  };
}

/** Binds WITH; what comes behind it is bound in the context given back, and rendered first. `render` ends with a blank. */
export function bindWith(
  clause: WithClause,
  scope: Scope,
  outer: BindContext,
): { readonly context: BindContext; render(): string } {
  const ctes: BoundCte[] = [];
  const context = clause.ctes.reduce((around, cte) => addCte(cte, clause.recursive, scope, around, ctes), outer);
  return {
    context,
    render() {
      // The last first: it asks those before it for what it needs of them.
      const heads = ctes
        .toReversed()
        .map((cte) => `${cte.name} AS (${cte.query.render()})`)
        .reverse();
      return heads.length === 0 ? "" : `WITH ${clause.recursive ? "RECURSIVE " : ""}${heads.join(", ")} `;
    },
  };
}

interface BoundCte {
  readonly name: string;
  readonly query: BoundQuery;
}

function bindBody(body: QueryBody, scope: Scope, context: BindContext): BoundQuery {
  switch (body.kind) {
    case "select":
      return bindSelect(body, scope, context);
    case "set":
      return bindSetOperation(
        bindBranch(body.left, scope, context),
        bindBranch(body.right, scope, context),
        body,
        context,
      );
    case "values":
      return bindValues(body, scope, context);
    case "query":
      return bindQuery(body, scope, context);
  }
}

/** A side of UNION sees what is around the whole, and not the other side. */
function bindBranch(body: QueryBody, scope: Scope, context: BindContext): BoundQuery {
  return bindBody(body, new Scope(scope.parent), context);
}

const topOf = (body: QueryBody) => (body.kind === "select" ? body.top : undefined);

function addCte(cte: Cte, recursive: boolean, scope: Scope, context: BindContext, ctes: BoundCte[]): BindContext {
  const name = foldName(cte.name, context.settings);
  const sql = `w${context.nextNumber()}`;
  const around = () => new Scope(scope.parent);
  const body = cte.query.body;
  const anchor = recursive && body.kind === "set" ? body.left : undefined;
  const columns = anchor && named(cte, bindBody(anchor, around(), context).columns, context);
  const inner = columns === undefined ? context : withRelation(context, name, sql, columns, undefined);
  const query = bindQuery(cte.query, around(), inner);
  ctes.push({ name: sql, query });
  return withRelation(context, name, sql, named(cte, query.columns, context), recursive ? undefined : query);
}

function named(cte: Cte, columns: readonly OutputColumn[], context: BindContext): readonly OutputColumn[] {
  if (cte.columns.length > columns.length)
    throw new SqlError(
      `table "${cte.name.text}" has ${columns.length} columns available but ${cte.columns.length} columns specified`,
      { sqlState: "42P10" },
    );
  return columns.map((column, index) => {
    const alias = cte.columns[index];
    return alias === undefined ? column : { ...column, name: foldName(alias, context.settings) };
  });
}

function withRelation(
  context: BindContext,
  name: string,
  sql: string,
  columns: readonly OutputColumn[],
  query: BoundQuery | undefined,
): BindContext {
  const source: RelationSource = { kind: "bound", name, sql, columns, ...(query === undefined ? {} : { query }) };
  return {
    ...context,
    findRelation: (parts) => (parts.length === 1 && parts[0] === name ? source : context.findRelation(parts)),
  };
}

/** NULLs sort after all values: last in ascending order, first in descending. */
export function sortText(item: SortItem, write: (expression: Expression) => string): string {
  const nulls = item.nulls ?? (item.descending ? "first" : "last");
  return `${write(item.expression)} ${item.descending ? "DESC" : "ASC"} NULLS ${nulls.toUpperCase()}`;
}

function limitText(word: "LIMIT" | "OFFSET", expression: Expression | undefined, context: BindContext): string {
  if (expression === undefined) return "";
  const bound = coerce(bindExpression(expression, new Scope(), context), types.int8);
  return bound.constant === null ? "" : ` ${word} ${bound.sql}`;
}

/** Sorting what has no FROM of its own, as a UNION: by position or by the name of a column. */
export function outputSort(expression: Expression, columns: readonly OutputColumn[], context: BindContext): string {
  const position = sortPosition(expression, columns, context);
  if (position === undefined)
    throw new SqlError("ORDER BY on a UNION/INTERSECT/EXCEPT result must be on one of the result columns", {
      sqlState: "0A000",
      position: expression.at + 1,
    });
  const index = Number(position) - 1;
  return columns[index]!.type.name === "super" ? superKey(superOf(`c${index}`)) : position;
}

/** The position that a number or an output name in ORDER BY or GROUP BY stands for. */
export function sortPosition(
  expression: Expression,
  columns: readonly OutputColumn[],
  context: BindContext,
): string | undefined {
  if (expression.kind === "number" && !expression.value.includes(".")) {
    const position = Number(expression.value);
    if (position < 1 || position > columns.length)
      throw new SqlError(`ORDER/GROUP BY position ${position} is not in select list`, {
        sqlState: "42P10",
        position: expression.at + 1,
      });
    return String(position);
  }
  if (expression.kind !== "name" || expression.parts.length !== 1) return undefined;
  const name = foldName(expression.parts[0]!, context.settings);
  const index = columns.findIndex((column) => column.name === name);
  return index < 0 ? undefined : String(index + 1);
}
