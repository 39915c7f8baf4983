import type { VacuumRun } from "../vacuum/vacuums.ts";
import { databaseName, listing } from "./listing.ts";
import { bool, int4, int8, moment, seesAll, text, timestamp, type SystemViews } from "./system-view.ts";

const endOf = ({ endedAt }: VacuumRun) => (endedAt === undefined ? null : moment(endedAt));

const durationOf = ({ startedAt, endedAt }: VacuumRun) =>
  endedAt === undefined ? null : (endedAt - startedAt) * 1_000;

/**
 * One row for each table that VACUUM looked at. There are neither blocks nor an order of rows here, so what tells of them is NULL. Source
 * of columns and words: Database Developer Guide, SYS_VACUUM_HISTORY.
 */
const vacuumHistory = listing({
  of: (world) => world.vacuums.runs.filter((run) => seesAll(world) || run.userId === world.user.oid),
  columns: [
    ["user_id", int4, (run) => run.userId],
    ["transaction_id", int8, (run) => run.transactionId],
    ["query_id", int8, (run) => run.queryId],
    ["database_name", text, databaseName],
    ["schema_name", text, (run) => run.table.schema],
    ["table_name", text, (run) => run.table.name],
    ["table_id", int4, (run) => run.table.oid],
    ["vacuum_type", text, (run) => run.type],
    ["is_automatic", bool, false],
    ["status", text, (run) => run.status],
    ["start_time", timestamp, (run) => moment(run.startedAt)],
    ["end_time", timestamp, endOf],
    ["record_time", timestamp, (run) => moment(run.endedAt ?? run.startedAt)],
    ["duration", int4, durationOf],
    ["rows_before_vacuum", int8, (run) => run.rowsBefore],
    ["size_before_vacuum", int4, null],
    ["reclaimable_rows", int8, (run) => run.deletedRows],
    ["reclaimed_rows", int8, (run) => run.reclaimedRows],
    ["reclaimed_blocks", int8, null],
    ["sortedrows_before_vacuum", int4, null],
    ["sortedrows_after_vacuum", int4, null],
  ],
});

/** What VACUUM did. */
export const vacuumViews: SystemViews = { sys_vacuum_history: vacuumHistory };
