import { parseQuery } from "./parse-query.ts";
import { SqlError } from "./sql-error.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Statement } from "./tree.ts";

/** Reads DECLARE, from the word after it. */
export function parseDeclare(cursor: TokenCursor): Statement {
  const name = cursor.expectName();
  cursor.expectWords("cursor", "for");
  return { kind: "declare-cursor", name, query: parseQuery(cursor) };
}

/** Ways of moving that PostgreSQL's cursors have and Redshift's do not. */
const otherWays = ["prior", "first", "last", "absolute", "relative", "backward"] as const;

/** Reads FETCH, from the word after it. A count without FORWARD and IN for FROM are PostgreSQL's, and used by ODBC. */
export function parseFetch(cursor: TokenCursor): Statement {
  const isWay = otherWays.some((way) => cursor.isWord(way)) && !isEnd(cursor, 1);
  if (isWay)
    // UNCONFIRMED: the page only lists the ways that there are; the text is PostgreSQL's.
    throw new SqlError("cursor can only scan forward", { sqlState: "55000", position: cursor.peek().start + 1 });
  const count = isEnd(cursor, 1) ? 1 : parseCount(cursor);
  cursor.acceptOneOf("from", "in");
  return { kind: "fetch", name: cursor.expectName(), count };
}

function parseCount(cursor: TokenCursor): number {
  if (cursor.acceptWords("next")) return 1;
  if (cursor.acceptWords("all") || cursor.acceptWords("forward", "all")) return Infinity;
  cursor.acceptWords("forward");
  return cursor.peek().kind === "number" || cursor.isOperator("-") ? cursor.expectInteger() : 1;
}

/** Reads CLOSE, from the word after it. */
export function parseClose(cursor: TokenCursor): Statement {
  return { kind: "close-cursor", name: cursor.expectName() };
}

function isEnd(cursor: TokenCursor, ahead: number): boolean {
  return cursor.peek(ahead).kind === "end" || cursor.isOperator(";", ahead);
}
