import { assign } from "../../sql/assign.ts";
import type { BindContext } from "../../sql/bind-context.ts";
import { bindExpression } from "../../sql/bind-expression.ts";
import type { Bound } from "../../sql/bound.ts";
import { castTo, coerce, settle } from "../../sql/cast.ts";
import { Scope } from "../../sql/scope.ts";
import { isText, types, type SqlType } from "../../sql/sql-type.ts";
import type { Expression } from "../../sql/tree.ts";
import type { CursorRows } from "../cursors/open-cursors.ts";
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

/** A row as a record; without a row, one of NULLs. */
export function recordOf(
  { columns }: CursorRows,
  row: CursorRows["rows"][number] | undefined,
): ReadonlyMap<string, Value> {
  return new Map(columns.map(({ name, type }, index) => [name, { raw: row?.[index] ?? null, type }]));
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
