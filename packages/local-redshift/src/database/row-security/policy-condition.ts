import type { BindContext } from "../../sql/bind-context.ts";
import { bindExpression } from "../../sql/bind-expression.ts";
import { bindQuery } from "../../sql/bind-query.ts";
import { asCondition } from "../../sql/operators.ts";
import { parseExpression } from "../../sql/parse-expression.ts";
import { Scope, type ScopeColumn } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { TokenCursor } from "../../sql/token-cursor.ts";
import type { Expression, Query } from "../../sql/tree.ts";
import { visit } from "../kept-view-rules.ts";
import type { RlsPolicyObject } from "./row-security.ts";

const parsed = new WeakMap<RlsPolicyObject, Expression>();

/** The tree of a policy's condition; parsed once for each object. */
export function conditionOf(policy: RlsPolicyObject): Expression {
  const expression = parsed.get(policy) ?? parseExpression(new TokenCursor(policy.sql));
  parsed.set(policy, expression);
  return expression;
}

/** DuckDB's text of a condition over a relation's columns; other columns than the policy's are not in sight. */
export function bindCondition(
  expression: Expression,
  { alias, columns }: Pick<RlsPolicyObject, "alias" | "columns">,
  relation: readonly Pick<ScopeColumn, "name" | "type" | "sql">[],
  context: BindContext,
): string {
  const scope = new Scope();
  const read = new Set(columns.map(({ name }) => name));
  const visible = relation.filter(({ name }) => read.has(name)).map(({ name, type, sql }) => ({ name, type, sql }));
  scope.add({ alias: alias ?? "", columns: visible });
  return asCondition(bindExpression(expression, scope, context), "where");
}

/** States of a column, and of a relation before a dot, that a query does not have. */
const unknownNames: ReadonlySet<string | undefined> = new Set(["42703", "42P01"]);

/** Throws for a subquery that reads what is around it. Source of rule and text: Database Developer Guide, t_rls_usage. */
export function refuseCorrelation(expression: Expression, context: BindContext): void {
  for (const query of subqueriesOf(expression))
    try {
      bindQuery(query, new Scope(), context);
    } catch (error) {
      if (!(error instanceof SqlError) || !unknownNames.has(error.sqlState)) throw error;
      throw new SqlError("RLS policy could not be rewritten.", { sqlState: "0A000", cause: error });
    }
}

/** Whether a subquery reads several relations at once. */
export function joinsLookups(expression: Expression): boolean {
  return subqueriesOf(expression).some((query) => hasJoin(query));
}

function hasJoin(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasJoin);
  if (typeof node !== "object" || node === null) return false;
  if ("kind" in node && node.kind === "join") return true;
  if ("from" in node && Array.isArray(node.from) && node.from.length > 1) return true;
  return Object.values(node).some(hasJoin);
}

function subqueriesOf(expression: Expression): readonly Query[] {
  const queries: Query[] = [];
  visit(expression, (node) => {
    if (node.kind === "subquery" || node.kind === "exists" || node.kind === "quantified") queries.push(node.query);
    if (node.kind === "in" && "kind" in node.list) queries.push(node.list);
  });
  return queries;
}
