import { assign } from "../../sql/assign.ts";
import { foldName, type BindContext } from "../../sql/bind-context.ts";
import { bindExpression } from "../../sql/bind-expression.ts";
import { bindFrom } from "../../sql/bind-from.ts";
import { quoteName } from "../../sql/bound.ts";
import { asCondition } from "../../sql/operators.ts";
import type { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { Expression, MergeActions, NamePart } from "../../sql/tree.ts";
import type { Catalogue } from "../catalogue.ts";
import { storageName, type CatalogueColumn, type TableObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { readRows } from "../duck.ts";
import { visit } from "../kept-view-rules.ts";
import { done } from "../query-result.ts";
import type { FoundRelation } from "../relation-lookup.ts";
import { isProtectedFrom } from "../row-security/row-security.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { asTable, defaultValue, demandChange, findColumn, refuseIdentity, targetScope } from "./change-rows.ts";
import { mustFind } from "./names.ts";

/** What becomes of rows, in DuckDB's text. */
interface MergePlan {
  /** `SELECT` of source rows with the row that each matches, and the values for it. */
  readonly matches: string;
  /** `SELECT` of the rows to be inserted. */
  readonly inserts: string;
  /** Columns that a matching row gets; `undefined` when it goes. */
  readonly updated: readonly CatalogueColumn[] | undefined;
}

const matchTable = "temp.main.merged";

/**
 * MERGE. Source rows and what they match are written down first, so that no row both matches and does not, whatever the update does.
 * Source: Database Developer Guide, r_MERGE. Its count is of rows updated, deleted and inserted (UNCONFIRMED).
 */
export async function merge(statement: StatementOf<"merge">, context: StatementContext): Promise<StatementResult> {
  const table = asTable(await mustFind(statement.target, "write", context));
  // UNCONFIRMED: the pages on row-level security do not name MERGE.
  if (isProtectedFrom(context.user, table))
    throw new SqlError("MERGE into a relation with row-level security is not built in the local Redshift", {
      sqlState: "0A000",
    });
  for (const privilege of privilegesFor(statement)) demandChange(table, privilege, context);
  const { built: plan, found } = await context.prepare((bind) => planOf(statement, table, bind, context));
  checkSource(table, statement, found, context);
  await context.begin();
  context.rowsChanged(table.oid);
  const { connection } = context;
  await connection.run(`CREATE OR REPLACE TEMP TABLE merged AS ${plan.matches}`);
  const twice = `SELECT 1 FROM ${matchTable} WHERE row IS NOT NULL GROUP BY row HAVING COUNT(*) > 1 LIMIT 1`;
  if ((await readRows(connection, twice)).length > 0)
    throw new SqlError("Found multiple matches to update the same tuple.", { sqlState: "XX000" });
  const changed = await connection.run(changeText(table, plan));
  const inserted = await connection.run(`INSERT INTO ${storageName(table)} ${plan.inserts}`);
  await connection.run(`DROP TABLE ${matchTable}`);
  return done("MERGE", changed.rowsChanged + inserted.rowsChanged);
}

/** Source: Database Developer Guide, r_MERGE, which asks for SELECT and for what the clauses do. */
function privilegesFor({ actions }: StatementOf<"merge">): readonly ("select" | "insert" | "update" | "delete")[] {
  return ["select", "insert", actions?.update === undefined ? "delete" : "update"];
}

function changeText(table: TableObject, { updated }: MergePlan): string {
  const matched = `target.rowid = ${matchTable}.row`;
  if (updated === undefined) return `DELETE FROM ${storageName(table)} AS target USING ${matchTable} WHERE ${matched}`;
  const values = updated.map((column, index) => `${quoteName(column.name)} = ${matchTable}.u${index}`);
  return `UPDATE ${storageName(table)} AS target SET ${values.join(", ")} FROM ${matchTable} WHERE ${matched}`;
}

function planOf(
  statement: StatementOf<"merge">,
  table: TableObject,
  bind: BindContext,
  context: StatementContext,
): MergePlan {
  const scope = targetScope(table, undefined, context);
  const [source] = bindFrom([statement.source], scope, bind);
  refusePaths(statement, scope, context);
  const on = asCondition(bindExpression(statement.on, scope, bind), "on");
  const place = storageName(table);
  const { actions } = statement;
  if (actions === undefined) {
    const matches = `SELECT target.rowid AS row FROM ${source!.render()} JOIN ${place} AS target ON ${on}`;
    const values = replacementOf(table, scope);
    return { matches, updated: undefined, inserts: `SELECT ${values.join(", ")} FROM ${source!.render()}` };
  }
  const { updated, updates, inserts } = actionsOf(actions, table, scope, bind, context);
  const columns = [
    "target.rowid AS row",
    ...updates.map((sql, index) => `CASE WHEN target.rowid IS NOT NULL THEN ${sql} END AS u${index}`),
    ...inserts.map((sql, index) => `CASE WHEN target.rowid IS NULL THEN ${sql} END AS n${index}`),
  ];
  return {
    matches: `SELECT ${columns.join(", ")} FROM ${source!.render()} LEFT JOIN ${place} AS target ON ${on}`,
    updated,
    inserts: `SELECT ${inserts.map((_, index) => `n${index}`).join(", ")} FROM ${matchTable} WHERE row IS NULL`,
  };
}

function actionsOf(
  { update, insert }: MergeActions,
  table: TableObject,
  scope: Scope,
  bind: BindContext,
  context: StatementContext,
) {
  const updated = update?.map(({ column }) => findColumn(table, column, context));
  const updates = (update ?? []).map(({ value }, index) => valueText(table, updated![index]!, value, scope, bind));
  const named = insert.columns.map((column) => findColumn(table, column, context));
  const given = named.length > 0 ? named : table.columns.slice(0, insert.values.length);
  if (insert.values.length > given.length)
    throw new SqlError("INSERT has more expressions than target columns", { sqlState: "42601" });
  if (insert.values.length < given.length)
    throw new SqlError("INSERT has more target columns than expressions", { sqlState: "42601" });
  const inserts = table.columns.map((column) => {
    const value = insert.values[given.findIndex((other) => other.name === column.name)];
    if (value !== undefined) refuseIdentity(column);
    return valueText(table, column, value, scope, bind);
  });
  return { updated, updates, inserts };
}

function valueText(
  table: TableObject,
  column: CatalogueColumn,
  value: Expression | undefined,
  scope: Scope,
  bind: BindContext,
): string {
  if (value === undefined) return defaultValue(table, column, bind);
  return assign(bindExpression(value, scope, bind), column);
}

/** REMOVE DUPLICATES: rows that match go, however many match one source row, and every source row is put in. */
function replacementOf(table: TableObject, scope: Scope): readonly string[] {
  const given = scope.relations.at(-1)!.columns;
  if (given.length !== table.columns.length)
    throw new SqlError("Source and target of MERGE with REMOVE DUPLICATES must have the same number of columns", {
      sqlState: "42601",
    });
  return table.columns.map((column, index) => {
    refuseIdentity(column);
    return assign({ sql: given[index]!.sql, type: given[index]!.type }, column);
  });
}

function checkSource(
  table: TableObject,
  { source }: StatementOf<"merge">,
  found: readonly FoundRelation[],
  context: StatementContext,
): void {
  if (source.kind === "relation" && found.some((relation) => relation.oid === table.oid))
    throw new SqlError("Source and target of a MERGE statement must not be the same table", { sqlState: "0A000" });
  if (found.some((relation) => reads(relation.oid, table.oid, context.catalogue)))
    throw new SqlError("Source view/subquery in Merge statement cannot reference target table.", { sqlState: "0A000" });
  if (found.some((relation) => relation.kind === "stream"))
    throw new SqlError("a stream can only be read by a materialized view", { sqlState: "0A000" });
}

function reads(oid: number, target: number, catalogue: Catalogue): boolean {
  if (oid === target) return true;
  const object = catalogue.get(oid);
  return object?.kind === "view" && object.references.some(([, below]) => reads(below, target, catalogue));
}

/** A whole SUPER column may be used, a part of it not. */
function refusePaths({ on, actions }: StatementOf<"merge">, scope: Scope, context: StatementContext): void {
  visit([on, actions], (node) => {
    if (node.kind === "navigate" || (node.kind === "name" && isPath(node.parts, scope, context)))
      throw new SqlError("Partial reference of SUPER column is not supported in MERGE statement.", {
        sqlState: "0A000",
      });
  });
}

/** `t.c` is a column, and so is `s.t.c`; `c.a` and `t.c.a` are paths. */
function isPath(parts: readonly NamePart[], scope: Scope, context: StatementContext): boolean {
  const [first, second] = parts.map((part) => foldName(part, context.nameSettings));
  if (scope.findRelation(first!) !== undefined) return parts.length > 2;
  if (second !== undefined && scope.findRelation(second, first) !== undefined) return parts.length > 3;
  return parts.length > 1 && scope.findColumn(first!) !== undefined;
}
