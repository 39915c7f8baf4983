import { SqlError } from "../../sql/sql-error.ts";
import { cellValue } from "../cell-value.ts";
import type { StatementResult } from "../database.ts";
import { done, resultColumn } from "../query-result.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { fold } from "../statements/names.ts";
import { fetchRows } from "./open-cursors.ts";
import { readQuery } from "./read-query.ts";

/**
 * DECLARE. The rows are read now, as they are for this statement; Redshift does it at the first FETCH, so what is wrong with a row is told
 * there. The limits of result sizes are not enforced: Serverless has 150 GB. Source: Database Developer Guide, declare.
 */
export async function declareCursor(
  statement: StatementOf<"declare-cursor">,
  context: StatementContext,
): Promise<StatementResult> {
  if (!context.inTransaction)
    throw new SqlError("DECLARE CURSOR may only be used in transaction blocks", { sqlState: "25P01" });
  const { body } = statement.query;
  if (body.kind === "select" && body.into !== undefined)
    throw new SqlError("DECLARE CURSOR cannot specify INTO", { sqlState: "42601" });
  const name = fold(statement.name, context);
  context.cursors.checkFree(name);
  context.cursors.open(name, await readQuery(statement.query, context));
  return done("DECLARE CURSOR");
}

/** FETCH. */
export function fetchFromCursor(statement: StatementOf<"fetch">, context: StatementContext): StatementResult {
  checkTransaction(context);
  if (statement.count < 0) throw new SqlError("cursor can only scan forward", { sqlState: "55000" });
  const cursor = context.cursors.find(fold(statement.name, context));
  const { columns } = cursor;
  const rows = fetchRows(cursor, statement.count).map((row) =>
    row.map((value, index) => cellValue(value, columns[index]!.type)),
  );
  return { columns: columns.map(resultColumn), rows, rowCount: rows.length, kind: "FETCH" };
}

/** CLOSE. */
export function closeCursor(statement: StatementOf<"close-cursor">, context: StatementContext): StatementResult {
  checkTransaction(context);
  context.cursors.close(fold(statement.name, context));
  return done("CLOSE CURSOR");
}

/** Source of the text: awslabs/amazon-redshift-utils#545, microsoft/vscode-postgresql#49. */
function checkTransaction(context: StatementContext): void {
  if (context.inTransaction) return;
  throw new SqlError("cursors can only be used within the transaction that created them.", { sqlState: "XX000" });
}
