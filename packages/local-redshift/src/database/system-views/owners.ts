import { SqlError } from "../../sql/sql-error.ts";
import type { RelationObject } from "../catalogue-object.ts";
import { publicOid } from "../rights/privilege.ts";
import { seesAll, type SystemWorld } from "./system-view.ts";

/** The number of a user; 0 for one who is gone. */
export const userId = (name: string, world: SystemWorld): number => world.catalogue.user(name)?.oid ?? 0;

/** The number of the user who owns an object. */
export const ownerId = ({ owner }: { readonly owner: string }, world: SystemWorld): number => userId(owner, world);

/** Whether the asking user may know of a relation: it is its owner's, or there is some privilege on it for the user. */
export function isKnown(relation: RelationObject, { user }: SystemWorld): boolean {
  if (user.superuser || relation.owner === user.name || user.system.has("access catalog")) return true;
  return (relation.grants ?? []).some((grant) => user.members.has(grant.to));
}

/** Refuses who is no superuser. Source: the pages of the views; the text is that of any relation without a grant. */
export function onlySuperusers(view: string, world: SystemWorld): void {
  if (!world.user.superuser) throw new SqlError(`permission denied for relation ${view}`, { sqlState: "42501" });
}

/** Who was given something, in the words of the privilege views. */
export interface Grantee {
  readonly oid: number;
  readonly name: string;
  readonly type: "user" | "role" | "group" | "public";
}

/** The user, role or group of a number; `undefined` for one that is gone. */
export function granteeOf(principalOid: number, { catalogue }: SystemWorld): Grantee | undefined {
  if (principalOid === publicOid) return { oid: publicOid, name: "public", type: "public" };
  const principal = catalogue.get(principalOid);
  if (principal?.kind !== "user" && principal?.kind !== "role" && principal?.kind !== "group") return undefined;
  return { oid: principal.oid, name: principal.name, type: principal.kind };
}

/** Users see what was given to themselves, to what they are a member of, and to roles that they own. */
export function mayKnow(principalOid: number, world: SystemWorld): boolean {
  if (seesAll(world) || world.user.members.has(principalOid)) return true;
  const principal = world.catalogue.get(principalOid);
  return principal?.kind === "role" && principal.owner === world.user.name;
}
