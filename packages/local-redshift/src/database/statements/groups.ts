import { SqlError } from "../../sql/sql-error.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { mustFindGroup, mustFindUser, takeName, useOf } from "./principals.ts";

/** CREATE GROUP. */
export async function createGroup(
  statement: StatementOf<"create-group">,
  context: StatementContext,
): Promise<StatementResult> {
  checkSuperuser("create", context);
  const name = await takeName("group", statement.name, context);
  const members = statement.users.map((part) => mustFindUser(part, context).oid);
  await context.begin();
  await context.change({ kind: "group", oid: context.database.nextPrincipalOid(), name, members });
  return done("CREATE GROUP");
}

/** ALTER GROUP: users in, users out, another name. */
export async function alterGroup(
  statement: StatementOf<"alter-group">,
  context: StatementContext,
): Promise<StatementResult> {
  checkSuperuser("alter", context);
  const group = mustFindGroup(statement.name, context);
  const { action } = statement;
  if (action.kind === "rename") {
    const name = await takeName("group", action.to, context);
    await context.begin();
    await context.change({ ...group, name });
    return done("ALTER GROUP");
  }
  const users = action.users.map((part) => mustFindUser(part, context).oid);
  const others = group.members.filter((member) => !users.includes(member));
  await context.begin();
  await context.change({ ...group, members: action.kind === "add" ? [...others, ...users] : others });
  return done("ALTER GROUP");
}

/** DROP GROUP. Text: Database Developer Guide, r_DROP_GROUP. */
export async function dropGroup(
  statement: StatementOf<"drop-group">,
  context: StatementContext,
): Promise<StatementResult> {
  checkSuperuser("drop", context);
  const group = mustFindGroup(statement.name, context);
  if (useOf(group, context) !== undefined)
    throw new SqlError(`group "${group.name}" can't be dropped because the group has a privilege on some object`, {
      sqlState: "55006",
    });
  await context.begin();
  await context.drop(group.oid);
  return done("DROP GROUP");
}

function checkSuperuser(verb: string, context: StatementContext): void {
  if (!context.user.superuser) throw new SqlError(`must be superuser to ${verb} groups`, { sqlState: "42501" });
}
