import type { Database } from "../database/database.ts";
import type { Shape } from "../operations/input-shape.ts";
import type { DataApiContext } from "./context.ts";
import { connectionFailed, tokenInvalid } from "./errors.ts";
import { targetMembers } from "./submit.ts";
import { type Login, resolveTarget, type TargetInput } from "./target.ts";

const greatestPage = 1000;

/** The members that the operations on a database's catalogue share. */
export const catalogMembers = {
  ...targetMembers,
  Database: { type: "string", required: true },
  ConnectedDatabase: { type: "string" },
  NextToken: { type: "string" },
  MaxResults: { type: "integer", min: 0, max: greatestPage },
} as const satisfies Shape;

/** How a list is paged: 1 to 1,000 entries, default (and for 0) 1,000. */
export function pageOf(input: { readonly NextToken?: string; readonly MaxResults?: number }): {
  readonly token: string | undefined;
  readonly size: number;
  readonly refuse: () => Error;
} {
  return { token: input.NextToken || undefined, size: input.MaxResults || greatestPage, refuse: tokenInvalid };
}

/** Connects, and opens the database that is asked about. Throws `DatabaseConnectionException` when either does not work. */
export async function openCatalog(
  context: DataApiContext,
  input: TargetInput,
): Promise<{ readonly login: Login; readonly database: Database }> {
  const login = await resolveTarget(context.warehouses, input);
  try {
    const { database } = await login.enter();
    const asked = input.Database;
    if (asked === undefined || asked === login.database) return { login, database };
    if (!login.warehouse.databaseNames.includes(asked)) throw new Error(`FATAL: database "${asked}" does not exist`);
    return { login, database: await login.warehouse.open(asked) };
  } catch (error) {
    throw connectionFailed((error as Error).message);
  }
}
