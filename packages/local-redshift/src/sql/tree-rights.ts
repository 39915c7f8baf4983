import type { ArgumentNode } from "./procedures/procedure-tree.ts";
import type { NamePart, QualifiedName } from "./tree.ts";

/** Whom a privilege is given to. */
export type GranteeNode =
  { readonly kind: "user" | "role" | "group" | "rls policy"; readonly name: NamePart } | { readonly kind: "public" };

/** An option of CREATE USER and ALTER USER. Source: Database Developer Guide, r_CREATE_USER, r_ALTER_USER. */
export type UserOption =
  /** `undefined` is DISABLE. */
  | { readonly kind: "password"; readonly password: string | undefined }
  | { readonly kind: "create-database"; readonly on: boolean }
  | { readonly kind: "superuser"; readonly on: boolean }
  | { readonly kind: "syslog-access"; readonly unrestricted: boolean }
  | { readonly kind: "in-group"; readonly groups: readonly NamePart[] }
  | { readonly kind: "valid-until"; readonly until: string }
  /** `undefined` is UNLIMITED. */
  | { readonly kind: "connection-limit"; readonly limit: number | undefined }
  /** `undefined` resets it. */
  | { readonly kind: "session-timeout"; readonly seconds: number | undefined }
  | { readonly kind: "external-id"; readonly id: string }
  | { readonly kind: "rename"; readonly to: NamePart }
  /** A setting that the user's sessions start with; `undefined` forgets it. */
  | { readonly kind: "set"; readonly name: string; readonly value: string | undefined };

/** A privilege as it is written; with columns it is one of columns. */
export interface PrivilegeNode {
  readonly name: string;
  readonly columns: readonly NamePart[];
}

/** What privileges are on. */
export type GrantTarget =
  | { readonly kind: "tables" | "schemas" | "databases" | "languages"; readonly names: readonly QualifiedName[] }
  | { readonly kind: "all tables" | "all functions" | "all procedures"; readonly schemas: readonly NamePart[] }
  | {
      readonly kind: "functions" | "procedures";
      readonly routines: readonly { readonly name: QualifiedName; readonly args: readonly ArgumentNode[] }[];
    };

/** GRANT or REVOKE of privileges, on objects or by default. */
export interface GrantClause {
  readonly revoke: boolean;
  /** GRANT OPTION FOR, of REVOKE. */
  readonly optionOnly: boolean;
  readonly privileges: readonly PrivilegeNode[];
  readonly to: readonly { readonly grantee: GranteeNode; readonly withOption: boolean }[];
}

export type RightsStatement =
  | { readonly kind: "create-user"; readonly name: NamePart; readonly options: readonly UserOption[] }
  | { readonly kind: "alter-user"; readonly name: NamePart; readonly options: readonly UserOption[] }
  | { readonly kind: "drop-user"; readonly names: readonly NamePart[]; readonly ifExists: boolean }
  | { readonly kind: "create-role"; readonly name: NamePart; readonly externalId: string | undefined }
  | { readonly kind: "alter-role"; readonly name: NamePart; readonly actions: readonly RoleAction[] }
  | { readonly kind: "drop-role"; readonly name: NamePart; readonly force: boolean }
  | { readonly kind: "create-group"; readonly name: NamePart; readonly users: readonly NamePart[] }
  | { readonly kind: "alter-group"; readonly name: NamePart; readonly action: GroupAction }
  | { readonly kind: "drop-group"; readonly name: NamePart }
  | { readonly kind: "grant"; readonly clause: GrantClause; readonly on: GrantTarget }
  | {
      readonly kind: "grant-role";
      readonly revoke: boolean;
      /** ADMIN OPTION FOR, of REVOKE. */
      readonly optionOnly: boolean;
      readonly roles: readonly NamePart[];
      readonly to: GrantClause["to"];
    }
  | {
      /** System privileges, which only roles have. */
      readonly kind: "grant-system";
      readonly revoke: boolean;
      readonly privileges: readonly string[];
      readonly roles: readonly NamePart[];
    }
  | {
      readonly kind: "grant-assume-role";
      readonly revoke: boolean;
      /** ARNs, of chains with commas between them; the default role; or any role. */
      readonly on: readonly string[] | "default" | "all";
      readonly to: readonly GranteeNode[];
      readonly commands: readonly AssumeCommand[] | "all";
    }
  | {
      readonly kind: "alter-default-privileges";
      readonly users: readonly NamePart[];
      readonly schemas: readonly NamePart[];
      readonly clause: GrantClause;
      readonly on: "tables" | "functions" | "procedures";
    }
  /** Without a user: DEFAULT. */
  | { readonly kind: "set-session-authorization"; readonly user: NamePart | undefined; readonly local: boolean }
  | { readonly kind: "alter-database"; readonly name: NamePart; readonly action: DatabaseAction };

/** A command that runs with an IAM role. */
export type AssumeCommand = "copy" | "unload" | "external function" | "create model";

export type RoleAction =
  | { readonly kind: "rename"; readonly to: NamePart }
  | { readonly kind: "owner"; readonly to: NamePart }
  | { readonly kind: "external-id"; readonly id: string };

export type GroupAction =
  | { readonly kind: "add" | "drop"; readonly users: readonly NamePart[] }
  | { readonly kind: "rename"; readonly to: NamePart };

export type DatabaseAction =
  | { readonly kind: "rename" | "owner"; readonly to: NamePart }
  | { readonly kind: "connection-limit"; readonly limit: number | undefined }
  | { readonly kind: "isolation"; readonly level: "serializable" | "snapshot" };
