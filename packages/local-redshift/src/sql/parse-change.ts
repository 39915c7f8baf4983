import { parseExpression, startsQuery } from "./parse-expression.ts";
import { parseFromItem, parseSource } from "./parse-from.ts";
import { parseQuery, parseQueryAfter, parseWith } from "./parse-query.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Assignment, Expression, MergeActions, NamePart, Statement, WithClause } from "./tree.ts";

/** Reads what begins with WITH: a query, an UPDATE or a DELETE. */
export function parseAfterWith(cursor: TokenCursor): Statement {
  const at = cursor.peek().start;
  const clause = parseWith(cursor);
  if (cursor.acceptWords("update")) return parseUpdate(cursor, clause);
  if (cursor.acceptWords("delete")) return parseDelete(cursor, clause);
  return { kind: "query", query: parseQueryAfter(cursor, clause, at) };
}

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

const noWith: WithClause = { recursive: false, ctes: [] };

/** Reads UPDATE, from the word after it. */
export function parseUpdate(cursor: TokenCursor, clause = noWith): Statement {
  const table = cursor.expectQualifiedName();
  const alias = cursor.acceptWords("as") ? cursor.expectName() : cursor.isWord("set") ? undefined : cursor.acceptName();
  cursor.expectWords("set");
  const assignments = parseAssignments(cursor);
  const from = cursor.acceptWords("from") ? cursor.list(() => parseFromItem(cursor)) : [];
  const where = cursor.acceptWords("where") ? parseExpression(cursor) : undefined;
  return { kind: "update", with: clause, table, alias, assignments, from, where };
}

/** Reads DELETE, from the word after it; FROM may be left out. */
export function parseDelete(cursor: TokenCursor, clause = noWith): Statement {
  cursor.acceptWords("from");
  const table = cursor.expectQualifiedName();
  const alias = cursor.acceptWords("as") ? cursor.expectName() : cursor.acceptName();
  const using = cursor.acceptWords("using") ? cursor.list(() => parseFromItem(cursor)) : [];
  const where = cursor.acceptWords("where") ? parseExpression(cursor) : undefined;
  return { kind: "delete", with: clause, table, alias, using, where };
}

/** Reads MERGE, from the word after it. Source of the grammar: Database Developer Guide, r_MERGE; the target has no alias. */
export function parseMerge(cursor: TokenCursor): Statement {
  cursor.expectWords("into");
  const target = cursor.expectQualifiedName();
  cursor.expectWords("using");
  const source = parseSource(cursor);
  cursor.expectWords("on");
  const on = parseExpression(cursor);
  const actions = cursor.acceptWords("remove", "duplicates") ? undefined : parseMergeActions(cursor);
  return { kind: "merge", target, source, on, actions };
}

function parseMergeActions(cursor: TokenCursor): MergeActions {
  cursor.expectWords("when", "matched", "then");
  let update: readonly Assignment[] | undefined;
  if (cursor.expectOneOf("update", "delete") === "update") {
    cursor.expectWords("set");
    update = parseAssignments(cursor);
  }
  cursor.expectWords("when", "not", "matched", "then", "insert");
  const columns = cursor.isOperator("(") ? cursor.inParentheses(() => cursor.list(() => cursor.expectName())) : [];
  cursor.expectWords("values");
  const values = cursor.inParentheses(() => cursor.list(() => parseValue(cursor)));
  return { update, insert: { columns, values } };
}

function parseAssignments(cursor: TokenCursor): readonly Assignment[] {
  return cursor.list(() => {
    const column = cursor.expectName();
    cursor.expectOperator("=");
    return { column, value: parseValue(cursor) };
  });
}

function parseValue(cursor: TokenCursor): Expression | undefined {
  return cursor.acceptWords("default") ? undefined : parseExpression(cursor);
}
