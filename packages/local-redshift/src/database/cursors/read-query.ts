import { types } from "../../sql/sql-type.ts";
import type { Query } from "../../sql/tree.ts";
import { readRows } from "../duck.ts";
import type { StatementContext } from "../statement-context.ts";
import { bindRead } from "../statements/bind-statement.ts";
import type { CursorRows } from "./open-cursors.ts";

/** Reads all rows of a query, as part of the transaction. */
export async function readQuery(query: Query, context: StatementContext): Promise<CursorRows> {
  const { built } = await bindRead(query, context);
  await context.begin();
  const columns = built.columns.map((column) =>
    column.type.name === "unknown" ? { ...column, type: types.text } : column,
  );
  return { columns, rows: await readRows(context.connection, built.render()) };
}
