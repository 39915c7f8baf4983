import type { LockMode } from "../locks.ts";
import { onlySuperusers } from "./owners.ts";
import {
  bool,
  char,
  float8,
  int4,
  int8,
  moment,
  seesAll,
  text,
  timestamp,
  type Cell,
  type SystemView,
  type SystemViews,
} from "./system-view.ts";

/** `status` is documented as `char`, and the words do not fit one: they are whole here (UNCONFIRMED). */
const sessionHistory: SystemView = {
  columns: [
    ["user_id", char(50)],
    ["session_id", int4],
    ["database_name", char(50)],
    ["status", char(20)],
    ["session_timeout", int4],
    ["start_time", timestamp],
    ["end_time", timestamp],
  ],
  rows: (world) =>
    world.activity.sessions
      .filter((session) => seesAll(world) || session.userName === world.user.name)
      .map((session) => [
        session.userId,
        session.pid,
        world.settings.databaseName,
        session.endedAt === undefined ? "active" : "closed",
        0,
        moment(session.startedAt),
        session.endedAt === undefined ? null : moment(session.endedAt),
      ]),
};

/** Connections come from this machine and without TLS, so what tells of the network is empty. */
const connectionLog: SystemView = {
  columns: [
    ["event", char(50)],
    ["record_time", timestamp],
    ["remote_host", char(45)],
    ["remote_port", char(32)],
    ["session_id", int4],
    ["database_name", char(50)],
    ["user_name", char(50)],
    ["auth_method", char(32)],
    ["duration", int4],
    ["ssl_version", char(50)],
    ["ssl_cipher", char(128)],
    ["mtu", int4],
    ["ssl_compression", char(64)],
    ["ssl_expansion", char(64)],
    ["iam_auth_guid", char(36)],
    ["application_name", char(250)],
    ["driver_version", char(64)],
    ["os_version", char(64)],
    ["plugin_name", char(32)],
    ["protocol_version", int4],
  ],
  rows(world) {
    onlySuperusers("sys_connection_log", world);
    return world.activity.sessions.flatMap((session) => {
      const row = (event: string, at: number, duration: number): Cell[] => [
        event,
        moment(at),
        "127.0.0.1",
        "",
        session.pid,
        world.settings.databaseName,
        session.userName,
        "",
        duration,
        "",
        "",
        0,
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        0,
      ];
      const { startedAt, endedAt } = session;
      const began = [row("authenticated", startedAt, 0), row("initiating session", startedAt, 0)];
      if (endedAt === undefined) return began;
      return [...began, row("disconnecting session", endedAt, Math.round((endedAt - startedAt) * 1000))];
    });
  },
};

/** Blocks are not counted here. */
const transactionHistory: SystemView = {
  columns: [
    ["user_id", int4],
    ["transaction_id", int8],
    ["isolation_level", text],
    ["status", text],
    ["transaction_start_time", timestamp],
    ["commit_start_time", timestamp],
    ["commit_end_time", timestamp],
    ["blocks_committed", int8],
    ["undo_transaction_id", int8],
  ],
  rows(world) {
    onlySuperusers("sys_transaction_history", world);
    return world.activity.transactions.map((transaction) => [
      transaction.userId,
      transaction.id,
      "Snapshot Isolation",
      transaction.isCommitted ? "committed" : "rolledback",
      moment(transaction.startedAt),
      moment(transaction.commitStartedAt),
      moment(transaction.endedAt),
      0,
      -1,
    ]);
  },
};

const lockModes: Readonly<Record<LockMode, string>> = {
  share: "AccessShareLock",
  write: "ShareRowExclusiveLock",
  exclusive: "AccessExclusiveLock",
};

/** One row for each lock on a relation that a session has or waits for. Everybody sees all of them. */
const transactions: SystemView = {
  columns: [
    ["txn_owner", text],
    ["txn_db", text],
    ["xid", int8],
    ["pid", int4],
    ["txn_start", timestamp],
    ["lock_mode", text],
    ["lockable_object_type", text],
    ["relation", int4],
    ["granted", bool],
  ],
  rows(world) {
    const statements = new Map(world.activity.queries.map((query) => [query.submitted.pid, query]));
    return world.locks.list().flatMap(({ owner, key, mode, isGranted }) => {
      const statement = statements.get(owner.pid);
      if (typeof key !== "number" || statement === undefined) return [];
      const { userName, submittedAt } = statement.submitted;
      const started = world.activity.queries.find((query) => query.transactionId === statement.transactionId);
      return [
        [
          userName,
          world.settings.databaseName,
          statement.transactionId,
          owner.pid,
          moment(started?.submitted.submittedAt ?? submittedAt),
          lockModes[mode],
          "relation",
          key,
          isGranted,
        ],
      ];
    });
  },
};

/** Nothing is metered here, so there are no intervals. */
const serverlessUsage: SystemView = {
  columns: [
    ["start_time", timestamp],
    ["end_time", timestamp],
    ["compute_seconds", float8],
    ["compute_capacity", float8],
    ["data_storage", int4],
    ["cross_region_transferred_data", int4],
    ["charged_seconds", int4],
  ],
  rows(world) {
    onlySuperusers("sys_serverless_usage", world);
    return [];
  },
};

/** Sessions, their transactions and what they are charged. */
export const sessionViews: SystemViews = {
  svv_transactions: transactions,
  sys_connection_log: connectionLog,
  sys_serverless_usage: serverlessUsage,
  sys_session_history: sessionHistory,
  sys_transaction_history: transactionHistory,
};
