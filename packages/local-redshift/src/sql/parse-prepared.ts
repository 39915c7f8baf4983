import { parseExpression } from "./parse-expression.ts";
import { parseBody } from "./parse-statement.ts";
import { parseType } from "./parse-type.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Statement } from "./tree.ts";
import type { PreparableStatement } from "./tree-session.ts";

/** Reads PREPARE, from the word after it. */
export function parsePrepare(cursor: TokenCursor): Statement {
  const name = cursor.expectName();
  const types = cursor.isOperator("(") ? cursor.inParentheses(() => cursor.list(() => parseType(cursor))) : [];
  cursor.expectWords("as");
  const first = cursor.peek();
  const statement = parseBody(cursor);
  if (!isPreparable(statement)) throw cursor.unexpected(first);
  return { kind: "prepare", name, types, statement };
}

/** Reads EXECUTE, from the word after it. */
export function parseExecute(cursor: TokenCursor): Statement {
  const name = cursor.expectName();
  const args = cursor.isOperator("(") ? cursor.inParentheses(() => cursor.list(() => parseExpression(cursor))) : [];
  return { kind: "execute", name, args };
}

/** Reads DEALLOCATE, from the word after it. */
export function parseDeallocate(cursor: TokenCursor): Statement {
  cursor.acceptWords("prepare");
  return { kind: "deallocate", name: cursor.expectName() };
}

/** Reads EXPLAIN, from the word after it. */
export function parseExplain(cursor: TokenCursor): Statement {
  const verbose = cursor.acceptWords("verbose");
  const first = cursor.peek();
  const statement = parseBody(cursor);
  if (statement.kind !== "create-table-as" && !isPreparable(statement)) throw cursor.unexpected(first);
  return { kind: "explain", statement, verbose };
}

function isPreparable(statement: Statement): statement is PreparableStatement {
  const { kind } = statement;
  return kind === "query" || kind === "insert" || kind === "update" || kind === "delete";
}
