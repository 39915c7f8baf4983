import { BOOLEAN, INTEGER } from "@duckdb/node-api";
import { SqlError } from "../sql/sql-error.ts";
import type { Catalogue } from "./catalogue.ts";
import { identityOf, type Identity } from "./rights/identity.ts";
import type { Session } from "./session.ts";
import { userFunction, type UserFunction } from "./user-function.ts";

/** What one session does to another: ends its statement, or all of it. */
export type BackendSignal = "cancel" | "terminate";

/**
 * Signals the session with a process id, as PG_CANCEL_BACKEND and PG_TERMINATE_BACKEND do: users their own sessions, superusers all, and who has
 * the privilege CANCEL all statements. Answers whether there is such a session. Throws for one that is somebody else's.
 * Sources: Database Developer Guide, PG_TERMINATE_BACKEND, PG_CANCEL_BACKEND, r_CANCEL; the text is PostgreSQL's.
 */
export function signalBackend(
  session: Session | undefined,
  signal: BackendSignal,
  caller: Pick<Identity, "oid" | "superuser" | "system">,
): boolean {
  if (session === undefined) return false;
  const mayAll = caller.superuser || (signal === "cancel" && caller.system.has("cancel"));
  if (!mayAll && session.loginOid !== caller.oid)
    throw new SqlError("must be superuser to signal other server processes", { sqlState: "42501" });
  if (signal === "cancel") session.cancel();
  // It ends once its statement has, which may be the very one that asks.
  else void session.close();
  return true;
}

/** `millrace_signal_backend(pid, terminates, user)`: 1, or 0 where no session has that process id (the guide gives no return type, PostgreSQL's is this). */
export function signalFunction(
  sessionOf: (pid: number) => Session | undefined,
  catalogue: () => Catalogue,
): UserFunction {
  const signal = (pid: number, terminates: boolean, userOid: number): number => {
    const caller = identityOf(catalogue(), userOid);
    if (caller === undefined) return 0;
    return Number(signalBackend(sessionOf(pid), terminates ? "terminate" : "cancel", caller));
  };
  return { ...userFunction("signal_backend", [INTEGER, BOOLEAN, INTEGER], INTEGER, signal), volatile: true };
}
