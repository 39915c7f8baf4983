import { parseStatement } from "../../sql/parse-statement.ts";
import { types } from "../../sql/sql-type.ts";
import type { StatementResult } from "../database.ts";
import { boundOf } from "../procedures/variables.ts";
import { runQuery } from "../query-result.ts";
import type { StatementContext } from "../statement-context.ts";
import { bindRead } from "../statements/bind-statement.ts";

/** Runs a query of our own over system views, as the asking user sees them; `$1`, `$2` … stand for texts. */
export async function queryViews(
  sql: string,
  values: readonly string[],
  context: StatementContext,
): Promise<StatementResult> {
  const statement = parseStatement(sql);
  if (statement.kind !== "query") throw new Error("only a query can be run over system views");
  const bound = context.withValues(([name = ""]) => {
    const raw = name.startsWith("$") ? values[Number(name.slice(1)) - 1] : undefined;
    return raw === undefined ? undefined : { bound: boundOf({ raw, type: types.text }, "?column?"), used: 1 };
  });
  const { built } = await bindRead(statement.query, bound);
  await context.begin();
  const result = await runQuery(context.connection, built);
  return { ...result, kind: "SHOW" };
}
