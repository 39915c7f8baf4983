import type { TableObject } from "../catalogue-object.ts";
import type { StatementContext } from "../statement-context.ts";

/** Keeps what was changed of a table: in the catalogue, or, if it is temporary, in the session. */
export async function keepTable(table: TableObject, context: StatementContext): Promise<void> {
  if (table.temporary === true) context.temporary.set(table.name, table);
  else await context.change(table);
}
