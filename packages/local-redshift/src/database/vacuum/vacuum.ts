import { SqlError } from "../../sql/sql-error.ts";
import type { VacuumMode } from "../../sql/tree.ts";
import type { MaterializedViewObject, TableObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { isOwner } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { mustFind } from "../statements/names.ts";
import type { StoredRows, VacuumRun } from "./vacuums.ts";

type Vacuumed = TableObject | MaterializedViewObject;

const types: Readonly<Record<VacuumMode, VacuumRun["type"]>> = {
  full: "Full",
  "sort only": "Sort",
  "delete only": "Delete",
  reindex: "Reindex",
  recluster: "Recluster",
};

/**
 * VACUUM: sweeps deleted rows out of the file. Rows are not kept in the order of sort keys, so sorting is only noted. Whoever has no right
 * to it vacuums nothing, without an error. Source: Database Developer Guide, r_VACUUM_command.
 */
export async function vacuum(statement: StatementOf<"vacuum">, context: StatementContext): Promise<StatementResult> {
  if (context.inTransaction) throw new SqlError("VACUUM cannot run inside a transaction block", { sqlState: "25001" });
  if (!context.database.locks.takeIfFree(context.owner, "name:vacuum", "exclusive")) throw isRunning();
  const { vacuums } = context.database;
  const skipped: VacuumRun[] = [];
  const runs: VacuumRun[] = [];
  for (const table of await tablesOf(statement, context)) {
    const stored = await vacuums.measure(table);
    const run = newRun(table, statement, stored, skipped.length + runs.length, context);
    if (hasWork(table, statement, stored)) runs.push(run);
    else skipped.push({ ...run, status: "Skipped", endedAt: run.startedAt });
  }
  await vacuums.skip(skipped);
  if (runs.length > 0) await vacuums.run(runs);
  return done("VACUUM");
}

/** Source of the text: GH dbt-labs/dbt-core#639. */
function isRunning(): SqlError {
  return new SqlError("VACUUM is running\n  Hint: re-execute after other vacuum finished", { sqlState: "55006" });
}

/** The tables that are meant and that the user may vacuum. */
async function tablesOf(
  { mode, name }: StatementOf<"vacuum">,
  context: StatementContext,
): Promise<readonly Vacuumed[]> {
  const who = context.user;
  const found = name === undefined ? context.catalogue.relations : [await mustFind(name, "share", context)];
  const tables = found.filter((relation) => relation.kind !== "view");
  if (mode === "recluster") for (const table of tables) checkRecluster(table);
  return tables.filter((table) => isOwner(who, table) || who.system.has("vacuum"));
}

/** The text is UNCONFIRMED. */
function checkRecluster({ name, attributes }: Vacuumed): void {
  const why =
    attributes.sortStyle === "interleaved"
      ? "an interleaved sort key"
      : attributes.distStyle === "all"
        ? "distribution style ALL"
        : undefined;
  if (why !== undefined)
    throw new SqlError(`VACUUM RECLUSTER is not supported on table "${name}" with ${why}`, { sqlState: "0A000" });
}

/** A whole database is vacuumed table by table, each in a transaction of its own. Source: SYS_VACUUM_HISTORY. */
function newRun(
  { schema, name, oid, ...table }: Vacuumed,
  { mode }: StatementOf<"vacuum">,
  stored: StoredRows,
  before: number,
  context: StatementContext,
): VacuumRun {
  const { database, queryId, user } = context;
  return {
    userId: user.oid,
    transactionId: before === 0 ? context.transactionId : database.nextTransactionId(),
    queryId,
    table: { schema, name, oid, ...("temporary" in table && table.temporary === true ? { temporary: true } : {}) },
    type: types[mode],
    status: "Initialize",
    startedAt: database.now(),
    ...stored,
    reclaimedRows: 0,
  };
}

/** Whether more rows are deleted than the threshold leaves alone, or rows would be sorted. What is sorted is not known here, so all is. */
function hasWork(
  { attributes }: Vacuumed,
  { mode, threshold }: StatementOf<"vacuum">,
  { rowsBefore, deletedRows }: StoredRows,
): boolean {
  if (rowsBefore === 0 || threshold === 0) return false;
  const sweeps = mode !== "sort only" && mode !== "recluster";
  const sorts = mode !== "delete only" && attributes.sortKeys.length > 0;
  return sorts || (sweeps && deletedRows * 100 > rowsBefore * (100 - threshold));
}
