import { bindQuery } from "../../sql/bind-query.ts";
import type { OutputColumn } from "../../sql/bound.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { types, type SqlType } from "../../sql/sql-type.ts";
import type { NamePart, Query } from "../../sql/tree.ts";
import { isRelation } from "../catalogue.ts";
import type { CatalogueColumn, ViewObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import type { FoundRelation } from "../relation-lookup.ts";
import { visit } from "../kept-view-rules.ts";
import { permissionDenied } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { checkColumnNames } from "./create-table.ts";
import { checkOwner, fold, newName, reserveName } from "./names.ts";

/** CREATE [OR REPLACE] VIEW. A replaced view keeps its columns exactly. */
export async function createView(
  statement: StatementOf<"create-view">,
  context: StatementContext,
): Promise<StatementResult> {
  const { schema, name } = newName(statement.name, "create or replace view", context);
  const existing = await replaced(statement, schema, name, context);
  const { built: query, found } = await context.prepare((bind) => bindQuery(statement.query, new Scope(), bind));
  if (statement.lateBinding) checkQualified(found);
  refuseStarOfSome(statement.query, found, context);
  const columns = viewColumns(query.columns, statement.columns, context);
  checkColumnNames(columns);
  if (existing !== undefined) checkSameColumns(existing, columns);
  refuseStreams(found);
  const view: ViewObject = {
    kind: "view",
    oid: existing?.oid ?? context.database.nextOid(),
    schema,
    name,
    owner: existing?.owner ?? context.user.name,
    ...(existing?.grants === undefined ? {} : { grants: existing.grants }),
    ...(existing?.rowSecurity === undefined ? {} : { rowSecurity: existing.rowSecurity }),
    columns,
    sql: context.sql.slice(statement.query.at, statement.query.end),
    settings: context.nameSettings,
    lateBinding: statement.lateBinding,
    references: statement.lateBinding ? [] : referencesOf(found),
  };
  if (existing !== undefined && view.references.some(([, oid]) => oid === existing.oid))
    throw new SqlError(`infinite recursion detected in rules for relation "${name}"`, { sqlState: "42P17" });
  await context.begin();
  await context.change(view);
  return done("CREATE VIEW");
}

async function replaced(
  statement: StatementOf<"create-view">,
  schema: string,
  name: string,
  context: StatementContext,
): Promise<ViewObject | undefined> {
  const existing = statement.orReplace ? await context.target([schema, name], "exclusive") : undefined;
  if (existing === undefined) {
    await reserveName(schema, name, context);
    return undefined;
  }
  if (existing.kind !== "view") throw new SqlError(`"${name}" is not a view`, { sqlState: "42809" });
  checkOwner(existing, context);
  return existing;
}

/** Texts as PostgreSQL 8.0 had them; seen on Redshift in dataform-co/dataform#259, awslabs/amazon-redshift-utils#482. */
function checkSameColumns(existing: ViewObject, columns: readonly CatalogueColumn[]): void {
  const fail = (text: string) => new SqlError(text, { sqlState: "42P16" });
  if (existing.columns.length !== columns.length) throw fail("cannot change number of columns in view");
  existing.columns.forEach((column, index) => {
    const next = columns[index]!;
    if (next.name !== column.name) throw fail(`cannot change name of view column "${column.name}"`);
    if (JSON.stringify(next.type) !== JSON.stringify(column.type))
      throw fail(`cannot change data type of view column "${column.name}"`);
  });
}

/** Source: Database Developer Guide, r_CREATE_VIEW, WITH NO SCHEMA BINDING. */
function checkQualified(found: readonly FoundRelation[]): void {
  if (found.some((one) => one.kind !== "function" && !one.name.includes(".")))
    throw new SqlError(
      "All the relation names inside should be qualified when creating views WITH NO SCHEMA BINDING.",
      { sqlState: "0A000" },
    );
}

/** In a view `*` does not stand for the columns that its maker may read. Source: Database Developer Guide, r_GRANT-usage-notes. */
function refuseStarOfSome(query: Query, found: readonly FoundRelation[], context: StatementContext): void {
  const partial = found.find((relation) => relation.partial === true);
  if (partial === undefined) return;
  visit(query, (node) => {
    if (node.kind !== "star") return;
    const relation = context.catalogue.get(partial.oid);
    if (relation !== undefined && isRelation(relation)) throw permissionDenied(relation);
  });
}

function refuseStreams(found: readonly FoundRelation[]): void {
  if (found.some((relation) => relation.kind === "stream"))
    throw new SqlError("a view over a stream must be a materialized view", { sqlState: "0A000" });
}

/** The columns of a query as a view or materialized view keeps them, with a type for each. */
export function viewColumns(
  columns: readonly OutputColumn[],
  names: readonly NamePart[],
  context: StatementContext,
): CatalogueColumn[] {
  if (names.length > columns.length)
    throw new SqlError("CREATE VIEW specifies more column names than columns", { sqlState: "42601" });
  return columns.map((column, index) => {
    const name = names[index];
    return {
      name: name === undefined ? column.name : fold(name, context),
      type: settledType(column.type),
      nullable: true,
    };
  });
}

const settledType = (type: SqlType): SqlType => (type.name === "unknown" ? types.text : type);

/** What names stood for, each once. */
export function referencesOf(found: readonly FoundRelation[]): (readonly [string, number])[] {
  return [...new Map(found.map((relation) => [relation.name, relation.oid]))];
}
