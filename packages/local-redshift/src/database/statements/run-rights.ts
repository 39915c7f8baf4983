import type { RightsStatement } from "../../sql/tree-rights.ts";
import type { StatementResult } from "../database.ts";
import type { StatementContext } from "../statement-context.ts";
import { alterDatabase } from "./alter-database.ts";
import { grantAssumeRole } from "./assume-role.ts";
import { alterDefaultPrivileges } from "./default-privileges.ts";
import { grant } from "./grant.ts";
import { alterGroup, createGroup, dropGroup } from "./groups.ts";
import { alterRole, createRole, dropRole, grantRole, grantSystemPrivileges } from "./roles.ts";
import { setSessionAuthorization } from "./session-user.ts";
import { alterUser, createUser, dropUser } from "./users.ts";

/** Runs a statement on users, roles, groups and privileges. */
export async function runRightsStatement(
  statement: RightsStatement,
  context: StatementContext,
): Promise<StatementResult> {
  switch (statement.kind) {
    case "create-user":
      return createUser(statement, context);
    case "alter-user":
      return alterUser(statement, context);
    case "drop-user":
      return dropUser(statement, context);
    case "create-role":
      return createRole(statement, context);
    case "alter-role":
      return alterRole(statement, context);
    case "drop-role":
      return dropRole(statement, context);
    case "create-group":
      return createGroup(statement, context);
    case "alter-group":
      return alterGroup(statement, context);
    case "drop-group":
      return dropGroup(statement, context);
    case "grant":
      return grant(statement, context);
    case "grant-role":
      return grantRole(statement, context);
    case "grant-system":
      return grantSystemPrivileges(statement, context);
    case "grant-assume-role":
      return grantAssumeRole(statement, context);
    case "alter-default-privileges":
      return alterDefaultPrivileges(statement, context);
    case "set-session-authorization":
      return setSessionAuthorization(statement, context);
    case "alter-database":
      return alterDatabase(statement, context);
  }
}
