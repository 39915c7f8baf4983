import type { NameSettings } from "../../sql/bind-context.ts";
import type { SqlType } from "../../sql/sql-type.ts";
import type { Identity } from "../rights/identity.ts";
import { securityAdminRoleOid } from "../rights/system-roles.ts";

/** A policy of row-level security: a condition on rows, which counts for the relations that it is attached to. */
export interface RlsPolicyObject {
  readonly kind: "rls policy";
  readonly oid: number;
  readonly name: string;
  /** Columns that a relation has to have, and that the condition may read. */
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  /** What the condition calls the relation. */
  readonly alias?: string;
  /** The condition as written. */
  readonly sql: string;
  /** Settings in force when the condition was written, which it keeps. */
  readonly settings: NameSettings;
  /** What the names of lookup tables, and the calls of functions, stood for: name and object. */
  readonly references: readonly (readonly [name: string, oid: number])[];
  readonly modifiedBy: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** The row-level security of a relation. */
export interface RowSecurity {
  readonly isOn: boolean;
  /** How several policies of one user go together. */
  readonly conjunction: "and" | "or";
  /** Kept; there are no datashares here. */
  readonly forDatashares: boolean;
  readonly attached: readonly AttachedPolicy[];
}

interface AttachedPolicy {
  readonly policy: number;
  /** A user or role; 0 is PUBLIC. */
  readonly to: number;
  /** The user who attached it. */
  readonly by: number;
}

/** What holds before anything was said. Source: Database Developer Guide, r_ALTER_TABLE. */
export const noRowSecurity: RowSecurity = { isOn: false, conjunction: "and", forDatashares: true, attached: [] };

/** Superusers and `sys:secadmin`, who manage policies and switch row-level security. Source: t_rls_ownership. */
export function isSecurityAdmin(who: Identity): boolean {
  return who.superuser || who.members.has(securityAdminRoleOid);
}

/** Whether a user sees all rows whatever the policies say; owners do not. Source: t_rls_ownership. */
function ignoresRowSecurity(who: Identity): boolean {
  return isSecurityAdmin(who) || who.system.has("ignore rls");
}

/** Whether a relation shows this user only what policies allow. */
export function isProtectedFrom(who: Identity, relation: { readonly rowSecurity?: RowSecurity }): boolean {
  return relation.rowSecurity?.isOn === true && !ignoresRowSecurity(who);
}
