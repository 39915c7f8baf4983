import type { BodyStatement } from "../../sql/procedures/procedure-tree.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { types } from "../../sql/sql-type.ts";
import type { StatementContext } from "../statement-context.ts";
import { evaluate } from "./evaluate.ts";

/**
 * RAISE: `%` stands for the next argument, `%%` for itself. EXCEPTION fails with the message; other levels only check their
 * arguments, since the Data API gives no notices. Source: Database Developer Guide, c_PLpgSQL-statements.
 */
export async function raise(
  { level, format, args }: Extract<BodyStatement, { kind: "raise" }>,
  context: StatementContext,
): Promise<void> {
  const shown: string[] = [];
  for (const arg of args) {
    const { raw } = await evaluate(arg, context, types.text);
    shown.push(raw === null ? "<NULL>" : String(raw));
  }
  const parts = format.split(/(%%|%)/);
  const message = parts.map((part) => (part === "%%" ? "%" : part === "%" ? next(shown) : part)).join("");
  if (shown.length > 0) throw new SqlError("too many parameters specified for RAISE", { sqlState: "42601" });
  if (level === "exception") throw new SqlError(message, { sqlState: "P0001" });
}

function next(shown: string[]): string {
  const text = shown.shift();
  if (text === undefined) throw new SqlError("too few parameters specified for RAISE", { sqlState: "42601" });
  return text;
}
