import { parseExpression } from "./parse-expression.ts";
import { parsePrincipalName } from "./parse-principal.ts";
import { skipRest } from "./parse-statement.ts";
import { parseType } from "./parse-type.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { QualifiedName, Statement } from "./tree.ts";
import type { GranteeNode } from "./tree-rights.ts";
import type { PolicyCondition, RowSecurityStatement } from "./tree-row-security.ts";

/** Reads CREATE RLS POLICY, from the name on. Grammar: Database Developer Guide, r_CREATE_RLS_POLICY. */
export function parseCreateRlsPolicy(cursor: TokenCursor): RowSecurityStatement {
  const name = cursor.expectQualifiedName();
  const hasColumns = cursor.acceptWords("with");
  const columns = hasColumns
    ? cursor.inParentheses(() => cursor.list(() => ({ name: cursor.expectName(), type: parseType(cursor) })))
    : [];
  const isNamed = hasColumns && (cursor.acceptWords("as") || !cursor.isWord("using"));
  const alias = isNamed ? cursor.expectName() : undefined;
  return { kind: "create-rls-policy", name, columns, alias, using: parseUsing(cursor) };
}

/** Reads ALTER RLS POLICY, from the name on. Grammar: r_ALTER_RLS_POLICY. */
export function parseAlterRlsPolicy(cursor: TokenCursor): RowSecurityStatement {
  return { kind: "alter-rls-policy", name: cursor.expectQualifiedName(), using: parseUsing(cursor) };
}

function parseUsing(cursor: TokenCursor): PolicyCondition {
  cursor.expectWords("using");
  return cursor.inParentheses(() => {
    const { start } = cursor.peek();
    const expression = parseExpression(cursor);
    return { expression, text: cursor.sql.slice(start, cursor.lastEnd) };
  });
}

/** Reads DROP RLS POLICY, from the word after it. Grammar: r_DROP_RLS_POLICY. */
export function parseDropRlsPolicy(cursor: TokenCursor): RowSecurityStatement {
  const ifExists = cursor.acceptWords("if", "exists");
  const name = cursor.expectQualifiedName();
  return { kind: "drop-rls-policy", name, ifExists, cascade: cursor.acceptOneOf("cascade", "restrict") === "cascade" };
}

/** Reads ATTACH, from the word after it. Grammar: r_ATTACH_RLS_POLICY. */
export function parseAttach(cursor: TokenCursor): Statement {
  return parseAttachment(cursor, false);
}

/** Reads DETACH, from the word after it. Grammar: r_DETACH_RLS_POLICY. */
export function parseDetach(cursor: TokenCursor): Statement {
  return parseAttachment(cursor, true);
}

function parseAttachment(cursor: TokenCursor, detach: boolean): Statement {
  if (cursor.isWord("masking", "policy")) return skipRest(cursor, `${detach ? "DETACH" : "ATTACH"} MASKING POLICY`);
  cursor.expectWords("rls", "policy");
  const policy = cursor.expectQualifiedName();
  cursor.expectWords("on");
  cursor.acceptWords("table");
  const relations: QualifiedName[] = cursor.list(() => cursor.expectQualifiedName());
  cursor.expectWords(detach ? "from" : "to");
  const to = cursor.list((): GranteeNode => {
    if (cursor.acceptWords("public")) return { kind: "public" };
    return { kind: cursor.acceptOneOf("role") ?? "user", name: parsePrincipalName(cursor) };
  });
  return { kind: "attach-rls-policy", detach, policy, relations, to };
}

/** Reads what follows ROW LEVEL SECURITY. Grammar: r_ALTER_TABLE, r_ALTER_MATERIALIZED_VIEW. */
export function parseRowSecurity(
  cursor: TokenCursor,
  object: "table" | "materialized view",
  name: QualifiedName,
): RowSecurityStatement {
  const isOn = cursor.expectOneOf("on", "off") === "on";
  const conjunction = cursor.acceptWords("conjunction", "type") ? cursor.expectOneOf("and", "or") : undefined;
  const forDatashares = cursor.acceptWords("for", "datashares");
  return { kind: "switch-row-security", object, name, isOn, conjunction, forDatashares };
}
