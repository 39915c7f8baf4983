import type { LoggedSession } from "../activity/activity.ts";
import type { LockMode } from "../locks.ts";
import { databaseName, listing } from "./listing.ts";
import { onlySuperusers } from "./owners.ts";
import {
  bool,
  char,
  float8,
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

/** `status` is documented as `char`, and the words do not fit one: they are whole here (UNCONFIRMED). */
const sessionHistory = listing({
  of: (world) => world.activity.sessions.filter((session) => seesRowsOf(session.userName, world)),
  columns: [
    ["user_id", char(50), (session) => session.userId],
    ["session_id", int4, (session) => session.pid],
    ["database_name", char(50), databaseName],
    ["status", char(20), (session) => (session.endedAt === undefined ? "active" : "closed")],
    ["session_timeout", int4, 0],
    ["start_time", timestamp, (session) => moment(session.startedAt)],
    ["end_time", timestamp, (session) => (session.endedAt === undefined ? null : moment(session.endedAt))],
  ],
});

/** What happened to a session. `duration` is in microseconds. */
interface ConnectionEvent {
  readonly session: LoggedSession;
  readonly event: "authenticated" | "initiating session" | "disconnecting session";
  readonly at: number;
  readonly duration: number;
}

function eventsOf(session: LoggedSession): ConnectionEvent[] {
  const { startedAt, endedAt } = session;
  const began: ConnectionEvent[] = [
    { session, event: "authenticated", at: startedAt, duration: 0 },
    { session, event: "initiating session", at: startedAt, duration: 0 },
  ];
  if (endedAt === undefined) return began;
  const duration = Math.round((endedAt - startedAt) * 1000);
  return [...began, { session, event: "disconnecting session", at: endedAt, duration }];
}

/** Connections come from this machine and without TLS, so what tells of the network is empty. */
const connectionLog = listing({
  of(world) {
    onlySuperusers("sys_connection_log", world);
    return world.activity.sessions.flatMap(eventsOf);
  },
  columns: [
    ["event", char(50), ({ event }) => event],
    ["record_time", timestamp, ({ at }) => moment(at)],
    ["remote_host", char(45), "127.0.0.1"],
    ["remote_port", char(32), ""],
    ["session_id", int4, ({ session }) => session.pid],
    ["database_name", char(50), databaseName],
    ["user_name", char(50), ({ session }) => session.userName],
    ["auth_method", char(32), ""],
    ["duration", int4, ({ duration }) => duration],
    ["ssl_version", char(50), ""],
    ["ssl_cipher", char(128), ""],
    ["mtu", int4, 0],
    ["ssl_compression", char(64), ""],
    ["ssl_expansion", char(64), ""],
    ["iam_auth_guid", char(36), ""],
    ["application_name", char(250), ""],
    ["driver_version", char(64), ""],
    ["os_version", char(64), ""],
    ["plugin_name", char(32), ""],
    ["protocol_version", int4, 0],
  ],
});

/** Blocks are not counted here. */
const transactionHistory = listing({
  of(world) {
    onlySuperusers("sys_transaction_history", world);
    return world.activity.transactions;
  },
  columns: [
    ["user_id", int4, (transaction) => transaction.userId],
    ["transaction_id", int8, (transaction) => transaction.id],
    ["isolation_level", text, "Snapshot Isolation"],
    ["status", text, (transaction) => (transaction.isCommitted ? "committed" : "rolledback")],
    ["transaction_start_time", timestamp, (transaction) => moment(transaction.startedAt)],
    ["commit_start_time", timestamp, (transaction) => moment(transaction.commitStartedAt)],
    ["commit_end_time", timestamp, (transaction) => moment(transaction.endedAt)],
    ["blocks_committed", int8, 0],
    ["undo_transaction_id", int8, -1],
  ],
});

const lockModes: Readonly<Record<LockMode, string>> = {
  share: "AccessShareLock",
  write: "ShareRowExclusiveLock",
  exclusive: "AccessExclusiveLock",
};

/** The locks on relations that statements have or wait for, each with its statement and when the transaction began. */
function relationLocks(world: SystemWorld) {
  const statements = new Map(world.activity.queries.map((query) => [query.submitted.pid, query]));
  return world.locks.list().flatMap(({ owner, key, mode, isGranted }) => {
    const statement = statements.get(owner.pid);
    if (typeof key !== "number" || statement === undefined || world.catalogue.get(key)?.kind === "function") return [];
    const first = world.activity.queries.find((query) => query.transactionId === statement.transactionId);
    const { submittedAt } = (first ?? statement).submitted;
    return [{ pid: owner.pid, relationOid: key, mode, isGranted, statement, startedAt: submittedAt }];
  });
}

/** One row for each lock on a relation that a session has or waits for. Everybody sees all of them. */
const transactions = listing({
  of: relationLocks,
  columns: [
    ["txn_owner", text, ({ statement }) => statement.submitted.userName],
    ["txn_db", text, databaseName],
    ["xid", int8, ({ statement }) => statement.transactionId],
    ["pid", int4, ({ pid }) => pid],
    ["txn_start", timestamp, ({ startedAt }) => moment(startedAt)],
    ["lock_mode", text, ({ mode }) => lockModes[mode]],
    ["lockable_object_type", text, "relation"],
    ["relation", int4, ({ relationOid }) => relationOid],
    ["granted", bool, ({ isGranted }) => isGranted],
  ],
});

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
