import { SqlError } from "../../sql/sql-error.ts";
import type { Expression, Query, QueryBody } from "../../sql/tree.ts";
import type { Catalogue } from "../catalogue.ts";
import { visit } from "../kept-view-rules.ts";
import { mutableFunctions } from "../streaming/streaming-rules.ts";

const leaderFunctions: ReadonlySet<string> = new Set([
  "current_schema",
  "current_schemas",
  "has_database_privilege",
  "has_schema_privilege",
  "has_table_privilege",
]);

/**
 * Refuses what the query of a materialized view over tables may not hold. Source of the rules: Database Developer Guide,
 * materialized-view-create-sql-command; it shows no messages, so the texts are UNCONFIRMED.
 */
export function checkDefinition(query: Query): void {
  if (isSorted(query)) throw refusal("materialized views do not support ORDER BY, LIMIT and OFFSET");
  visit(query, (node) => {
    if (node.kind === "function" && leaderFunctions.has(nameOf(node)))
      throw refusal(
        `function ${nameOf(node)} is not supported in a materialized view: it runs on the leader node only`,
      );
  });
}

/** An error for a definition that is not allowed. */
export const refusal = (reason: string) => new SqlError(reason, { sqlState: "0A000" });

const nameOf = (node: Extract<Expression, { kind: "function" }>) => node.name.at(-1)!.text.toLowerCase();

function isSorted(query: Query): boolean {
  if (query.orderBy.length > 0 || query.limit !== undefined || query.offset !== undefined) return true;
  return isSortedBody(query.body) || query.ctes.some((cte) => isSorted(cte.query));
}

function isSortedBody(body: QueryBody): boolean {
  if (body.kind === "query") return isSorted(body);
  if (body.kind === "set") return isSortedBody(body.left) || isSortedBody(body.right);
  return body.kind === "select" && body.top !== undefined;
}

/** A query, and what its names stand for. */
interface Definition {
  readonly query: Query;
  readonly references: readonly (readonly [name: string, oid: number])[];
}

/**
 * Whether the query gives something else although its tables are the same. Of functions in SQL those that are VOLATILE count, whatever
 * they do: the page speaks of non-STABLE ones, and its example with an IMMUTABLE one is no full refresh.
 * Source: Database Developer Guide, materialized-view-refresh-sql-command, materialized-view-UDFs; the reading is UNCONFIRMED.
 */
export function isMutable({ query, references }: Definition, catalogue: Catalogue): boolean {
  let found = references.some(([, oid]) => {
    const object = catalogue.get(oid);
    return object?.kind === "function" && object.volatility === "volatile";
  });
  visit(query, (node) => {
    if (node.kind === "function" && mutableFunctions.has(nameOf(node))) found = true;
  });
  return found;
}

/** Aggregates that a refresh can keep up to date. */
const sumAggregates: ReadonlySet<string> = new Set(["avg", "count", "max", "min", "sum"]);
const otherAggregates: ReadonlySet<string> = new Set(
  `bit_and bit_or bool_and bool_or listagg median percentile_cont percentile_disc stddev stddev_pop stddev_samp
  var_pop var_samp variance`.split(/\s+/),
);

/**
 * Whether Redshift would refresh the view incrementally; here every refresh computes it anew, with the same rows.
 * Source: Database Developer Guide, materialized-view-refresh-sql-command.
 */
export function isIncremental(definition: Definition, catalogue: Catalogue): boolean {
  let incremental = !isMutable(definition, catalogue);
  visit(definition.query, (node) => {
    const part: {
      readonly kind: string;
      readonly type?: unknown;
      readonly operator?: unknown;
      readonly all?: unknown;
    } = node;
    if (part.kind === "join" && part.type !== "inner" && part.type !== "cross") incremental = false;
    if (part.kind === "set" && !(part.operator === "union" && part.all === true)) incremental = false;
    if (node.kind === "subquery" || node.kind === "exists" || node.kind === "quantified") incremental = false;
    if (node.kind === "in" && "kind" in node.list) incremental = false;
    if (node.kind !== "function") return;
    const name = nameOf(node);
    const isWhole = node.over !== undefined || node.approximate || otherAggregates.has(name);
    if (isWhole || (node.distinct && sumAggregates.has(name))) incremental = false;
  });
  return incremental;
}
