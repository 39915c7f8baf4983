import type { Bound } from "../../sql/bound.ts";
import { quoteText } from "../../sql/bound.ts";
import type { SqlError } from "../../sql/sql-error.ts";
import { types } from "../../sql/sql-type.ts";
import type { ProcedureObject } from "../catalogue-object.ts";
import type { ProcedureFrame, StatementContext } from "../statement-context.ts";
import type { Variables } from "./variables.ts";

/** A procedure while it runs. */
export interface Running {
  readonly procedure: ProcedureObject;
  /** The context of the CALL. */
  readonly outer: StatementContext;
  readonly userOid: number;
  readonly depth: number;
  readonly canCommit: boolean;
  variables: Variables;
  /** FOUND and ROW_COUNT. */
  found: boolean;
  rowCount: number;
  /** The error that an exception block handles. */
  caught: SqlError | undefined;
  /** NONATOMIC: a transaction was started, so statements do not commit. */
  inBlock: boolean;
}

/** The context of the next statement of a procedure. */
export function contextOf(running: Running, sees = true, text = running.procedure.body): StatementContext {
  const { userOid, depth, canCommit, procedure } = running;
  const variable = (names: readonly string[]) => (sees ? bindVariable(running, names) : undefined);
  const frame: ProcedureFrame = { userOid, variable, canCommit, nonatomic: procedure.nonatomic, depth };
  return running.outer.inside(frame, text);
}

function bindVariable(running: Running, names: readonly string[]): { bound: Bound; used: number } | undefined {
  const found = running.variables.bind(names);
  if (found !== undefined) return found;
  const text = (value: string): Bound => ({ sql: quoteText(value), type: types.text, label: names[0]! });
  if (names[0] === "found") return { bound: { sql: String(running.found), type: types.bool, label: "found" }, used: 1 };
  if (running.caught === undefined) return undefined;
  if (names[0] === "sqlerrm") return { bound: text(running.caught.text), used: 1 };
  return names[0] === "sqlstate" ? { bound: text(running.caught.sqlState), used: 1 } : undefined;
}
