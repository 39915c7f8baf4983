import { assign } from "../../sql/assign.ts";
import type { BindContext } from "../../sql/bind-context.ts";
import { bindExpression } from "../../sql/bind-expression.ts";
import { bindQuery } from "../../sql/bind-query.ts";
import type { Bound } from "../../sql/bound.ts";
import { castTo, coerce, settle } from "../../sql/cast.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { isText, types, type SqlType } from "../../sql/sql-type.ts";
import type { Expression, Query } from "../../sql/tree.ts";
import { readRows } from "../duck.ts";
import type { StatementContext } from "../statement-context.ts";
import { boundOf, type Value } from "./variables.ts";

/** The value of an expression, as `type` when one is given. */
export async function evaluate(expression: Expression, context: StatementContext, type?: SqlType): Promise<Value> {
  return read(context, type, (bind) => bindExpression(expression, new Scope(), bind));
}

/** A value as another type, converted as an assignment does. */
export async function convert(value: Value, type: SqlType, context: StatementContext): Promise<Value> {
  const same = JSON.stringify(value.type) === JSON.stringify(type);
  return same ? value : read(context, type, () => boundOf(value, "value"));
}

/** Whether a condition holds; NULL does not. */
export async function holds(condition: Expression, context: StatementContext): Promise<boolean> {
  return (await evaluate(condition, context, types.bool)).raw === true;
}

/** Rows of a query as records, and a record of NULLs in their shape. */
export async function rowsOf(
  query: Query,
  context: StatementContext,
): Promise<{ readonly rows: readonly ReadonlyMap<string, Value>[]; readonly none: ReadonlyMap<string, Value> }> {
  const { built, found } = await context.prepare((bind) => bindQuery(query, new Scope(), bind));
  if (found.some((relation) => relation.kind === "stream"))
    throw new SqlError("a stream can only be read by a materialized view", { sqlState: "0A000" });
  await context.begin();
  const record = (values: readonly Value["raw"][]): ReadonlyMap<string, Value> =>
    new Map(
      built.columns.map((column, index) => {
        const type: SqlType = column.type.name === "unknown" ? types.text : column.type;
        return [column.name, { raw: values[index] ?? null, type }];
      }),
    );
  return { rows: (await readRows(context.connection, built.render())).map(record), none: record([]) };
}

async function read(
  context: StatementContext,
  type: SqlType | undefined,
  bindValue: (bind: BindContext) => Bound,
): Promise<Value> {
  const { built } = await context.prepare((bind) => {
    const bound = bindValue(bind);
    if (type === undefined) return settle(bound);
    return { sql: convertText(bound, type), type };
  });
  await context.begin();
  const [row] = await readRows(context.connection, `SELECT ${built.sql}`);
  return { raw: row![0] ?? null, type: built.type };
}

function convertText(bound: Bound, type: SqlType): string {
  if (isText(type)) return assign(bound, { name: "", type });
  return (bound.type.name === "unknown" ? coerce(bound, type) : castTo(bound, type)).sql;
}
