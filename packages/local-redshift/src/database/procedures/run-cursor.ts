import { foldName } from "../../sql/bind-context.ts";
import type { BodyStatement, VariableNode } from "../../sql/procedures/procedure-tree.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { resolveType, types } from "../../sql/sql-type.ts";
import type { Expression, QualifiedName } from "../../sql/tree.ts";
import { fetchRows, type CursorRows } from "../cursors/open-cursors.ts";
import { readQuery } from "../cursors/read-query.ts";
import { assignRow, findTarget } from "./assign-variable.ts";
import { evaluate, recordOf } from "./evaluate.ts";
import { dynamic } from "./run-block.ts";
import { contextOf, type Running } from "./running.ts";
import { nullOf, Variables, type Variable } from "./variables.ts";

type BodyOf<Kind extends BodyStatement["kind"]> = Extract<BodyStatement, { kind: Kind }>;
type Scalar = Extract<Variable, { kind: "scalar" }>;

/** A cursor that is declared with its query: its own name is that of the cursor, too. Source: DG c_PLpgSQL-statements, Cursors. */
export function cursorVariable(name: string, cursor: VariableNode["cursor"]): Variable {
  const value = { raw: name, type: types.refcursor };
  return { kind: "scalar", name, type: types.refcursor, constant: false, notNull: false, value, cursor };
}

/** OPEN: reads all rows of the query. */
export async function openCursor({ cursor, source }: BodyOf<"open">, running: Running): Promise<void> {
  const variable = cursorOf(cursor, running);
  const { cursors } = running.outer;
  const name = variable.value.raw === null ? cursors.newName() : String(variable.value.raw);
  cursors.checkFree(name);
  if ("args" in source !== (variable.cursor !== undefined))
    throw new SqlError(
      variable.cursor === undefined
        ? `cursor "${variable.name}" has no query of its own`
        : `cursor "${variable.name}" has a query of its own`,
      { sqlState: "42601" },
    );
  cursors.open(name, await rowsOf(source, variable, running));
  variable.value = { raw: name, type: types.refcursor };
}

async function rowsOf(source: BodyOf<"open">["source"], variable: Scalar, running: Running): Promise<CursorRows> {
  if ("query" in source) return readQuery(source.query, contextOf(running));
  if ("args" in source) return boundRows(variable, source.args, running);
  const { statement, text } = await dynamic(source.command, running);
  if (statement.kind !== "query") throw new SqlError("OPEN … FOR EXECUTE needs a query", { sqlState: "42601" });
  return readQuery(statement.query, contextOf(running, false, text));
}

async function boundRows(variable: Scalar, args: readonly Expression[], running: Running): Promise<CursorRows> {
  const { parameters, query } = variable.cursor!;
  if (args.length !== parameters.length)
    throw new SqlError(`cursor "${variable.name}" takes ${parameters.length} arguments and was given ${args.length}`, {
      sqlState: "42601",
    });
  const around = running.variables;
  const inner = new Variables(around);
  for (const [index, parameter] of parameters.entries()) {
    const type = resolveType(parameter.type, "variable");
    const value = await evaluate(args[index]!, contextOf(running), type);
    const name = foldName(parameter.name, running.outer.nameSettings);
    inner.declare({ kind: "scalar", name, type, constant: true, notNull: false, value });
  }
  running.variables = inner;
  try {
    return await readQuery(query, contextOf(running));
  } finally {
    running.variables = around;
  }
}

/** FETCH … INTO; after the last row the targets become NULL, and FOUND tells of it. */
export async function fetchInto({ cursor, targets }: BodyOf<"fetch-into">, running: Running): Promise<void> {
  const open = running.outer.cursors.find(nameOf(cursorOf(cursor, running)));
  const [row] = fetchRows(open, 1);
  await assignRow(targets, recordOf(open, row), running);
  running.found = row !== undefined;
}

/** CLOSE; the variable can be opened again. */
export function closeCursor({ cursor }: BodyOf<"close">, running: Running): void {
  const variable = cursorOf(cursor, running);
  running.outer.cursors.close(nameOf(variable));
  if (variable.cursor === undefined) variable.value = nullOf(types.refcursor);
}

function nameOf({ name, value }: Scalar): string {
  if (value.raw === null) throw new SqlError(`cursor variable "${name}" is NULL`, { sqlState: "22004" });
  return String(value.raw);
}

function cursorOf(name: QualifiedName, running: Running): Scalar {
  const { variable } = findTarget(name, running);
  if (variable.kind === "scalar" && variable.type.name === "refcursor") return variable;
  throw new SqlError(`variable "${variable.name}" must be of type cursor or refcursor`, { sqlState: "42804" });
}
