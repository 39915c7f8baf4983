import { foldName, type NameSettings } from "../../sql/bind-context.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { visit } from "../kept-view-rules.ts";
import { checkAggregation } from "./aggregation.ts";
import type { Expression, FromItem, NamePart, Query, Select } from "../../sql/tree.ts";

/**
 * Refuses what a materialized view over a stream may not hold. The texts for aliases and navigation are Redshift's; the rest follows
 * their form (UNCONFIRMED). Source of the rules: DG materialized-view-streaming-ingestion, materialized-view-refresh-sql-command.
 * Returns the one relation that the view reads.
 */
export function checkStreamingQuery(
  query: Query,
  settings: NameSettings,
): { select: Select; relation: Extract<FromItem, { kind: "relation" }> } {
  if (query.ctes.length > 0) throw refusal("Column aliases are not supported");
  if (query.orderBy.length > 0 || query.limit !== undefined || query.offset !== undefined)
    throw new SqlError("materialized views do not support ORDER BY, LIMIT and OFFSET", { sqlState: "0A000" });
  const select = query.body;
  if (select.kind === "set") throw refusal(`${select.operator.toUpperCase()} is not supported`);
  if (select.kind !== "select") throw refusal("Column aliases are not supported");
  if (select.top !== undefined)
    throw new SqlError("materialized views do not support ORDER BY, LIMIT and OFFSET", { sqlState: "0A000" });
  if (select.distinct) throw refusal("DISTINCT is not supported");
  if (select.hierarchy !== undefined) throw refusal("CONNECT BY is not supported");
  const relation = onlyRelation(select);
  const parsed = parsedAliases(select, settings);
  visit(select, (node) => checkExpression(node, parsed, settings));
  checkAggregation(select);
  return { select, relation };
}

/** An error for a definition that is not allowed over a stream. */
export function refusal(reason: string): SqlError {
  return new SqlError(`Materialized view over stream could not be created, reason: ${reason}.`, { sqlState: "0A000" });
}

function onlyRelation(select: Select): Extract<FromItem, { kind: "relation" }> {
  const [first, second] = select.from;
  if (first === undefined) throw new SqlError("a materialized view needs a FROM clause", { sqlState: "0A000" });
  if (first.kind === "derived" || second?.kind === "derived") throw refusal("Column aliases are not supported");
  if (first.kind === "join") throw refusal("JOIN is not supported");
  if (first.kind !== "relation") throw refusal("UNNEST is not supported");
  if (second !== undefined) {
    const name = second.kind === "relation" ? second.name[0]?.text.toLowerCase() : undefined;
    const own = first.alias?.text.toLowerCase() ?? first.name.at(-1)!.text.toLowerCase();
    if (name === own || second.kind !== "relation") throw navigation("payload");
    throw refusal("JOIN is not supported");
  }
  return first;
}

const navigation = (column: string) =>
  new SqlError(`navigation on column "${column}" is not allowed as it is not SUPER type`, { sqlState: "42809" });

const isParse = (node: Expression): boolean =>
  (node.kind === "function" && node.name.at(-1)!.text.toLowerCase() === "json_parse") ||
  (node.kind === "case" &&
    (node.whens.some(({ then }) => isParse(then)) || (node.otherwise !== undefined && isParse(node.otherwise))));

/** Names that the select list gives to parsed JSON. */
function parsedAliases(select: Select, settings: NameSettings): ReadonlySet<string> {
  return new Set(
    select.items
      .filter((item) => item.alias !== undefined && isParse(item.expression))
      .map((item) => foldName(item.alias!, settings)),
  );
}

/** Functions whose value changes without the stream: those of the moment, of chance and of the session. */
export const mutableFunctions: ReadonlySet<string> = new Set(
  `current_database current_date current_schema current_schemas current_setting current_time current_timestamp current_user
  current_user_id getdate has_database_privilege has_schema_privilege has_table_privilege localtime localtimestamp now
  pg_backend_pid pg_cancel_backend pg_last_copy_id pg_last_query_id pg_terminate_backend random session_user set_config sysdate timeofday user user_is_member_of`.split(
    /\s+/,
  ),
);

/** Aggregates that cannot be kept up to date. */
const wholeAggregates: ReadonlySet<string> = new Set(
  "bit_and bit_or median percentile_cont percentile_disc listagg stddev stddev_samp stddev_pop variance var_samp var_pop".split(
    " ",
  ),
);

function checkExpression(node: Expression, parsed: ReadonlySet<string>, settings: NameSettings): void {
  if (node.kind === "subquery" || node.kind === "exists" || node.kind === "quantified")
    throw refusal("Subqueries are not supported");
  if (node.kind === "in" && "kind" in node.list) throw refusal("Subqueries are not supported");
  const aliasOf = (parts: readonly NamePart[]) => foldName(parts[0]!, settings);
  if (node.kind === "name" && node.parts.length > 1 && parsed.has(aliasOf(node.parts)))
    throw navigation(aliasOf(node.parts));
  if (node.kind === "navigate" && isParse(node.target)) throw navigation("payload");
  if (node.kind === "navigate" && node.target.kind === "name" && parsed.has(aliasOf(node.target.parts)))
    throw navigation(aliasOf(node.target.parts));
  if (node.kind === "cast" && isParse(node.operand)) throw navigation("payload");
  if (node.kind === "cast" && node.operand.kind === "name" && parsed.has(aliasOf(node.operand.parts)))
    throw navigation(aliasOf(node.operand.parts));
  if (node.kind !== "function") return;
  const name = node.name.at(-1)!.text.toLowerCase();
  if (node.over !== undefined) throw refusal("Window functions are not supported");
  if (mutableFunctions.has(name)) throw refusal("Mutable functions are not supported");
  if (wholeAggregates.has(name) || node.approximate) throw refusal(`${name.toUpperCase()} is not supported`);
  if (node.distinct) throw refusal("DISTINCT aggregates are not supported");
}
