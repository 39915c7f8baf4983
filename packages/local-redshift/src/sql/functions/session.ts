import { quoteText, type Bound } from "../bound.ts";
import { types, varchar } from "../sql-type.ts";
import type { FunctionBinder, FunctionCall } from "./function-binder.ts";

const fact =
  (read: (call: FunctionCall) => string): FunctionBinder =>
  (call): Bound => ({ sql: `CAST(${quoteText(read(call))} AS VARCHAR)`, type: varchar(128) });

const user = fact((call) => call.context.facts.user);

/** Functions that tell of the session. */
export const sessionFunctions: Readonly<Record<string, FunctionBinder>> = {
  current_database: fact((call) => call.context.facts.databaseName),
  current_schema: fact((call) => call.context.facts.schema),
  current_user: user,
  is_large_string_enabled: () => ({ sql: "false", type: types.bool }),
  pg_backend_pid: (call) => ({ sql: `${call.context.facts.pid}`, type: types.int4 }),
  session_user: fact((call) => call.context.facts.sessionUser),
  user,
  version: fact(() => "PostgreSQL 8.0.2 on i686-pc-linux-gnu, Redshift 1.0.0 (Millrace local)"),
};
