import { SqlError } from "../../sql/sql-error.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { demandSystem, isOwner } from "../rights/check.ts";
import { rolesOf } from "../rights/identity.ts";
import type { RoleObject } from "../rights/principal.ts";
import { detachedFrom } from "../row-security/dependencies.ts";
import { isSecurityAdmin } from "../row-security/row-security.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { granteeOid, mustFindRole, mustFindUser, takeName, useOf } from "./principals.ts";

/** CREATE ROLE. */
export async function createRole(
  statement: StatementOf<"create-role">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSystem(context.user, "create role");
  const name = await takeName("role", statement.name, context);
  if (name.startsWith("sys:"))
    throw new SqlError(`role name "${name}" is reserved: the prefix sys: is for system-defined roles`, {
      sqlState: "42939",
    });
  await context.begin();
  await context.change({
    kind: "role",
    oid: context.database.nextPrincipalOid(),
    name,
    owner: context.user.name,
    ...(statement.externalId === undefined ? {} : { externalId: statement.externalId }),
    system: [],
    members: [],
  });
  return done("CREATE ROLE");
}

/** ALTER ROLE: a new name, owner or external id. */
export async function alterRole(
  statement: StatementOf<"alter-role">,
  context: StatementContext,
): Promise<StatementResult> {
  let role = mustFindRole(statement.name, context);
  checkAdmin(role, context);
  for (const action of statement.actions)
    if (action.kind === "rename") role = { ...role, name: await takeName("role", action.to, context) };
    else if (action.kind === "owner") role = { ...role, owner: mustFindUser(action.to, context).name };
    else role = { ...role, externalId: action.id };
  await context.begin();
  await context.change(role);
  return done("ALTER ROLE");
}

/** DROP ROLE. Texts: Database Developer Guide, r_DROP_ROLE. */
export async function dropRole(
  statement: StatementOf<"drop-role">,
  context: StatementContext,
): Promise<StatementResult> {
  const role = mustFindRole(statement.name, context);
  checkAdmin(role, context);
  const inherited = rolesOf(context.catalogue, new Set([role.oid]));
  if (!statement.force) refuseMembers(role, inherited, context);
  if (useOf(role, context) !== undefined)
    throw new SqlError(`role "${role.name}" can't be dropped because the role has a privilege on some object`, {
      sqlState: "55006",
    });
  await context.begin();
  await context.drop(role.oid);
  await context.change(
    ...inherited.map((other) => ({ ...other, members: other.members.filter((member) => member.oid !== role.oid) })),
    ...detachedFrom(role.oid, context.catalogue),
  );
  return done("DROP ROLE");
}

function refuseMembers(role: RoleObject, inherited: readonly RoleObject[], context: StatementContext): void {
  const members = role.members.map((member) => context.catalogue.get(member.oid)?.kind);
  const refuse = (text: string) => new SqlError(`cannot drop this role since it ${text}`, { sqlState: "2BP01" });
  if (members.some((kind) => kind === "role")) throw refuse("has been granted on a role");
  if (members.length > 0) throw refuse("has been granted on a user");
  if (inherited.length > 0) throw refuse("depends on another role");
}

/** GRANT ROLE and REVOKE ROLE. */
export async function grantRole(
  statement: StatementOf<"grant-role">,
  context: StatementContext,
): Promise<StatementResult> {
  const { revoke, optionOnly } = statement;
  await context.begin();
  for (const part of statement.roles) {
    for (const { grantee, withOption } of statement.to) {
      const role = mustFindRole(part, context);
      checkAdmin(role, context);
      if (grantee.kind === "group") throw new SqlError("roles cannot be granted to groups", { sqlState: "0LP01" });
      const oid = granteeOid(grantee, context);
      if (!revoke) refuseCircle(role, oid, context);
      await context.change(revoke ? withoutMember(role, oid, optionOnly) : withMember(role, oid, withOption));
    }
  }
  return done(revoke ? "REVOKE" : "GRANT");
}

function refuseCircle(role: RoleObject, to: number, context: StatementContext): void {
  const above = rolesOf(context.catalogue, new Set([role.oid]));
  if (to === role.oid || above.some((other) => other.oid === to))
    throw new SqlError("cannot grant this role, a circular dependency was detected between these roles", {
      sqlState: "0LP01",
    });
}

function withMember(role: RoleObject, oid: number, admin: boolean): RoleObject {
  const before = role.members.find((member) => member.oid === oid);
  const member = { oid, ...(admin || before?.admin === true ? { admin: true as const } : {}) };
  return { ...role, members: [...role.members.filter((other) => other !== before), member] };
}

function withoutMember(role: RoleObject, oid: number, optionOnly: boolean): RoleObject {
  const others = role.members.filter((member) => member.oid !== oid);
  const isMember = others.length < role.members.length;
  return { ...role, members: optionOnly && isMember ? [...others, { oid }] : others };
}

/** GRANT and REVOKE of system privileges, which superusers give to roles; those of row-level security sys:secadmin gives too (DG t_rls). */
export async function grantSystemPrivileges(
  statement: StatementOf<"grant-system">,
  context: StatementContext,
): Promise<StatementResult> {
  const isRowSecurity = statement.privileges.every((privilege) => privilege.endsWith(" rls"));
  if (!context.user.superuser && !(isRowSecurity && isSecurityAdmin(context.user)))
    throw new SqlError("must be superuser to grant or revoke system privileges", { sqlState: "42501" });
  await context.begin();
  for (const part of statement.roles) {
    const role = mustFindRole(part, context);
    if (role.name.startsWith("sys:"))
      throw new SqlError(`system-defined role "${role.name}" cannot be altered`, { sqlState: "42501" });
    const others = role.system.filter((privilege) => !statement.privileges.includes(privilege));
    await context.change({ ...role, system: statement.revoke ? others : [...others, ...statement.privileges] });
  }
  return done(statement.revoke ? "REVOKE" : "GRANT");
}

/** Owners of a role, who has it WITH ADMIN OPTION, and superusers. Source: r_DROP_ROLE, r_role-usage-notes. */
function checkAdmin(role: RoleObject, context: StatementContext): void {
  const who = context.user;
  if (isOwner(who, role)) return;
  if (role.members.some((member) => member.admin === true && who.members.has(member.oid))) return;
  throw new SqlError(`permission denied for role ${role.name}`, { sqlState: "42501" });
}
