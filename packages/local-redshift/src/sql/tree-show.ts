import type { ArgumentNode } from "./procedures/procedure-tree.ts";
import type { NamePart, QualifiedName } from "./tree.ts";
import type { GranteeNode } from "./tree-rights.ts";

/** Statements that show what there is. */
export type ShowStatement =
  | {
      readonly kind: "show-objects";
      readonly object: "databases" | "schemas" | "tables" | "columns";
      /** The database, schema or table that they are in; absent for databases. */
      readonly from: QualifiedName | undefined;
      readonly like: string | undefined;
      readonly limit: number | undefined;
    }
  | {
      readonly kind: "show-grants";
      readonly on:
        | { readonly kind: "database" | "schema" | "table"; readonly name: QualifiedName }
        | {
            readonly kind: "function" | "procedure";
            readonly name: QualifiedName;
            readonly args: readonly ArgumentNode[];
          }
        | undefined;
      readonly to: GranteeNode | undefined;
      readonly limit: number | undefined;
    }
  | { readonly kind: "show-definition"; readonly object: "table" | "view"; readonly name: readonly NamePart[] };
