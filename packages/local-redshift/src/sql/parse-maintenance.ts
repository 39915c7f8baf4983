import { skipRest } from "./parse-statement.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { QualifiedName, Statement } from "./tree.ts";

/** Reads ANALYZE, from the word after it. Grammar: Database Developer Guide, r_ANALYZE. */
export function parseAnalyze(cursor: TokenCursor): Statement {
  if (cursor.isWord("compression")) return skipRest(cursor, "ANALYZE COMPRESSION");
  cursor.acceptWords("verbose");
  const isAll = cursor.isWord("predicate", "columns") || cursor.isWord("all", "columns");
  const name = isAll ? undefined : parseTable(cursor);
  if (name !== undefined && cursor.isOperator("(")) cursor.inParentheses(() => cursor.list(() => cursor.expectName()));
  if (!cursor.acceptWords("predicate", "columns")) cursor.acceptWords("all", "columns");
  return { kind: "maintenance", command: "ANALYZE", name };
}

/** Reads VACUUM, from the word after it. Grammar: Database Developer Guide, r_VACUUM_command. */
export function parseVacuum(cursor: TokenCursor): Statement {
  if (!cursor.acceptWords("sort", "only") && !cursor.acceptWords("delete", "only"))
    cursor.acceptOneOf("full", "reindex", "recluster");
  const isAll = cursor.isWord("to") || cursor.isWord("boost");
  const name = isAll ? undefined : parseTable(cursor);
  if (cursor.acceptWords("to")) {
    cursor.expectInteger();
    cursor.expectWords("percent");
  }
  cursor.acceptWords("boost");
  return { kind: "maintenance", command: "VACUUM", name };
}

/** Reads CANCEL, from the word after it. Grammar: Database Developer Guide, r_CANCEL. */
export function parseCancel(cursor: TokenCursor): Statement {
  const pid = cursor.expectInteger();
  // The message is for the client's notices, which the Data API does not give.
  if (cursor.peek().kind === "string") cursor.take();
  return { kind: "cancel", pid };
}

function parseTable(cursor: TokenCursor): QualifiedName | undefined {
  const isBare = cursor.peek().kind === "end" || cursor.isOperator(";");
  return isBare ? undefined : cursor.expectQualifiedName();
}
