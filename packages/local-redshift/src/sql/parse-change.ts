import { parseExpression, startsQuery } from "./parse-expression.ts";
import { parseFromItem } from "./parse-from.ts";
import { parseQuery } from "./parse-query.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Expression, NamePart, Statement } from "./tree.ts";

/** Reads INSERT, from the word after it. */
export function parseInsert(cursor: TokenCursor): Statement {
  cursor.expectWords("into");
  const table = cursor.expectQualifiedName();
  const columns: NamePart[] =
    cursor.isOperator("(") && !startsQuery(cursor)
      ? cursor.inParentheses(() => cursor.list(() => cursor.expectName()))
      : [];
  if (cursor.acceptWords("default", "values")) return { kind: "insert", table, columns, source: undefined };
  if (!cursor.isWord("values")) return { kind: "insert", table, columns, source: parseQuery(cursor) };
  cursor.take();
  const rows = cursor.list(() => cursor.inParentheses(() => cursor.list(() => parseValue(cursor))));
  return { kind: "insert", table, columns, source: { kind: "rows", rows } };
}

/** Reads UPDATE, from the word after it. */
export function parseUpdate(cursor: TokenCursor): Statement {
  const table = cursor.expectQualifiedName();
  const alias = cursor.acceptWords("as") ? cursor.expectName() : cursor.isWord("set") ? undefined : cursor.acceptName();
  cursor.expectWords("set");
  const assignments = cursor.list(() => {
    const column = cursor.expectName();
    cursor.expectOperator("=");
    return { column, value: parseValue(cursor) };
  });
  const from = cursor.acceptWords("from") ? cursor.list(() => parseFromItem(cursor)) : [];
  const where = cursor.acceptWords("where") ? parseExpression(cursor) : undefined;
  return { kind: "update", table, alias, assignments, from, where };
}

/** Reads DELETE, from the word after it; FROM may be left out. */
export function parseDelete(cursor: TokenCursor): Statement {
  cursor.acceptWords("from");
  const table = cursor.expectQualifiedName();
  const alias = cursor.acceptWords("as") ? cursor.expectName() : cursor.acceptName();
  const using = cursor.acceptWords("using") ? cursor.list(() => parseFromItem(cursor)) : [];
  const where = cursor.acceptWords("where") ? parseExpression(cursor) : undefined;
  return { kind: "delete", table, alias, using, where };
}

function parseValue(cursor: TokenCursor): Expression | undefined {
  return cursor.acceptWords("default") ? undefined : parseExpression(cursor);
}
