import { SqlError } from "../../sql/sql-error.ts";
import type { NamePart } from "../../sql/tree.ts";
import type { GranteeNode } from "../../sql/tree-rights.ts";
import type { CatalogueObject } from "../catalogue-object.ts";
import {
  principalName,
  type GroupObject,
  type PrincipalObject,
  type RoleObject,
  type UserObject,
} from "../rights/principal.ts";
import { publicOid } from "../rights/privilege.ts";
import type { RlsPolicyObject } from "../row-security/row-security.ts";
import type { StatementContext } from "../statement-context.ts";

/** The user of this name; throws `user "x" does not exist`. */
export function mustFindUser(part: NamePart, context: StatementContext): UserObject {
  const name = principalName(part);
  return context.catalogue.user(name) ?? fail("user", name);
}

/** The role of this name; throws `role "x" does not exist`. */
export function mustFindRole(part: NamePart, context: StatementContext): RoleObject {
  const name = principalName(part);
  return context.catalogue.role(name) ?? fail("role", name);
}

/** The group of this name; throws `group "x" does not exist`. */
export function mustFindGroup(part: NamePart, context: StatementContext): GroupObject {
  const name = principalName(part);
  return context.catalogue.group(name) ?? fail("group", name);
}

/** The policy of row-level security of this name; throws `RLS policy "x" does not exist`. */
export function mustFindPolicy(name: string, context: StatementContext): RlsPolicyObject {
  return context.catalogue.policy(name) ?? fail("RLS policy", name);
}

/** The number of whom something is granted to. */
export function granteeOid(node: GranteeNode, context: StatementContext): number {
  if (node.kind === "public") return publicOid;
  if (node.kind === "rls policy") return mustFindPolicy(principalName(node.name), context).oid;
  const find = { user: mustFindUser, role: mustFindRole, group: mustFindGroup }[node.kind];
  return find(node.name, context).oid;
}

function fail(kind: PrincipalObject["kind"] | "RLS policy", name: string): never {
  throw new SqlError(`${kind} "${name}" does not exist`, { sqlState: "42704" });
}

/** Takes a name for a new user, role or group; users and roles share theirs. Source: r_CREATE_ROLE. */
export async function takeName(
  kind: PrincipalObject["kind"],
  part: NamePart,
  context: StatementContext,
): Promise<string> {
  const name = principalName(part);
  await context.lock(`name:${kind} ${name}`, "exclusive");
  if (name.toLowerCase() === "public") throw new SqlError(`${kind} name "public" is reserved`, { sqlState: "42939" });
  const { catalogue } = context;
  const taken =
    kind === "group"
      ? catalogue.group(name)
      : (catalogue.user(name) ?? catalogue.role(name) ?? context.database.catalogue.user(name));
  if (taken !== undefined) throw new SqlError(`${taken.kind} "${name}" already exists`, { sqlState: "42710" });
  return name;
}

/** Why a user, role or group cannot be dropped: it owns something, or has a privilege on something. */
export function useOf(principal: PrincipalObject, context: StatementContext): "owns" | "has a privilege" | undefined {
  const { catalogue } = context;
  const owns = (object: CatalogueObject) => "owner" in object && object.owner === principal.name;
  if (principal.kind === "user" && [...catalogue.owned, ...catalogue.roles].some(owns)) return "owns";
  const isGranted = catalogue.owned.some((object) => object.grants?.some((grant) => grant.to === principal.oid));
  const isDefault = catalogue.defaultPrivileges.some(
    (entry) => entry.user === principal.oid || entry.grants.some((grant) => grant.to === principal.oid),
  );
  const mayAssume = catalogue.iamRoles.some((role) => role.grants.some((grant) => grant.to === principal.oid));
  return isGranted || isDefault || mayAssume ? "has a privilege" : undefined;
}
