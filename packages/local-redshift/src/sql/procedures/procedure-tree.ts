import type { Expression, NamePart, QualifiedName, Query, Statement, TypeNode } from "../tree.ts";

/** An argument of a procedure. */
export interface ArgumentNode {
  readonly name: NamePart | undefined;
  readonly mode: "in" | "out" | "inout";
  readonly type: TypeNode;
}

/** Statements on procedures. */
export type ProcedureStatement =
  | {
      readonly kind: "create-procedure";
      readonly name: QualifiedName;
      readonly orReplace: boolean;
      readonly args: readonly ArgumentNode[];
      readonly body: string;
      readonly definer: boolean;
      readonly nonatomic: boolean;
      readonly settings: readonly (readonly [name: string, value: string])[];
    }
  | { readonly kind: "call"; readonly name: QualifiedName; readonly args: readonly Expression[]; readonly at: number }
  | { readonly kind: "drop-procedure"; readonly name: QualifiedName; readonly args: readonly ArgumentNode[] }
  | {
      readonly kind: "alter-procedure";
      readonly name: QualifiedName;
      /** `undefined` when the name alone is given. */
      readonly args: readonly ArgumentNode[] | undefined;
      readonly action: { readonly kind: "rename" | "owner"; readonly to: NamePart };
    }
  | {
      readonly kind: "show-procedure";
      readonly name: QualifiedName;
      readonly args: readonly ArgumentNode[] | undefined;
    };

/** A variable of a block. */
export interface VariableNode {
  readonly name: NamePart;
  /** Absent for a record, for a cursor with its query, and for another name of an argument. */
  readonly type: TypeNode | undefined;
  readonly constant: boolean;
  readonly notNull: boolean;
  readonly initial: Expression | undefined;
  /** `ALIAS FOR $1`: the argument, counted from 1. */
  readonly aliasOf: number | undefined;
  /** The query of a cursor, with names for values that OPEN gives. */
  readonly cursor:
    | {
        readonly parameters: readonly { readonly name: NamePart; readonly type: TypeNode }[];
        readonly query: Query;
      }
    | undefined;
}

/** `DECLARE … BEGIN … EXCEPTION … END`. */
export interface Block {
  readonly kind: "block";
  readonly label: string | undefined;
  readonly variables: readonly VariableNode[];
  readonly statements: readonly BodyStatement[];
  readonly handler: readonly BodyStatement[] | undefined;
}

/** A statement of PL/pgSQL. Source: Database Developer Guide, c_PLpgSQL-statements. */
export type BodyStatement =
  | Block
  | { readonly kind: "sql"; readonly statement: Statement; readonly text: string }
  | { readonly kind: "select-into"; readonly query: Query; readonly targets: readonly QualifiedName[] }
  | { readonly kind: "perform"; readonly query: Query }
  | { readonly kind: "execute"; readonly command: Expression; readonly targets: readonly QualifiedName[] }
  | { readonly kind: "assign"; readonly target: QualifiedName; readonly value: Expression }
  | {
      readonly kind: "if";
      readonly branches: readonly { readonly when: Expression; readonly statements: readonly BodyStatement[] }[];
      /** `undefined` for a CASE without ELSE, which fails when nothing fits. */
      readonly otherwise: readonly BodyStatement[] | undefined;
    }
  | {
      readonly kind: "loop";
      readonly label: string | undefined;
      /** Absent for a loop without an end of its own. */
      readonly condition: Expression | undefined;
      readonly statements: readonly BodyStatement[];
    }
  | {
      readonly kind: "for-range";
      readonly label: string | undefined;
      readonly variable: NamePart;
      readonly reverse: boolean;
      readonly from: Expression;
      readonly to: Expression;
      readonly statements: readonly BodyStatement[];
    }
  | {
      readonly kind: "for-rows";
      readonly label: string | undefined;
      readonly targets: readonly QualifiedName[];
      /** A query, or the text of one. */
      readonly source: { readonly query: Query } | { readonly command: Expression };
      readonly statements: readonly BodyStatement[];
    }
  | {
      readonly kind: "leave";
      readonly how: "exit" | "continue";
      readonly label: string | undefined;
      readonly when: Expression | undefined;
    }
  | {
      readonly kind: "open";
      readonly cursor: QualifiedName;
      /** A query, the text of one, or values for the query that the cursor has. */
      readonly source:
        { readonly query: Query } | { readonly command: Expression } | { readonly args: readonly Expression[] };
    }
  | { readonly kind: "fetch-into"; readonly cursor: QualifiedName; readonly targets: readonly QualifiedName[] }
  | { readonly kind: "close"; readonly cursor: QualifiedName }
  | { readonly kind: "return" }
  | { readonly kind: "nothing" }
  | {
      readonly kind: "raise";
      readonly level: "notice" | "info" | "log" | "warning" | "exception" | "debug";
      readonly format: string;
      readonly args: readonly Expression[];
    }
  | { readonly kind: "raise-again" }
  | { readonly kind: "row-count"; readonly target: QualifiedName }
  | { readonly kind: "transaction"; readonly command: "commit" | "rollback" | "start" };
