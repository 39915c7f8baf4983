import { varchar } from "../../sql/sql-type.ts";
import type { LoggedQuery } from "../activity/logged-query.ts";
import {
  bool,
  char,
  int4,
  int8,
  moment,
  seesAll,
  text,
  timestamp,
  type Cell,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

/** Characters of a statement in one row. */
const rowCharacters = 4_000;
/** What `version()` says is the same. */
const redshiftVersion = "1.0.0";

const seenQueries = (world: SystemWorld): readonly LoggedQuery[] =>
  world.activity.queries.filter(({ submitted }) => seesAll(world) || submitted.userName === world.user.name);

const endOf = (query: LoggedQuery) => (query.isDone ? moment(query.submitted.submittedAt, query.elapsedTime) : null);

/**
 * One row for each statement, those that run or wait too; a running statement has no end yet. The result cache, usage limits, compiling and
 * service classes are not built: they have the values of a statement that meets none of them. The words of the hashes' values and of
 * `service_class_name` are UNCONFIRMED.
 */
const queryHistory: SystemView = {
  columns: [
    ["user_id", int4],
    ["query_id", int8],
    ["query_label", char(320)],
    ["transaction_id", int8],
    ["session_id", int4],
    ["database_name", char(128)],
    ["query_type", char(32)],
    ["status", char(10)],
    ["result_cache_hit", bool],
    ["start_time", timestamp],
    ["end_time", timestamp],
    ["elapsed_time", int8],
    ["queue_time", int8],
    ["execution_time", int8],
    ["error_message", char(512)],
    ["returned_rows", int8],
    ["returned_bytes", int8],
    ["query_text", char(rowCharacters)],
    ["redshift_version", char(256)],
    ["usage_limit", char(150)],
    ["compute_type", varchar(32)],
    ["compile_time", int8],
    ["planning_time", int8],
    ["lock_wait_time", int8],
    ["service_class_id", int4],
    ["service_class_name", char(64)],
    ["query_priority", varchar(20)],
    ["short_query_accelerated", char(10)],
    ["user_query_hash", char(40)],
    ["generic_query_hash", char(40)],
    ["query_hash_version", int4],
    ["result_cache_query_id", int8],
  ],
  rows: (world) => seenQueries(world).map((query) => historyRow(query, world)),
};

function historyRow(query: LoggedQuery, world: SystemWorld): Cell[] {
  const { submitted, elapsedTime, queueTime } = query;
  return [
    submitted.userId,
    submitted.id,
    submitted.label,
    query.transactionId,
    submitted.pid,
    world.settings.databaseName,
    query.type,
    query.status,
    false,
    moment(submitted.submittedAt),
    endOf(query),
    elapsedTime,
    queueTime,
    elapsedTime - queueTime,
    query.error,
    query.returnedRows,
    query.returnedBytes,
    query.text.slice(0, rowCharacters),
    redshiftVersion,
    "",
    "primary",
    0,
    query.planningTime,
    query.lockWaitTime,
    100,
    "Default queue",
    "Normal",
    "false",
    null,
    null,
    null,
    null,
  ];
}

/** Statements of more than 4,000 characters have more than one row. */
const queryText: SystemView = {
  columns: [
    ["user_id", int4],
    ["query_id", int8],
    ["transaction_id", int8],
    ["session_id", int4],
    ["start_time", timestamp],
    ["sequence", int4],
    ["text", char(rowCharacters)],
  ],
  rows: (world) =>
    seenQueries(world).flatMap((query) => {
      const { submitted, transactionId } = query;
      const parts = Math.max(1, Math.ceil(query.text.length / rowCharacters));
      return Array.from({ length: parts }, (_, sequence) => [
        submitted.userId,
        submitted.id,
        transactionId,
        submitted.pid,
        moment(submitted.submittedAt),
        sequence,
        query.text.slice(sequence * rowCharacters, (sequence + 1) * rowCharacters),
      ]);
    }),
};

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
const recents: SystemView = {
  columns: [
    ["userid", int4],
    ["status", char(20)],
    ["starttime", timestamp],
    ["duration", int4],
    ["user_name", char(50)],
    ["db_name", char(50)],
    ["query", char(600)],
    ["pid", int4],
  ],
  rows: (world) =>
    seenQueries(world)
      .filter((query) => query.status !== "queued")
      .map((query) => [
        query.submitted.userId,
        query.isDone ? "Done" : "Running",
        moment(query.submitted.submittedAt),
        query.elapsedTime,
        query.submitted.userName,
        world.settings.databaseName,
        query.text.slice(0, 600),
        query.submitted.pid,
      ]),
};

/** Statements and their texts. */
export const queryViews: SystemViews = {
  stv_recents: recents,
  sys_query_detail: queryDetail,
  sys_query_history: queryHistory,
  sys_query_text: queryText,
};
