import type { HeldPrivilege, HeldQuestion, PrivilegeQuestion, RightsFacts } from "../../sql/bind-context.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { isRelation, type Catalogue } from "../catalogue.ts";
import type { OwnedObject, RelationObject } from "../catalogue-object.ts";
import { assumeCommands, defaultRole, mayAssume } from "./assume-role.ts";
import { columnsWith, hasPrivilege, mayGrant } from "./check.ts";
import { identityOf, rolesOf, type Identity } from "./identity.ts";
import { privilegeNamed, privilegesOf } from "./privilege.ts";

/** What functions such as has_table_privilege ask, answered from the catalogue for a user. */
export function rightsFacts(catalogue: Catalogue, current: Identity): RightsFacts {
  return {
    userOid: current.oid,
    get userNames() {
      return new Map(catalogue.users.map((user) => [user.oid, user.name]));
    },
    hasPrivilege: (question) => answer(question, catalogue, current),
    heldPrivileges: (question) => held(question, catalogue, current),
    mayAssume: (user, role, command) => canAssume(user, role, command, catalogue, current),
    isMember: (member, of) => isMember(member, of, catalogue, current),
  };
}

/** Facts where no user is asked about, as when a view is refreshed. */
export const nobody = {
  user: "",
  sessionUser: "",
  rights: {
    userOid: 0,
    userNames: new Map<number, string>(),
    hasPrivilege: () => false,
    heldPrivileges: () => [],
    mayAssume: () => false,
    isMember: () => false,
  },
  settings: { get: () => "", set: () => undefined },
};

function answer(question: PrivilegeQuestion, catalogue: Catalogue, current: Identity): boolean {
  const who = question.user === undefined ? current : findIdentity(question.user, catalogue);
  const object = findObject(question, catalogue, current);
  const [name = "", option] = question.privilege
    .trim()
    .toLowerCase()
    .split(/\s+with\s+/);
  const kind = question.kind === "column" ? "table" : question.kind;
  const privilege = privilegeNamed(name, kind);
  if (privilege === undefined || (option !== undefined && option !== "grant option"))
    throw new SqlError(`unrecognized privilege type: "${question.privilege}"`, { sqlState: "22023" });
  if (option !== undefined) return mayGrant(who, object, privilege);
  if (question.column === undefined) return hasPrivilege(who, object, privilege);
  const columns = columnsWith(who, object, privilege);
  return columns === "all" || columns.has(question.column);
}

function held(question: HeldQuestion, catalogue: Catalogue, current: Identity): HeldPrivilege[] {
  const { kind, users, privilege: asked, searchPath } = question;
  const names = users ?? catalogue.users.flatMap(({ name, oid }) => [name, String(oid)]);
  const who =
    names.length === 0 ? [["", current] as const] : names.map((name) => [name, findIdentity(name, catalogue)] as const);
  const privileges = asked === undefined ? privilegesOf[kind] : [privilegeNamed(asked.toLowerCase(), kind)];
  const objects = kind === "table" ? catalogue.relations : kind === "schema" ? catalogue.schemas : [catalogue.database];
  return who.flatMap(([user, identity]) =>
    objects.flatMap((object) =>
      privileges.flatMap((privilege) => {
        if (privilege === undefined)
          throw new SqlError(`unrecognized privilege type: "${asked}"`, { sqlState: "22023" });
        if (!hasPrivilege(identity, object, privilege)) return [];
        return namesOf(object, searchPath, catalogue, current).map((name) => ({ user, object: name, privilege }));
      }),
    ),
  );
}

function namesOf(
  object: OwnedObject,
  searchPath: readonly string[],
  catalogue: Catalogue,
  current: Identity,
): readonly string[] {
  if (!isRelation(object)) return [object.name, String(object.oid)];
  const isFound = findRelation(object.name, searchPath, catalogue, current) === object;
  return [`${object.schema}.${object.name}`, String(object.oid), ...(isFound ? [object.name] : [])];
}

function findIdentity(nameOrOid: string, catalogue: Catalogue): Identity {
  const user = catalogue.user(nameOrOid) ?? (/^\d+$/.test(nameOrOid) ? catalogue.get(Number(nameOrOid)) : undefined);
  const identity = user && identityOf(catalogue, user.oid);
  if (identity === undefined) throw new SqlError(`user "${nameOrOid}" does not exist`, { sqlState: "42704" });
  return identity;
}

function findObject(question: PrivilegeQuestion, catalogue: Catalogue, current: Identity): OwnedObject {
  const { kind, object: name } = question;
  if (kind === "database") {
    if (name === catalogue.database.name || name === String(catalogue.database.oid)) return catalogue.database;
    throw new SqlError(`database "${name}" does not exist`, { sqlState: "3D000" });
  }
  const numbered = /^\d+$/.test(name) ? catalogue.get(Number(name)) : undefined;
  if (kind === "schema") {
    const schema = catalogue.schema(name) ?? numbered;
    if (schema?.kind === "schema") return schema;
    throw new SqlError(`schema "${name}" does not exist`, { sqlState: "3F000" });
  }
  const relation = findRelation(name, question.searchPath, catalogue, current) ?? numbered;
  if (relation === undefined || !isRelation(relation))
    throw new SqlError(`relation "${name}" does not exist`, { sqlState: "42P01" });
  if (question.column !== undefined && !relation.columns.some((column) => column.name === question.column))
    throw new SqlError(`column "${question.column}" of relation "${relation.name}" does not exist`, {
      sqlState: "42703",
    });
  return relation;
}

function findRelation(
  dotted: string,
  searchPath: readonly string[],
  catalogue: Catalogue,
  current: Identity,
): RelationObject | undefined {
  const parts = dotted.split(".");
  const schema = parts.at(-2);
  if (schema !== undefined) return catalogue.relation(schema, parts.at(-1)!);
  for (const candidate of searchPath) {
    const found = catalogue.relation(candidate === "$user" ? current.name.toLowerCase() : candidate, dotted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Users ask about themselves. Source: r_HAS_ASSUMEROLE_PRIVILEGE; the texts are UNCONFIRMED. */
function canAssume(
  user: string | undefined,
  role: string,
  command: string,
  catalogue: Catalogue,
  current: Identity,
): boolean {
  const who = user === undefined ? current : findIdentity(user, catalogue);
  if (who.oid !== current.oid && !current.superuser)
    throw new SqlError(`permission denied to check privileges of "${who.name}"`, { sqlState: "42501" });
  const asked = assumeCommands.find((one) => one === command.toLowerCase());
  if (asked === undefined) throw new SqlError(`unrecognized command type: "${command}"`, { sqlState: "22023" });
  return mayAssume(who, role === "default" ? defaultRole : role, asked, catalogue);
}

/** Users ask about themselves; superusers and `sys:secadmin` about all. Source: r_USER_IS_MEMBER_OF. */
function isMember(
  member: Parameters<RightsFacts["isMember"]>[0],
  of: string,
  catalogue: Catalogue,
  current: Identity,
): boolean {
  const found = member.kind === "user" ? catalogue.user(member.name) : catalogue.role(member.name);
  if (found === undefined) throw new SqlError(`${member.kind} "${member.name}" does not exist`, { sqlState: "42704" });
  const whole = catalogue.role(of) ?? catalogue.group(of);
  if (whole === undefined) throw new SqlError(`role "${of}" does not exist`, { sqlState: "42704" });
  const seesAll = current.superuser || current.system.has("create role");
  if (!seesAll && found.oid !== current.oid && !current.members.has(found.oid))
    throw new SqlError(`permission denied to check membership of "${member.name}"`, { sqlState: "42501" });
  if (found.kind === "user") return identityOf(catalogue, found.oid)!.members.has(whole.oid);
  return rolesOf(catalogue, new Set([found.oid])).some((role) => role.oid === whole.oid);
}
