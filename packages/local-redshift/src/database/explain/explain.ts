import type { OutputColumn } from "../../sql/bound.ts";
import { varchar } from "../../sql/sql-type.ts";
import type { ExplainableStatement } from "../../sql/tree-session.ts";
import type { FromItem, QualifiedName, NamePart } from "../../sql/tree.ts";
import { isRelation } from "../catalogue.ts";
import type { StatementResult } from "../database.ts";
import { readRows } from "../duck.ts";
import { resultColumn } from "../query-result.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { bindRead, checkStatement } from "../statements/bind-statement.ts";
import { planFrom } from "./plan-from.ts";
import { planLines, type PlanNode } from "./plan-node.ts";
import { planQuery, withCtes } from "./plan-query.ts";
import type { Planner } from "./planner.ts";
import { result } from "./steps.ts";
import { verboseLines } from "./verbose-lines.ts";

/**
 * EXPLAIN: a plan as Redshift writes it, from the syntax tree and the numbers of rows that tables have. It is not DuckDB's, and not what
 * Redshift's planner would choose for sure; nothing runs, and the rights are those of the statement.
 */
export async function explain(
  { statement, verbose }: StatementOf<"explain">,
  context: StatementContext,
): Promise<StatementResult> {
  const output = await check(statement, context);
  const { built: bind } = await context.prepare((inner) => inner);
  const planner: Planner = {
    bind,
    ctes: new Map(),
    async countRows(sql) {
      const [row] = await readRows(context.connection, `SELECT COUNT(*) FROM ${sql}`);
      return Number(row![0]);
    },
    attributesOf(schema, name) {
      const relation = context.temporary.get(name) ?? context.catalogue.relation(schema, name);
      return relation !== undefined && isRelation(relation) && relation.kind !== "view"
        ? relation.attributes
        : undefined;
    },
  };
  await context.begin();
  const plan = await planOf(statement, planner);
  const lines = [...(verbose ? [...verboseLines(plan, output), ""] : []), ...planLines(plan)];
  const width = Math.max(...lines.map((line) => line.length));
  const columns = [resultColumn({ name: "QUERY PLAN", type: varchar(width) })];
  return { columns, rows: lines.map((line) => [line]), rowCount: lines.length, kind: "EXPLAIN" };
}

/** Throws what the statement would throw. The columns of a query; none for a change. */
async function check(statement: ExplainableStatement, context: StatementContext): Promise<readonly OutputColumn[]> {
  if (statement.kind !== "query" && statement.kind !== "create-table-as") {
    await checkStatement(statement, context);
    return [];
  }
  const { built } = await bindRead(withoutInto(statement.query), context);
  return built.columns;
}

/** SELECT INTO is planned as its query. */
function withoutInto(query: StatementOf<"query">["query"]): StatementOf<"query">["query"] {
  const { body } = query;
  return body.kind === "select" ? { ...query, body: { ...body, into: undefined } } : query;
}

function planOf(statement: ExplainableStatement, planner: Planner): Promise<PlanNode> {
  switch (statement.kind) {
    case "query":
    case "create-table-as":
      return planQuery(statement.query, planner);
    case "insert": {
      const { source } = statement;
      const isQuery = source !== undefined && source.kind === "query";
      return isQuery ? planQuery(source, planner) : Promise.resolve(result());
    }
    case "update":
    case "delete":
      return planChange(statement, planner);
  }
}

async function planChange(statement: StatementOf<"update" | "delete">, outer: Planner): Promise<PlanNode> {
  const { table, alias, where } = statement;
  const others = statement.kind === "update" ? statement.from : statement.using;
  const planner = await withCtes(statement.with, outer);
  return planFrom([target(table, alias), ...others], where, statement, planner);
}

const target = (name: QualifiedName, alias: NamePart | undefined): FromItem => ({
  kind: "relation",
  name,
  alias,
  steps: [],
  columnAliases: [],
  index: undefined,
  at: name[0]!.at,
});
