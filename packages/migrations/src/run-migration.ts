import { StatementError } from "@millrace/warehouse";
import { dropClaim, findLedger, settleClaim, writeRow } from "./ledger.ts";
import type { LedgerRow } from "./ledger.ts";
import type { RenderedMigration } from "./migration-file.ts";
import type { PendingMigration } from "./plan.ts";
import { FailedStatement, statementOptions, transact } from "./run.ts";
import type { RunContext } from "./run.ts";
import { isSessionGone, sessionGone, whenFree } from "./session-answers.ts";

/** Takes one pending file to the warehouse. Throws `FailedStatement`, or what the service threw. */
export async function runMigration(context: RunContext, pending: PendingMigration): Promise<void> {
  context.signal?.throwIfAborted();
  try {
    await (pending.file.directives.noTransaction ? runAlone(context, pending) : runInTransaction(context, pending));
  } catch (error) {
    throw isSessionGone(error) ? new FailedStatement(sessionGone, error) : error;
  }
}

async function runInTransaction(context: RunContext, { file, seen }: PendingMigration): Promise<void> {
  const statements = file.statements.map(({ sql }) => sql);
  try {
    await transact(context, file.name, [...statements, writeRow(file, seen, "applied", context.run)]);
  } catch (error) {
    if (error instanceof FailedStatement) throw inFile(error, statements.length);
    // The answer was lost, and the statement may not be over: the ledger knows once it is.
    const row = await whenFree(() => findRow(context, file.name), context.delay);
    if (row === undefined || !isApplied(file, row)) throw error;
  }
}

/** Claims the row, runs the one statement by itself, settles the row. Of a claim that an earlier run left, the catalogue (`done-when`) tells. */
async function runAlone(context: RunContext, { file, seen }: PendingMigration): Promise<void> {
  const { warehouse } = context;
  const settle = (statementId?: string) => transact(context, file.name, [settleClaim(file.name, statementId)]);
  if (seen?.state === "running" && (await isDone(context, file))) return settle();
  await transact(context, file.name, [writeRow(file, seen, "running", context.run)]);
  let statementId: string | undefined;
  try {
    ({ statementId } = await warehouse.execute(
      file.statements[0]?.sql ?? "",
      {},
      statementOptions(context, file.name),
    ));
  } catch (error) {
    if (error instanceof StatementError) {
      await transact(context, file.name, [dropClaim(file.name)]);
      throw new FailedStatement(error.message, error, 0);
    }
    if (!(await whenFree(() => isDone(context, file), context.delay))) throw error;
  }
  await settle(statementId);
}

async function findRow({ warehouse }: RunContext, name: string): Promise<LedgerRow | undefined> {
  return (await findLedger(warehouse))?.get(name);
}

function isApplied(file: RenderedMigration, row: LedgerRow): boolean {
  return row.state === "applied" && row.checksum === file.checksum && row.usedValues === file.usedValues;
}

async function isDone({ warehouse }: RunContext, { directives }: RenderedMigration): Promise<boolean> {
  if (!directives.doneWhen) return false;
  const { rows } = await warehouse.query(directives.doneWhen, {}, { name: "millrace done-when" });
  return rows.length > 0;
}

/** The ledger's row is no statement of the file. */
function inFile(error: FailedStatement, count: number): FailedStatement {
  const isOwn = error.index !== undefined && error.index < count;
  return isOwn ? error : new FailedStatement(error.message, error.cause);
}
