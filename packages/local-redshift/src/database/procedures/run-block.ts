import { setImmediate } from "node:timers/promises";
import { foldName } from "../../sql/bind-context.ts";
import type { Bound } from "../../sql/bound.ts";
import { quoteText } from "../../sql/bound.ts";
import { parseStatement } from "../../sql/parse-statement.ts";
import type { Block, BodyStatement, VariableNode } from "../../sql/procedures/procedure-tree.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { resolveType, types } from "../../sql/sql-type.ts";
import type { Expression, QualifiedName, Query, Statement } from "../../sql/tree.ts";
import type { ProcedureObject } from "../catalogue-object.ts";
import { translateDuckError } from "../duck-error.ts";
import { checkCommit, type ProcedureFrame, type StatementContext } from "../statement-context.ts";
import { runStatement } from "../statements/run-statement.ts";
import { callNested } from "./call-procedure.ts";
import { convert, evaluate, holds, rowsOf } from "./evaluate.ts";
import { raise } from "./raise.ts";
import { nullOf, Variables, type Value, type Variable } from "./variables.ts";

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

/** Why a list of statements ended early. */
type Leave =
  { readonly how: "return" } | { readonly how: "exit" | "continue"; readonly label: string | undefined } | undefined;

/** A loop without statements in the database lets others have a turn this often. */
const roundsPerTurn = 50;

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
  if (node.type === undefined) {
    variables.declare({ kind: "record", name, fields: undefined });
    return;
  }
  const type = resolveType(node.type, "cast");
  const value = node.initial === undefined ? nullOf(type) : await evaluate(node.initial, context, type);
  const { constant, notNull } = node;
  if (notNull) refuseNull(name, value);
  variables.declare({ kind: "scalar", name, type, constant, notNull, value });
}

function refuseNull(name: string, value: Value): void {
  if (value.raw === null)
    throw new SqlError(`null value cannot be assigned to variable "${name}" declared NOT NULL`, { sqlState: "22004" });
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
      running.found = (await rowsOf(statement.query, contextOf(running))).rows.length > 0;
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

async function dynamic(
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
  const { rows, none } = await rowsOf(query, context);
  running.found = rows.length > 0;
  running.rowCount = Math.min(1, rows.length);
  await assignRow(targets, rows[0] ?? none, running);
  await commitAlone(running);
}

async function assignRow(
  targets: readonly QualifiedName[],
  row: ReadonlyMap<string, Value>,
  running: Running,
): Promise<void> {
  const only = targets.length === 1 ? findTarget(targets[0]!, running) : undefined;
  if (only?.variable.kind === "record" && only.field === undefined) {
    only.variable.fields = row;
    return;
  }
  const values = [...row.values()];
  if (values.length !== targets.length)
    throw new SqlError(`the query gives ${values.length} columns for ${targets.length} variables`, {
      sqlState: "42601",
    });
  for (const [index, target] of targets.entries()) await assignTo(target, values[index]!, running);
}

function findTarget(name: QualifiedName, running: Running): { variable: Variable; field: string | undefined } {
  const names = name.map((part) => foldName(part, running.outer.nameSettings));
  const found = running.variables.find(names);
  const field = found && names[found.used];
  if (found === undefined || (field !== undefined && found.variable.kind === "scalar"))
    throw new SqlError(`"${names.join(".")}" is not a known variable`, { sqlState: "42601" });
  return { variable: found.variable, field };
}

/** Gives a variable, or a field of a record, a value. */
export async function assignTo(target: QualifiedName, value: Value, running: Running): Promise<void> {
  const { variable, field } = findTarget(target, running);
  if (variable.kind === "scalar") {
    if (variable.constant) throw new SqlError(`"${variable.name}" is declared CONSTANT`, { sqlState: "22005" });
    const converted = await convert(value, variable.type, contextOf(running));
    if (variable.notNull) refuseNull(variable.name, converted);
    variable.value = converted;
    return;
  }
  const old = field === undefined ? undefined : variable.fields?.get(field);
  if (field === undefined || old === undefined)
    throw new SqlError(`record "${variable.name}" has no field "${field ?? ""}"`, { sqlState: "42703" });
  variable.fields = new Map([...variable.fields!, [field, await convert(value, old.type, contextOf(running))]]);
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

/** All rows are read before the first round, so statements in the loop may change what it reads. */
async function runRows(loop: BodyOf<"for-rows">, running: Running): Promise<Leave> {
  const { rows } = await sourceRows(loop.source, running);
  for (const row of rows) {
    running.outer.signal?.throwIfAborted();
    await assignRow(loop.targets, row, running);
    const { goesOn, leave } = await round(loop, running);
    if (goesOn) continue;
    running.found = true;
    return leave;
  }
  running.found = rows.length > 0;
  return undefined;
}

async function sourceRows(source: BodyOf<"for-rows">["source"], running: Running) {
  if ("query" in source) return rowsOf(source.query, contextOf(running));
  const { statement, text } = await dynamic(source.command, running);
  if (statement.kind !== "query") throw new SqlError("FOR … IN EXECUTE needs a query", { sqlState: "42601" });
  return rowsOf(statement.query, contextOf(running, false, text));
}
