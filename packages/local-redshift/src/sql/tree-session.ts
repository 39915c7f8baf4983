import type { Expression, NamePart, Query, Statement, TypeNode } from "./tree.ts";

/** Statements on statements: cursors, prepared statements and plans. */
export type SessionStatement =
  | { readonly kind: "declare-cursor"; readonly name: NamePart; readonly query: Query }
  /** The next so many rows; 0 is the row that was read last. */
  | { readonly kind: "fetch"; readonly name: NamePart; readonly count: number }
  | { readonly kind: "close-cursor"; readonly name: NamePart }
  | {
      readonly kind: "prepare";
      readonly name: NamePart;
      /** Types of `$1`, `$2` … */
      readonly types: readonly TypeNode[];
      readonly statement: PreparableStatement;
    }
  | { readonly kind: "execute"; readonly name: NamePart; readonly args: readonly Expression[] }
  | { readonly kind: "deallocate"; readonly name: NamePart }
  | {
      readonly kind: "explain";
      readonly statement: ExplainableStatement;
      /** Shows the tree of the plan's nodes before the plan. */
      readonly verbose: boolean;
    };

/** What can be prepared. */
export type PreparableStatement = Extract<Statement, { kind: "query" | "insert" | "update" | "delete" }>;

/** What EXPLAIN takes. Source: Database Developer Guide, r_EXPLAIN. */
export type ExplainableStatement = PreparableStatement | Extract<Statement, { kind: "create-table-as" }>;
