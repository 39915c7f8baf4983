import { SqlError } from "../../sql/sql-error.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { anyRole, assumeCommands, defaultRole, type AssumeGrant, type IamRoleObject } from "../rights/assume-role.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { granteeOid } from "./principals.ts";

type Grant = StatementOf<"grant-assume-role">;

/**
 * GRANT and REVOKE ASSUMEROLE. Only superusers may; text UNCONFIRMED. REVOKE … ON ALL takes single roles back too, which is UNCONFIRMED.
 * Source of the rules: Database Developer Guide, r_GRANT-usage-notes.
 */
export async function grantAssumeRole(statement: Grant, context: StatementContext): Promise<StatementResult> {
  const { on, revoke, to } = statement;
  if (!context.user.superuser)
    throw new SqlError("must be superuser to grant or revoke ASSUMEROLE", { sqlState: "42501" });
  const grantees = to.map((node) => granteeOid(node, context));
  await context.lock("name:iam roles", "exclusive");
  await context.begin();
  for (const role of revoke && on === "all" ? context.catalogue.iamRoles : namedRoles(on, context)) {
    const changed = apply(statement, grantees, role);
    if (changed.grants.length > 0 || role.name === anyRole) await context.change(changed);
    else if (context.catalogue.get(role.oid) !== undefined) await context.drop(role.oid);
  }
  return done(revoke ? "REVOKE" : "GRANT");
}

function namedRoles(on: Grant["on"], context: StatementContext): readonly IamRoleObject[] {
  const names = on === "all" ? [anyRole] : on === "default" ? [defaultRole] : on;
  return [...new Set(names)].map(
    (name) =>
      context.catalogue.iamRole(name) ?? { kind: "iam role", oid: context.database.nextOid(), name, grants: [] },
  );
}

function apply(statement: Grant, grantees: readonly number[], role: IamRoleObject): IamRoleObject {
  const commands = statement.commands === "all" ? assumeCommands : statement.commands;
  const named = grantees.flatMap((to) => commands.map((command): AssumeGrant => ({ to, command })));
  const isNamed = (grant: AssumeGrant) =>
    named.some((other) => other.to === grant.to && other.command === grant.command);
  const others = role.grants.filter((grant) => !isNamed(grant));
  return { ...role, grants: statement.revoke ? others : [...others, ...named] };
}
