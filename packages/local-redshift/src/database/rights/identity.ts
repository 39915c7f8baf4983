import type { Catalogue } from "../catalogue.ts";
import type { RoleObject, UserObject } from "./principal.ts";
import { publicOid } from "./privilege.ts";
import { superuserRoleOid } from "./system-roles.ts";

/** A user with all that it is a member of. */
export interface Identity {
  readonly oid: number;
  readonly name: string;
  /** By itself or by the role `sys:superuser`. */
  readonly superuser: boolean;
  /** The user, its groups, its roles, the roles those have, and PUBLIC. */
  readonly members: ReadonlySet<number>;
  /** System privileges of its roles: `create user`, `drop table` … */
  readonly system: ReadonlySet<string>;
  readonly user: UserObject;
}

const known = new WeakMap<Catalogue, Map<number, Identity>>();

/** The user of this number, found out once for each catalogue; `undefined` when there is none. */
export function identityOf(catalogue: Catalogue, oid: number): Identity | undefined {
  const identities = known.get(catalogue) ?? new Map<number, Identity>();
  known.set(catalogue, identities);
  const before = identities.get(oid);
  if (before !== undefined) return before;
  const user = catalogue.get(oid);
  if (user?.kind !== "user") return undefined;
  const identity = findOut(catalogue, user);
  identities.set(oid, identity);
  return identity;
}

function findOut(catalogue: Catalogue, user: UserObject): Identity {
  const groups = catalogue.groups.filter((group) => group.members.includes(user.oid)).map((group) => group.oid);
  const roles = rolesOf(catalogue, new Set([user.oid, publicOid]));
  return {
    oid: user.oid,
    name: user.name,
    superuser: user.superuser || roles.some((role) => role.oid === superuserRoleOid),
    members: new Set([user.oid, publicOid, ...groups, ...roles.map((role) => role.oid)]),
    system: new Set(roles.flatMap((role) => role.system)),
    user,
  };
}

/** Roles that any of these users or roles has, and the roles that those have. */
export function rolesOf(catalogue: Catalogue, principals: ReadonlySet<number>): readonly RoleObject[] {
  const found = new Map<number, RoleObject>();
  const visit = (of: ReadonlySet<number>): void => {
    for (const role of catalogue.roles) {
      if (found.has(role.oid) || !role.members.some((member) => of.has(member.oid))) continue;
      found.set(role.oid, role);
      visit(new Set([role.oid]));
    }
  };
  visit(principals);
  return [...found.values()];
}
