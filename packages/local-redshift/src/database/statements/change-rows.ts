import { bindExpression } from "../../sql/bind-expression.ts";
import { bindFrom, renderFrom } from "../../sql/bind-from.ts";
import { bindQuery, bindWith } from "../../sql/bind-query.ts";
import type { BindContext } from "../../sql/bind-context.ts";
import { assign } from "../../sql/assign.ts";
import { quoteName } from "../../sql/bound.ts";
import { asCondition } from "../../sql/operators.ts";
import { parseExpression } from "../../sql/parse-expression.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { TokenCursor } from "../../sql/token-cursor.ts";
import type { Expression, FromItem, NamePart } from "../../sql/tree.ts";
import {
  isStreamingView,
  sequenceName,
  storageName,
  type CatalogueColumn,
  type MaterializedViewObject,
  type RelationObject,
  type TableObject,
} from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import type { LockMode } from "../locks.ts";
import { outputColumns } from "../relation-lookup.ts";
import { columnsWith, demand, permissionDenied } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { checkOwner, fold, mustFind } from "./names.ts";

/** A change of rows that is checked and bound: what it changes, and DuckDB's text of it. */
interface RowChange<Target> {
  readonly table: Target;
  readonly sql: string;
}

/**
 * INSERT of rows, of a query's result, or of defaults. A query reads its snapshot before the INSERT waits for other writers of the table, so
 * that two of them at once may both find a row missing. Source: Database Developer Guide, r_Serializable_isolation_example, snapshot isolation.
 */
export async function insert(statement: StatementOf<"insert">, context: StatementContext): Promise<StatementResult> {
  const isQuery = statement.source !== undefined && statement.source.kind !== "rows";
  const { table, sql } = await bindInsert(statement, isQuery ? "share" : "write", context);
  await context.begin();
  if (isQuery) {
    await context.connection.run(takeSnapshot);
    await context.lock(table.oid, "write");
  }
  context.rowsChanged(table.oid);
  const result = await context.connection.run(sql);
  return done("INSERT", result.rowsChanged);
}

/** Finds out all that INSERT can before it changes anything, with a lock of this mode. */
export async function bindInsert(
  statement: StatementOf<"insert">,
  mode: LockMode,
  context: StatementContext,
): Promise<RowChange<TableObject>> {
  const table = asTable(await mustFind(statement.table, mode, context));
  demandChange(table, "insert", context);
  const named = statement.columns.map((column) => findColumn(table, column, context));
  const { source } = statement;
  const { built: sql } = await context.prepare((bind) => {
    if (source === undefined) return insertRows(table, [[]], [], bind);
    if (source.kind === "rows") return insertRows(table, source.rows, named, bind);
    return insertQuery(table, source, named, bind);
  });
  return { table, sql };
}

/** DuckDB's transaction has its snapshot from the first statement that reads on. */
const takeSnapshot = "SELECT 1 FROM main.catalogue LIMIT 0";

function insertRows(
  table: TableObject,
  rows: readonly (readonly (Expression | undefined)[])[],
  named: readonly CatalogueColumn[],
  bind: BindContext,
): string {
  const given = named.length > 0 ? named : table.columns.slice(0, rows[0]!.length);
  const selects = rows.map((row) => {
    if (row.length > given.length)
      throw new SqlError("INSERT has more expressions than target columns", { sqlState: "42601" });
    if (named.length > row.length)
      throw new SqlError("INSERT has more target columns than expressions", { sqlState: "42601" });
    const values = table.columns.map((column) => {
      const expression = row[given.findIndex((other) => other.name === column.name)];
      if (expression === undefined) return defaultValue(table, column, bind);
      refuseIdentity(column);
      return assign(bindExpression(expression, new Scope(), bind), column);
    });
    return `(${values.join(", ")})`;
  });
  return `INSERT INTO ${storageName(table)} VALUES ${selects.join(", ")}`;
}

function insertQuery(
  table: TableObject,
  source: Parameters<typeof bindQuery>[0],
  named: readonly CatalogueColumn[],
  bind: BindContext,
): string {
  const query = bindQuery(source, new Scope(), bind);
  const given = named.length > 0 ? named : table.columns.slice(0, query.columns.length);
  if (query.columns.length > given.length)
    throw new SqlError("INSERT has more expressions than target columns", { sqlState: "42601" });
  if (query.columns.length < given.length)
    throw new SqlError("INSERT has more target columns than expressions", { sqlState: "42601" });
  const values = table.columns.map((column) => {
    const index = given.findIndex((other) => other.name === column.name);
    if (index < 0) return defaultValue(table, column, bind);
    refuseIdentity(column);
    return assign({ sql: `s.c${index}`, type: query.columns[index]!.type }, column);
  });
  return `INSERT INTO ${storageName(table)} SELECT ${values.join(", ")} FROM (${query.render()}) AS s`;
}

/** Throws for an identity column that takes no values. */
export function refuseIdentity(column: CatalogueColumn): void {
  if (column.identity !== undefined && !column.identity.byDefault)
    throw new SqlError(`cannot set an identity column to a value`, { sqlState: "428C9" });
}

/** DuckDB text of what a column gets when no value is given. */
export function defaultValue(table: TableObject, column: CatalogueColumn, bind: BindContext): string {
  if (column.identity !== undefined) return `nextval('${sequenceName(table.oid)}')`;
  if (column.default === undefined) return "NULL";
  const expression = parseExpression(new TokenCursor(column.default));
  return assign(bindExpression(expression, new Scope(), bind), column);
}

/** UPDATE, with further relations in FROM. */
export async function update(statement: StatementOf<"update">, context: StatementContext): Promise<StatementResult> {
  const { table, sql } = await bindUpdate(statement, "write", context);
  await context.begin();
  context.rowsChanged(table.oid);
  const result = await context.connection.run(sql);
  return done("UPDATE", result.rowsChanged);
}

/** Finds out all that UPDATE can before it changes anything. */
export async function bindUpdate(
  statement: StatementOf<"update">,
  mode: LockMode,
  context: StatementContext,
): Promise<RowChange<TableObject>> {
  const table = asTable(await mustFind(statement.table, mode, context));
  const columns = statement.assignments.map(({ column }) => findColumn(table, column, context));
  demandUpdate(table, columns, context);
  const { built: sql } = await context.prepare((outer) => {
    const head = bindWith(statement.with, new Scope(), outer);
    const bind = head.context;
    const scope = targetScope(table, statement.alias, context);
    const from = bindFrom(statement.from, scope, bind);
    const values = statement.assignments.map(({ column, value }) => {
      const target = findColumn(table, column, context);
      const sql =
        value === undefined ? defaultValue(table, target, bind) : assign(bindExpression(value, scope, bind), target);
      return `${quoteName(target.name)} = ${sql}`;
    });
    const taken = statement.where && asCondition(bindExpression(statement.where, scope, bind), "where");
    const where = ofVisible(table, taken, bind);
    const sources = renderFrom(from);
    return [
      `${head.render()}UPDATE ${storageName(table)} AS target SET ${values.join(", ")}`,
      ...(sources.length === 0 ? [] : [`FROM ${sources.join(", ")}`]),
      ...(where === undefined ? [] : [`WHERE ${where}`]),
    ].join(" ");
  });
  return { table, sql };
}

/** DELETE from a table or a materialized view, with further relations in USING. */
export async function remove(statement: StatementOf<"delete">, context: StatementContext): Promise<StatementResult> {
  const { table, sql } = await bindDelete(statement, "write", context);
  await context.begin();
  context.rowsChanged(table.oid);
  if (table.kind === "materialized view") await context.changeStreamRows(table.oid);
  const result = await context.connection.run(sql);
  return done("DELETE", result.rowsChanged);
}

/** Finds out all that DELETE can before it changes anything. */
export async function bindDelete(
  statement: StatementOf<"delete">,
  mode: LockMode,
  context: StatementContext,
): Promise<RowChange<TableObject | MaterializedViewObject>> {
  const table = asDeletable(await mustFind(statement.table, mode, context));
  demandChange(table, "delete", context);
  demandChange(table, "select", context);
  const { built: sql } = await context.prepare((outer) => {
    const head = bindWith(statement.with, new Scope(), outer);
    const bind = head.context;
    const scope = targetScope(table, statement.alias, context);
    const using = bindFrom(statement.using as readonly FromItem[], scope, bind);
    const taken = statement.where && asCondition(bindExpression(statement.where, scope, bind), "where");
    const where = ofVisible(table, taken, bind);
    const sources = renderFrom(using);
    return [
      `${head.render()}DELETE FROM ${storageName(table)} AS target`,
      ...(sources.length === 0 ? [] : [`USING ${sources.join(", ")}`]),
      ...(where === undefined ? [] : [`WHERE ${where}`]),
    ].join(" ");
  });
  return { table, sql };
}

/** The rows to be changed: of those that the user may see, and before anything else looks at them, the ones that WHERE takes. */
function ofVisible(
  table: TableObject | MaterializedViewObject,
  where: string | undefined,
  bind: BindContext,
): string | undefined {
  const filter = bind.targetFilter?.(table.oid);
  if (filter === undefined) return where;
  const visible = filter.condition(
    outputColumns(table).map((column) => ({ ...column, sql: targetColumn(column.name) })),
  );
  return where === undefined ? visible : `CASE WHEN ${visible} THEN ${where} ELSE FALSE END`;
}

const targetColumn = (name: string) => `target.${quoteName(name)}`;

/** TRUNCATE of a table or a materialized view; it commits the transaction it is in. */
export async function truncate(
  statement: StatementOf<"truncate">,
  context: StatementContext,
): Promise<StatementResult> {
  const table = asDeletable(await mustFind(statement.table, "exclusive", context));
  checkOwner(table, context, { privilege: "truncate", system: "truncate table" });
  await context.begin();
  context.rowsChanged(table.oid);
  if (table.kind === "materialized view") await context.changeStreamRows(table.oid);
  await context.connection.run(`DELETE FROM ${storageName(table)}`);
  await context.commit();
  return done("TRUNCATE TABLE");
}

/** Throws unless the user may do this to the rows of a table; temporary tables are their session's. */
export function demandChange(
  table: TableObject | MaterializedViewObject,
  privilege: "insert" | "update" | "delete" | "select",
  context: StatementContext,
): void {
  if (table.kind === "table" && table.temporary === true) return;
  demand(context.user, table, privilege);
}

/** UPDATE needs the privilege on the columns that it sets, and SELECT on some. Source: Database Developer Guide, r_GRANT. */
function demandUpdate(table: TableObject, columns: readonly CatalogueColumn[], context: StatementContext): void {
  const updatable = columnsWith(context.user, table, "update");
  const readable = readableOf(table, context);
  const mayUpdate = table.temporary === true || updatable === "all" || columns.every(({ name }) => updatable.has(name));
  if (!mayUpdate || (readable !== "all" && readable.size === 0)) throw permissionDenied(table);
}

function readableOf(
  table: TableObject | MaterializedViewObject,
  context: StatementContext,
): "all" | ReadonlySet<string> {
  if (table.kind === "table" && table.temporary === true) return "all";
  return columnsWith(context.user, table, "select");
}

/** The names of a statement that changes rows: its target, which DuckDB's text calls `target`. */
export function targetScope(
  table: TableObject | MaterializedViewObject,
  alias: NamePart | undefined,
  context: StatementContext,
): Scope {
  const scope = new Scope();
  scope.add({
    alias: alias === undefined ? table.name : fold(alias, context),
    ...(alias === undefined ? { schema: table.schema } : {}),
    columns: outputColumns(table, readableOf(table, context)).map((column) => ({
      ...column,
      sql: targetColumn(column.name),
    })),
  });
  return scope;
}

/** Throws for a view, whose rows nobody changes. */
export function asTable(relation: RelationObject): TableObject {
  if (relation.kind === "table") return relation;
  if (relation.kind === "view") throw new SqlError(`cannot change view "${relation.name}"`, { sqlState: "42809" });
  throw new SqlError(`cannot change materialized view "${relation.name}"`, { sqlState: "42809" });
}

/** Rows of a streaming view can be deleted; those of any other view cannot. */
function asDeletable(relation: RelationObject): TableObject | MaterializedViewObject {
  return isStreamingView(relation) ? relation : asTable(relation);
}

/** A column of the target; throws when there is none of that name. */
export function findColumn(table: TableObject, part: NamePart, context: StatementContext): CatalogueColumn {
  const name = fold(part, context);
  const found = table.columns.find((column) => column.name === name);
  if (found === undefined)
    throw new SqlError(`column "${name}" of relation "${table.name}" does not exist`, { sqlState: "42703" });
  return found;
}
