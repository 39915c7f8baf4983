import type { AssumeCommand } from "../../sql/tree-rights.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Identity } from "./identity.ts";
import { publicOid } from "./privilege.ts";

/** Commands that run with an IAM role. Source: Database Developer Guide, r_GRANT. */
export const assumeCommands: readonly AssumeCommand[] = ["copy", "unload", "external function", "create model"];

/** `ON ALL`: any IAM role. Source of the word: PG_GET_IAM_ROLE_BY_USER. */
export const anyRole = "default";
/** `ON default`: the namespace's default role. Source of the words: r_SVV_IAM_PRIVILEGES. */
export const defaultRole = "default-aws-iam-role";

/** Who may assume an IAM role, and for which commands. */
export interface IamRoleObject {
  readonly kind: "iam role";
  readonly oid: number;
  /** An ARN, or those of a chain with commas between them; or {@link anyRole} or {@link defaultRole}. */
  readonly name: string;
  readonly grants: readonly AssumeGrant[];
}

export interface AssumeGrant {
  /** A user, role or group; 0 is PUBLIC. */
  readonly to: number;
  readonly command: AssumeCommand;
  /** What PUBLIC has in a new database. */
  readonly initial?: true;
}

/**
 * Any IAM role, as in a new database: everybody may assume it until a superuser revokes that. The file keeps it only after a GRANT or
 * REVOKE on it. Source: r_GRANT-usage-notes.
 */
export const initialAnyRole: IamRoleObject = {
  kind: "iam role",
  oid: 60,
  name: anyRole,
  grants: assumeCommands.map((command) => ({ to: publicOid, command, initial: true })),
};

/** Whether a user may assume a role for a command. A part of a chain is another role. Source: r_GRANT-usage-notes. */
export function mayAssume(who: Identity, role: string, command: AssumeCommand, catalogue: Catalogue): boolean {
  if (who.superuser) return true;
  return [anyRole, role].some((name) =>
    catalogue.iamRole(name)?.grants.some((grant) => grant.command === command && who.members.has(grant.to)),
  );
}
