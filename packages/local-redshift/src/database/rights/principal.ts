import type { NamePart } from "../../sql/tree.ts";
import type { KeptPassword } from "./password.ts";
import type { Grant } from "./privilege.ts";

/** A user of the database. Source of the attributes: Database Developer Guide, r_CREATE_USER, pg_user_info. */
export interface UserObject {
  readonly kind: "user";
  /** `usesysid`, 100 and up; 1 is `rdsdb`, the service itself. */
  readonly oid: number;
  readonly name: string;
  readonly superuser: boolean;
  readonly createDatabase?: true;
  /** Sees the rows of other users in system views. */
  readonly unrestrictedSyslog?: true;
  /** Absent when the password is disabled, and for IAM identities. */
  readonly password?: KeptPassword;
  /** Epoch milliseconds up to which the password is good; absent is `infinity`. */
  readonly validUntil?: number;
  readonly connectionLimit?: number;
  readonly sessionTimeoutSeconds?: number;
  readonly externalId?: string;
  /** Settings that the user's sessions start with. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A role, with what it may do beside the privileges on objects, and who has it. */
export interface RoleObject {
  readonly kind: "role";
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly externalId?: string;
  readonly system: readonly string[];
  /** Users and roles that have it; 0 is PUBLIC. */
  readonly members: readonly { readonly oid: number; readonly admin?: true }[];
}

export interface GroupObject {
  readonly kind: "group";
  readonly oid: number;
  readonly name: string;
  readonly members: readonly number[];
}

/** What objects that a user makes from now on get granted, everywhere or in one schema. */
export interface DefaultPrivilegesObject {
  readonly kind: "default privileges";
  readonly oid: number;
  readonly user: number;
  readonly schema?: number;
  readonly on: "tables" | "functions" | "procedures";
  readonly grants: readonly Grant[];
  /** EXECUTE on functions, which PUBLIC has unless it is revoked here. */
  readonly withoutPublic?: true;
}

export type PrincipalObject = UserObject | RoleObject | GroupObject;

/** The first user that is not the service's own. */
export const firstPrincipalOid = 100;

/** Names of users, roles and groups keep their case in quotes, whatever the settings. Source: r_CREATE_USER, usage notes. */
export function principalName(part: NamePart): string {
  return part.quoted ? part.text : part.text.toLowerCase();
}
