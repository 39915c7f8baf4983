import { setImmediate } from "node:timers/promises";
import { foldName } from "../../sql/bind-context.ts";
import { parseStatement } from "../../sql/parse-statement.ts";
import type { Block, BodyStatement, VariableNode } from "../../sql/procedures/procedure-tree.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { resolveType, types } from "../../sql/sql-type.ts";
import type { Expression, QualifiedName, Query, Statement } from "../../sql/tree.ts";
import { fetchRows, type CursorRows } from "../cursors/open-cursors.ts";
import { readQuery } from "../cursors/read-query.ts";
import { translateDuckError } from "../duck-error.ts";
import { checkCommit, type StatementContext } from "../statement-context.ts";
import { runStatement } from "../statements/run-statement.ts";
import { assignRow, assignTo, refuseNull } from "./assign-variable.ts";
import { callNested } from "./call-procedure.ts";
import { evaluate, holds, recordOf } from "./evaluate.ts";
import { raise } from "./raise.ts";
import { closeCursor, cursorVariable, fetchInto, openCursor } from "./run-cursor.ts";
import { contextOf, type Running } from "./running.ts";
import { nullOf, Variables, type Variable } from "./variables.ts";

/** Why a list of statements ended early. */
type Leave =
  { readonly how: "return" } | { readonly how: "exit" | "continue"; readonly label: string | undefined } | undefined;

/** A loop without statements in the database lets others have a turn this often. */
const roundsPerTurn = 50;

/** Runs a block; resolves to why it ended early, if it did. */
export async function runBlock(block: Block, running: Running): Promise<Leave> {
  const around = running.variables;
  running.variables = new Variables(around, block.label);
  try {
    for (const node of block.variables) await declare(node, running);
    const leave = await guarded(block, running);
    const isOwn = leave?.how === "exit" && leave.label !== undefined && leave.label === block.label;
    return isOwn ? undefined : leave;
  } finally {
    running.variables = around;
  }
}

/**
 * EXCEPTION undoes the transaction and runs its statements in another. In the default mode that is committed and the error thrown
 * again; in NONATOMIC mode the procedure goes on. Source: Database Developer Guide, stored-procedure-trapping-errors.
 */
async function guarded(block: Block, running: Running): Promise<Leave> {
  if (block.handler === undefined) return runAll(block.statements, running);
  const { outer } = running;
  try {
    return await runAll(block.statements, running);
  } catch (cause) {
    if (outer.signal?.aborted === true) throw cause;
    const error = translateDuckError(cause, outer.pid);
    const before = running.caught;
    await outer.rollback();
    running.inBlock = false;
    running.caught = error;
    const leave = await runAll(block.handler, running);
    running.caught = before;
    if (running.procedure.nonatomic) return leave;
    const { userOid, depth } = running;
    await outer.inside({ userOid, depth, variable: () => undefined, canCommit: true, nonatomic: false }, "").commit();
    throw error;
  }
}

async function declare(node: VariableNode, running: Running): Promise<void> {
  const context = contextOf(running);
  const name = foldName(node.name, context.nameSettings);
  const { variables } = running;
  if (node.aliasOf !== undefined) {
    const found = variables.find([`$${node.aliasOf}`]);
    if (found === undefined) throw new SqlError(`there is no parameter $${node.aliasOf}`, { sqlState: "42P02" });
    variables.declare(found.variable, name);
    return;
  }
  if (node.cursor !== undefined) {
    variables.declare(cursorVariable(name, node.cursor));
    return;
  }
  if (node.type === undefined) {
    variables.declare({ kind: "record", name, fields: undefined });
    return;
  }
  const type = resolveType(node.type, "variable");
  const value = node.initial === undefined ? nullOf(type) : await evaluate(node.initial, context, type);
  const { constant, notNull } = node;
  if (notNull) refuseNull(name, value);
  variables.declare({ kind: "scalar", name, type, constant, notNull, value });
}

async function runAll(statements: readonly BodyStatement[], running: Running): Promise<Leave> {
  for (const statement of statements) {
    running.outer.signal?.throwIfAborted();
    const leave = await runOne(statement, running);
    if (leave !== undefined) return leave;
  }
  return undefined;
}

async function runOne(statement: BodyStatement, running: Running): Promise<Leave> {
  switch (statement.kind) {
    case "block":
      return runBlock(statement, running);
    case "sql":
      await runSql(statement.statement, running);
      return undefined;
    case "select-into":
      await selectInto(statement.query, statement.targets, running, contextOf(running));
      return undefined;
    case "perform":
      running.found = (await readQuery(statement.query, contextOf(running))).rows.length > 0;
      return undefined;
    case "execute":
      await execute(statement.command, statement.targets, running);
      return undefined;
    case "assign":
      await assignTo(statement.target, await evaluate(statement.value, contextOf(running)), running);
      return undefined;
    case "if":
      return runIf(statement, running);
    case "loop":
      return runLoop(statement, running);
    case "for-range":
      return runRange(statement, running);
    case "for-rows":
      return runRows(statement, running);
    case "open":
      await openCursor(statement, running);
      return undefined;
    case "fetch-into":
      await fetchInto(statement, running);
      return undefined;
    case "close":
      closeCursor(statement, running);
      return undefined;
    case "leave":
      if (statement.when !== undefined && !(await holds(statement.when, contextOf(running)))) return undefined;
      return { how: statement.how, label: statement.label };
    case "return":
      return { how: "return" };
    case "nothing":
      return undefined;
    case "raise":
      await raise(statement, contextOf(running));
      return undefined;
    case "raise-again":
      if (running.caught === undefined || !running.procedure.nonatomic)
        throw new SqlError("RAISE without a level is only valid in exception blocks of NONATOMIC procedures", {
          sqlState: "0Z002",
        });
      throw running.caught;
    case "row-count":
      await assignTo(statement.target, { raw: running.rowCount, type: types.int4 }, running);
      return undefined;
    case "transaction":
      await endTransaction(statement.command, running);
      return undefined;
  }
}

/** What these keep is text, in which a variable would mean nothing later. */
const withoutVariables: ReadonlySet<string> = new Set(["create-view", "create-materialized-view", "create-table"]);

async function runSql(statement: Statement, running: Running): Promise<void> {
  if (statement.kind === "commit" || statement.kind === "rollback") return endTransaction(statement.kind, running);
  if (statement.kind === "call") return callNested(statement, running);
  if (statement.kind === "query" && !(statement.query.body.kind === "select" && statement.query.body.into))
    throw new SqlError("SELECT query has no destination for result data", { sqlState: "42601" });
  const context = contextOf(running, !withoutVariables.has(statement.kind));
  await settle(await runStatement(statement, context), running);
}

/** Keeps what FOUND and ROW_COUNT tell of a statement, and commits it in NONATOMIC mode. */
async function settle(result: { readonly kind: string; readonly rowCount: number }, running: Running): Promise<void> {
  running.rowCount = Math.max(0, result.rowCount);
  if (result.kind === "INSERT" || result.kind === "UPDATE" || result.kind === "DELETE")
    running.found = result.rowCount > 0;
  await commitAlone(running);
}

async function commitAlone(running: Running): Promise<void> {
  const { procedure, outer, inBlock } = running;
  if (procedure.nonatomic && !inBlock && (outer.frame !== undefined || !outer.inTransaction)) await outer.commit();
}

async function endTransaction(command: "commit" | "rollback" | "start", running: Running): Promise<void> {
  if (command === "start") {
    if (!running.procedure.nonatomic)
      throw new SqlError("START TRANSACTION is only supported in NONATOMIC procedures", { sqlState: "0A000" });
    running.inBlock = true;
    return;
  }
  checkCommit({ ...running, variable: () => undefined, nonatomic: false }, command.toUpperCase());
  if (command === "commit") await running.outer.commit();
  else await running.outer.rollback();
  running.inBlock = false;
}

async function execute(command: Expression, targets: readonly QualifiedName[], running: Running): Promise<void> {
  const { statement, text } = await dynamic(command, running);
  const context = contextOf(running, false, text);
  if (statement.kind === "call") return callNested(statement, running, text);
  if (statement.kind === "query" && targets.length > 0) return selectInto(statement.query, targets, running, context);
  await settle(await runStatement(statement, context), running);
}

/** The statement that a text is. */
export async function dynamic(
  command: Expression,
  running: Running,
): Promise<{ readonly statement: Statement; readonly text: string }> {
  const { raw } = await evaluate(command, contextOf(running), types.text);
  if (raw === null) throw new SqlError("cannot EXECUTE a null querystring", { sqlState: "22004" });
  const text = String(raw);
  const statement = parseStatement(text);
  if (statement.kind === "begin" || statement.kind === "commit" || statement.kind === "rollback")
    throw new SqlError("cannot begin/end transactions in dynamic SQL of a procedure", { sqlState: "0A000" });
  return { statement, text };
}

async function selectInto(
  query: Query,
  targets: readonly QualifiedName[],
  running: Running,
  context: StatementContext,
): Promise<void> {
  const read = await readQuery(query, context);
  running.found = read.rows.length > 0;
  running.rowCount = Math.min(1, read.rows.length);
  await assignRow(targets, recordOf(read, read.rows[0]), running);
  await commitAlone(running);
}

type BodyOf<Kind extends BodyStatement["kind"]> = Extract<BodyStatement, { kind: Kind }>;

async function runIf({ branches, otherwise }: BodyOf<"if">, running: Running): Promise<Leave> {
  for (const branch of branches)
    if (await holds(branch.when, contextOf(running))) return runAll(branch.statements, running);
  if (otherwise === undefined) throw new SqlError("case not found", { sqlState: "20000" });
  return runAll(otherwise, running);
}

interface Labelled {
  readonly label: string | undefined;
  readonly statements: readonly BodyStatement[];
}

/** One round of a loop: whether the loop goes on, and what leaves it if it does not. */
async function round(
  { label, statements }: Labelled,
  running: Running,
): Promise<{ readonly goesOn: boolean; readonly leave: Leave }> {
  const leave = await runAll(statements, running);
  if (leave === undefined) return { goesOn: true, leave };
  const isOwn = leave.how !== "return" && (leave.label === undefined || leave.label === label);
  if (!isOwn) return { goesOn: false, leave };
  return { goesOn: leave.how === "continue", leave: undefined };
}

async function runLoop(loop: BodyOf<"loop">, running: Running): Promise<Leave> {
  for (let count = 0; loop.condition === undefined || (await holds(loop.condition, contextOf(running))); count += 1) {
    if (count % roundsPerTurn === 0) await setImmediate();
    running.outer.signal?.throwIfAborted();
    const { goesOn, leave } = await round(loop, running);
    if (!goesOn) return leave;
  }
  return undefined;
}

async function runRange(loop: BodyOf<"for-range">, running: Running): Promise<Leave> {
  const context = contextOf(running);
  const from = Number((await evaluate(loop.from, context, types.int4)).raw);
  const to = Number((await evaluate(loop.to, context, types.int4)).raw);
  const step = loop.reverse ? -1 : 1;
  const name = foldName(loop.variable, context.nameSettings);
  return withLoopVariables(loop.label, running, async () => {
    const value = { raw: from, type: types.int4 };
    const variable: Variable = { kind: "scalar", name, type: types.int4, constant: false, notNull: false, value };
    running.variables.declare(variable);
    let rounds = 0;
    for (let at = from; step * (to - at) >= 0; at += step, rounds += 1) {
      if (rounds % roundsPerTurn === 0) await setImmediate();
      variable.value = { raw: at, type: types.int4 };
      const { goesOn, leave } = await round(loop, running);
      if (!goesOn) {
        running.found = true;
        return leave;
      }
    }
    running.found = rounds > 0;
    return undefined;
  });
}

async function withLoopVariables(
  label: string | undefined,
  running: Running,
  run: () => Promise<Leave>,
): Promise<Leave> {
  const around = running.variables;
  running.variables = new Variables(around, label);
  try {
    return await run();
  } finally {
    running.variables = around;
  }
}

/** The loop's cursor counts as one of the session, and ends with the transaction. Source: DG stored-procedure-constraints. */
async function runRows(loop: BodyOf<"for-rows">, running: Running): Promise<Leave> {
  const { cursors } = running.outer;
  const name = cursors.newName();
  cursors.checkFree(name);
  cursors.open(name, await sourceRows(loop.source, running));
  for (let rounds = 0; ; rounds += 1) {
    running.outer.signal?.throwIfAborted();
    const cursor = cursors.find(name);
    const [row] = fetchRows(cursor, 1);
    running.found = rounds > 0;
    if (row === undefined) break;
    await assignRow(loop.targets, recordOf(cursor, row), running);
    const { goesOn, leave } = await round(loop, running);
    if (goesOn) continue;
    running.found = true;
    if (cursors.isOpen(name)) cursors.close(name);
    return leave;
  }
  cursors.close(name);
  return undefined;
}

async function sourceRows(source: BodyOf<"for-rows">["source"], running: Running): Promise<CursorRows> {
  if ("query" in source) return readQuery(source.query, contextOf(running));
  const { statement, text } = await dynamic(source.command, running);
  if (statement.kind !== "query") throw new SqlError("FOR … IN EXECUTE needs a query", { sqlState: "42601" });
  return readQuery(statement.query, contextOf(running, false, text));
}
