import type { QualifiedName, TypeNode } from "./tree.ts";

/** Statements on functions in SQL. */
export type FunctionStatement =
  | {
      readonly kind: "create-function";
      readonly name: QualifiedName;
      readonly orReplace: boolean;
      /** Types of `$1`, `$2` … */
      readonly args: readonly TypeNode[];
      readonly returns: TypeNode;
      readonly volatility: "volatile" | "stable" | "immutable";
      /** What stands between the dollar quotes. */
      readonly body: string;
    }
  | {
      readonly kind: "drop-function";
      readonly name: QualifiedName;
      readonly args: readonly TypeNode[];
      readonly cascade: boolean;
    };
