import { quoteText, type Bound } from "../bound.ts";
import { duckType, isInteger, types, varchar, type SqlType } from "../sql-type.ts";
import { noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const fact =
  (read: (call: FunctionCall) => string): FunctionBinder =>
  (call): Bound => ({ sql: `CAST(${quoteText(read(call))} AS VARCHAR)`, type: varchar(128) });

const user = fact((call) => call.context.facts.user);

/** COPY and UNLOAD are not built, so none has been run. */
const noneYet =
  (value: number, type: SqlType): FunctionBinder =>
  (call) => {
    if (call.args.length > 0) throw noSuch(call);
    return { sql: `CAST(${value} AS ${duckType(type)})`, type };
  };

/** PG_CANCEL_BACKEND and PG_TERMINATE_BACKEND. */
const signal =
  (terminates: boolean): FunctionBinder =>
  (call): Bound => {
    const [pid, ...rest] = call.args;
    if (pid === undefined || rest.length > 0 || !isInteger(pid.type)) throw noSuch(call);
    const { userOid } = call.context.facts.rights;
    return { sql: `millrace_signal_backend(${pid.sql}, ${terminates}, ${userOid})`, type: types.int4 };
  };

/** Functions that tell of the session, and that end sessions. */
export const sessionFunctions: Readonly<Record<string, FunctionBinder>> = {
  current_database: fact((call) => call.context.facts.databaseName),
  current_schema: fact((call) => call.context.facts.schema),
  current_user: user,
  is_large_string_enabled: () => ({ sql: "false", type: types.bool }),
  pg_cancel_backend: signal(false),
  pg_backend_pid: (call) => ({ sql: `${call.context.facts.pid}`, type: types.int4 }),
  pg_last_copy_count: noneYet(0, types.int8),
  pg_last_copy_id: noneYet(-1, types.int4),
  pg_last_unload_count: noneYet(0, types.int8),
  pg_last_unload_id: noneYet(-1, types.int4),
  pg_terminate_backend: signal(true),
  session_user: fact((call) => call.context.facts.sessionUser),
  user,
  version: fact(() => "PostgreSQL 8.0.2 on i686-pc-linux-gnu, Redshift 1.0.0 (Millrace local)"),
};
