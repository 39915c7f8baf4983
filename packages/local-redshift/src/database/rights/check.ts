import { SqlError } from "../../sql/sql-error.ts";
import type { OwnedObject } from "../catalogue-object.ts";
import type { Identity } from "./identity.ts";
import type { Privilege } from "./privilege.ts";

/** Whether a user may use the whole of an object so. */
export function hasPrivilege(who: Identity, object: OwnedObject, privilege: Privilege): boolean {
  return isOwnersPrivilege(who, object, privilege) || isGranted(who, object, privilege);
}

/** The columns of a relation that a user may use so. */
export function columnsWith(who: Identity, object: OwnedObject, privilege: Privilege): "all" | ReadonlySet<string> {
  if (hasPrivilege(who, object, privilege)) return "all";
  const columns = (object.grants ?? []).flatMap((grant) =>
    grant.privilege === privilege && grant.column !== undefined && who.members.has(grant.to) ? [grant.column] : [],
  );
  return new Set(columns);
}

/** Whether a user may give this privilege to others. */
export function mayGrant(who: Identity, object: OwnedObject, privilege: Privilege): boolean {
  if (isOwner(who, object)) return true;
  return (object.grants ?? []).some(
    (grant) => grant.privilege === privilege && grant.grantable === true && who.members.has(grant.to),
  );
}

/** Whether a user owns an object, or may act as if. */
export function isOwner(who: Identity, object: { readonly owner: string }): boolean {
  return who.superuser || object.owner === who.name;
}

/** Throws `permission denied for …` unless the user may use the whole of the object so. */
export function demand(who: Identity, object: OwnedObject, privilege: Privilege): void {
  if (!hasPrivilege(who, object, privilege)) throw permissionDenied(object);
}

/** Throws `permission denied` unless the user is a superuser or has a role with this system privilege. Text: UNCONFIRMED. */
export function demandSystem(who: Identity, privilege: string): void {
  if (who.superuser || who.system.has(privilege)) return;
  throw new SqlError(`permission denied to ${privilege}`, { sqlState: "42501" });
}

/** `permission denied for relation t`. Source: Database Developer Guide, r_GRANT-examples. */
export function permissionDenied(object: OwnedObject): SqlError {
  return new SqlError(`permission denied for ${kindWord(object)} ${object.name}`, { sqlState: "42501" });
}

/** `must be owner of relation t`. */
export function notOwner(object: OwnedObject): SqlError {
  return new SqlError(`must be owner of ${kindWord(object)} ${object.name}`, { sqlState: "42501" });
}

const kindWord = ({ kind }: OwnedObject) =>
  kind === "table" || kind === "view" || kind === "materialized view" ? "relation" : kind;

function isOwnersPrivilege(who: Identity, object: OwnedObject, privilege: Privilege): boolean {
  if (who.superuser) return true;
  return object.owner === who.name && object.ownerLacks?.includes(privilege) !== true;
}

function isGranted(who: Identity, object: OwnedObject, privilege: Privilege): boolean {
  return (object.grants ?? []).some(
    (grant) => grant.privilege === privilege && grant.column === undefined && who.members.has(grant.to),
  );
}
