import { resolvedQuery } from "../../sql/deparse/resolved-query.ts";
import { writeExpression } from "../../sql/deparse/write-expression.ts";
import { writeName } from "../../sql/deparse/write-name.ts";
import { parseStatement } from "../../sql/parse-statement.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { typeText } from "../../sql/sql-type.ts";
import type { Expression } from "../../sql/tree.ts";
import type { RlsPolicyObject } from "../row-security/row-security.ts";
import { definitionContext, type DefinitionWorld } from "./view-definition.ts";

/**
 * A policy's condition with its names and types written out: `"t"."c" LIKE CAST('%public%' AS TEXT)`; as it was written where a lookup table is not
 * found any more. Source of the form: the samples of Database Developer Guide, r_SVV_RLS_POLICY.
 */
export function policyText(policy: RlsPolicyObject, world: DefinitionWorld): string {
  try {
    const condition = resolvedCondition(policy, world);
    const text = writeExpression(asSampled(condition) as Expression);
    return parenthesized.has(condition.kind) ? text.slice(1, -1) : text;
  } catch (error) {
    if (error instanceof SqlError) return policy.sql;
    throw error;
  }
}

/** The condition over a relation with the policy's columns. */
function resolvedCondition({ alias, columns, sql, settings }: RlsPolicyObject, world: DefinitionWorld): Expression {
  const quoted = (text: string) => writeName({ text, quoted: true, at: 0 });
  const items = columns.map(({ name, type }) => `NULL::${typeText(type)} AS ${quoted(name)}`);
  const from = `(SELECT ${items.join(", ") || "1"}) AS ${quoted(alias ?? "rls_table")}`;
  const statement = parseStatement(`SELECT 1 FROM ${from} WHERE ${sql}`);
  if (statement.kind !== "query") throw new SqlError("a policy is no query");
  const { body } = resolvedQuery(statement.query, [], () => false, definitionContext(world, settings));
  if (body.kind !== "select" || body.where === undefined) throw new SqlError("a policy has a condition");
  return body.where;
}

/** Expressions that are written with parentheses around them. */
const parenthesized: ReadonlySet<Expression["kind"]> = new Set(["unary", "binary", "is", "in", "like", "exists"]);

/** Every name in quotes, casts as calls, and the pattern of LIKE as text. */
function asSampled(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asSampled);
  if (typeof node !== "object" || node === null) return node;
  const part = Object.fromEntries(Object.entries(node).map(([key, child]) => [key, asSampled(child)])) as Expression;
  if (part.kind === "name") return { ...part, parts: part.parts.map((name) => ({ ...name, quoted: true })) };
  if (part.kind === "cast") return { ...part, asCall: true };
  if (part.kind !== "like" || part.pattern.kind !== "string") return part;
  const text = { name: "text", modifiers: [], at: 0 };
  return { ...part, pattern: { kind: "cast", operand: part.pattern, type: text, lenient: false, asCall: true, at: 0 } };
}
