import { varchar } from "../../sql/sql-type.ts";
import type { LoggedQuery } from "../activity/logged-query.ts";
import { databaseName, listing } from "./listing.ts";
import {
  bool,
  char,
  int4,
  int8,
  moment,
  seesRowsOf,
  text,
  timestamp,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

/** Characters of a statement in one row. */
const rowCharacters = 4_000;
/** What `version()` says is the same. */
const redshiftVersion = "1.0.0";

const seenQueries = (world: SystemWorld): readonly LoggedQuery[] =>
  world.activity.queries.filter(({ submitted }) => seesRowsOf(submitted.userName, world));

const endOf = (query: LoggedQuery) => (query.isDone ? moment(query.submitted.submittedAt, query.elapsedTime) : null);

/**
 * One row for each statement, those that run or wait too; a running statement has no end yet. The result cache, usage limits, compiling and
 * service classes are not built: they have the values of a statement that meets none of them. The words of the hashes' values and of
 * `service_class_name` are UNCONFIRMED.
 */
const queryHistory = listing({
  of: seenQueries,
  columns: [
    ["user_id", int4, (query) => query.submitted.userId],
    ["query_id", int8, (query) => query.submitted.id],
    ["query_label", char(320), (query) => query.submitted.label],
    ["transaction_id", int8, (query) => query.transactionId],
    ["session_id", int4, (query) => query.submitted.pid],
    ["database_name", char(128), databaseName],
    ["query_type", char(32), (query) => query.type],
    ["status", char(10), (query) => query.status],
    ["result_cache_hit", bool, false],
    ["start_time", timestamp, (query) => moment(query.submitted.submittedAt)],
    ["end_time", timestamp, endOf],
    ["elapsed_time", int8, (query) => query.elapsedTime],
    ["queue_time", int8, (query) => query.queueTime],
    ["execution_time", int8, (query) => query.elapsedTime - query.queueTime],
    ["error_message", char(512), (query) => query.error],
    ["returned_rows", int8, (query) => query.returnedRows],
    ["returned_bytes", int8, (query) => query.returnedBytes],
    ["query_text", char(rowCharacters), (query) => query.text.slice(0, rowCharacters)],
    ["redshift_version", char(256), redshiftVersion],
    ["usage_limit", char(150), ""],
    ["compute_type", varchar(32), "primary"],
    ["compile_time", int8, 0],
    ["planning_time", int8, (query) => query.planningTime],
    ["lock_wait_time", int8, (query) => query.lockWaitTime],
    ["service_class_id", int4, 100],
    ["service_class_name", char(64), "Default queue"],
    ["query_priority", varchar(20), "Normal"],
    ["short_query_accelerated", char(10), "false"],
    ["user_query_hash", char(40), null],
    ["generic_query_hash", char(40), null],
    ["query_hash_version", int4, null],
    ["result_cache_query_id", int8, null],
  ],
});

/** Statements of more than 4,000 characters have more than one row. */
const queryText = listing({
  of: (world) =>
    seenQueries(world).flatMap((query) => {
      const parts = Math.max(1, Math.ceil(query.text.length / rowCharacters));
      return Array.from({ length: parts }, (_, sequence) => ({ query, sequence }));
    }),
  columns: [
    ["user_id", int4, ({ query }) => query.submitted.userId],
    ["query_id", int8, ({ query }) => query.submitted.id],
    ["transaction_id", int8, ({ query }) => query.transactionId],
    ["session_id", int4, ({ query }) => query.submitted.pid],
    ["start_time", timestamp, ({ query }) => moment(query.submitted.submittedAt)],
    ["sequence", int4, ({ sequence }) => sequence],
    [
      "text",
      char(rowCharacters),
      ({ query, sequence }) => query.text.slice(sequence * rowCharacters, (sequence + 1) * rowCharacters),
    ],
  ],
});

/** Statements are not split into steps here, so there are none; a tool's query over it works and gives no rows. */
const queryDetail: SystemView = {
  columns: [
    ["user_id", int4],
    ["query_id", int8],
    ["child_query_sequence", int4],
    ["stream_id", int4],
    ["segment_id", int4],
    ["step_id", int4],
    ["step_name", text],
    ["table_id", int4],
    ["table_name", char(136)],
    ["is_rrscan", char(1)],
    ["start_time", timestamp],
    ["end_time", timestamp],
    ["duration", int8],
    ["alert", text],
    ["input_bytes", int8],
    ["input_rows", int8],
    ["output_bytes", int8],
    ["output_rows", int8],
    ["blocks_read", int8],
    ["blocks_write", int8],
    ["local_read_io", int8],
    ["remote_read_io", int8],
    ["source", text],
    ["data_skewness", int4],
    ["time_skewness", int4],
    ["is_active", char(1)],
    ["spilled_block_local_disk", int8],
    ["spilled_block_remote_disk", int8],
    ["step_attribute", char(64)],
    ["metrics_level", char(20)],
    ["plan_parent_id", int4],
    ["plan_node_id", int4],
  ],
  rows: () => [],
};

/** Running statements, and those that ran; a waiting one is not running yet. */
const recents = listing({
  of: (world) => seenQueries(world).filter((query) => query.status !== "queued"),
  columns: [
    ["userid", int4, (query) => query.submitted.userId],
    ["status", char(20), (query) => (query.isDone ? "Done" : "Running")],
    ["starttime", timestamp, (query) => moment(query.submitted.submittedAt)],
    ["duration", int4, (query) => query.elapsedTime],
    ["user_name", char(50), (query) => query.submitted.userName],
    ["db_name", char(50), databaseName],
    ["query", char(600), (query) => query.text.slice(0, 600)],
    ["pid", int4, (query) => query.submitted.pid],
  ],
});

/** Statements and their texts. */
export const queryViews: SystemViews = {
  stv_recents: recents,
  sys_query_detail: queryDetail,
  sys_query_history: queryHistory,
  sys_query_text: queryText,
};
