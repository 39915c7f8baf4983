import { SqlError } from "../../sql/sql-error.ts";
import type { DatabaseObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { isOwner } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { without } from "../without.ts";
import { fold } from "./names.ts";
import { mustFindUser } from "./principals.ts";

/**
 * ALTER DATABASE. Databases are SNAPSHOT, as Serverless makes them; SERIALIZABLE is not built. The documented texts are those of r_ALTER_DATABASE;
 * that `dev` and a database with other sessions keep their level is documented without texts (UNCONFIRMED).
 */
export async function alterDatabase(
  statement: StatementOf<"alter-database">,
  context: StatementContext,
): Promise<StatementResult> {
  const name = fold(statement.name, context);
  const { database } = context.catalogue;
  if (name !== database.name) throw new SqlError(`database "${name}" does not exist`, { sqlState: "3D000" });
  const { action } = statement;
  if (action.kind === "owner" ? !context.user.superuser : !isOwner(context.user, database))
    throw new SqlError(`must be owner of database ${name}`, { sqlState: "42501" });
  switch (action.kind) {
    case "rename":
      throw new SqlError("current database may not be renamed", { sqlState: "0A000" });
    case "isolation":
      checkIsolation(action.level, name, context);
      break;
    case "owner":
      await context.begin();
      await context.change({ ...database, owner: mustFindUser(action.to, context).name });
      break;
    case "connection-limit": {
      const { limit } = action;
      if (limit !== undefined && limit < 0)
        throw new SqlError(`invalid connection limit: ${limit}`, { sqlState: "22023" });
      await context.begin();
      const rest = without(database, "connectionLimit") as DatabaseObject;
      await context.change(limit === undefined ? rest : { ...rest, connectionLimit: limit });
      break;
    }
  }
  return done("ALTER DATABASE");
}

function checkIsolation(level: "serializable" | "snapshot", name: string, context: StatementContext): void {
  if (context.inTransaction)
    throw new SqlError("ALTER DATABASE ISOLATION LEVEL cannot run inside a transaction block", { sqlState: "25001" });
  if (name === "dev") throw new SqlError(`cannot alter the isolation level of database "dev"`, { sqlState: "0A000" });
  if (level === "serializable")
    throw new SqlError(
      "ISOLATION LEVEL SERIALIZABLE is not built in the local Redshift, whose databases are SNAPSHOT",
      {
        sqlState: "0A000",
      },
    );
}
