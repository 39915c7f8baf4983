import type { Expression, NamePart, QualifiedName, TypeNode } from "./tree.ts";
import type { GranteeNode } from "./tree-rights.ts";

/** What a policy asks of a row, and its text. */
export interface PolicyCondition {
  readonly expression: Expression;
  readonly text: string;
}

/** A column that a policy reads of the relations it is attached to. */
export interface PolicyColumnNode {
  readonly name: NamePart;
  readonly type: TypeNode;
}

/** Statements on row-level security. Source: Database Developer Guide, t_rls and the pages of the statements. */
export type RowSecurityStatement =
  | {
      readonly kind: "create-rls-policy";
      readonly name: QualifiedName;
      readonly columns: readonly PolicyColumnNode[];
      readonly alias: NamePart | undefined;
      readonly using: PolicyCondition;
    }
  | { readonly kind: "alter-rls-policy"; readonly name: QualifiedName; readonly using: PolicyCondition }
  | {
      readonly kind: "drop-rls-policy";
      readonly name: QualifiedName;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | {
      /** ATTACH, or DETACH. */
      readonly kind: "attach-rls-policy";
      readonly detach: boolean;
      readonly policy: QualifiedName;
      readonly relations: readonly QualifiedName[];
      readonly to: readonly GranteeNode[];
    }
  | {
      /** `ALTER … ROW LEVEL SECURITY` of a relation. */
      readonly kind: "switch-row-security";
      readonly object: "table" | "materialized view";
      readonly name: QualifiedName;
      readonly isOn: boolean;
      /** `undefined` leaves it as it is. */
      readonly conjunction: "and" | "or" | undefined;
      readonly forDatashares: boolean;
    };
