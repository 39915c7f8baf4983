import { SqlError } from "./sql-error.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { QualifiedName, Statement, VacuumMode } from "./tree.ts";

/** Reads ANALYZE, from the word after it. Grammar: Database Developer Guide, r_ANALYZE. */
export function parseAnalyze(cursor: TokenCursor): Statement {
  if (cursor.acceptWords("compression")) return parseAnalyzeCompression(cursor);
  cursor.acceptWords("verbose");
  const isAll = cursor.isWord("predicate", "columns") || cursor.isWord("all", "columns");
  const name = isAll ? undefined : parseTable(cursor);
  if (name !== undefined && cursor.isOperator("(")) cursor.inParentheses(() => cursor.list(() => cursor.expectName()));
  if (!cursor.acceptWords("predicate", "columns")) cursor.acceptWords("all", "columns");
  return { kind: "analyze", name };
}

/** Reads ANALYZE COMPRESSION, from the word after it. Grammar: Database Developer Guide, r_ANALYZE_COMPRESSION. */
function parseAnalyzeCompression(cursor: TokenCursor): Statement {
  const name = cursor.isWord("comprows") ? undefined : parseTable(cursor);
  const hasColumns = name !== undefined && cursor.isOperator("(");
  const columns = hasColumns ? cursor.inParentheses(() => cursor.list(() => cursor.expectName())) : [];
  const sampleRows = cursor.acceptWords("comprows") ? parseSampleRows(cursor) : undefined;
  return { kind: "analyze-compression", name, columns, sampleRows };
}

/** The text is UNCONFIRMED. */
function parseSampleRows(cursor: TokenCursor): number {
  const rows = cursor.expectInteger();
  if (rows < 1_000 || rows > 1_000_000_000)
    throw new SqlError("COMPROWS must be between 1000 and 1000000000", { sqlState: "22023" });
  return rows;
}

/** Source: Database Developer Guide, r_VACUUM_command. */
const defaultThreshold = 95;

/**
 * Reads VACUUM, from the word after it. Grammar: Database Developer Guide, r_VACUUM_command; REINDEX and RECLUSTER take a table and no
 * threshold, and a threshold or BOOST takes a table. That their breach is a syntax error is UNCONFIRMED.
 */
export function parseVacuum(cursor: TokenCursor): Statement {
  const mode = parseVacuumMode(cursor);
  const isOfOne = mode === "reindex" || mode === "recluster";
  const name = isOfOne ? cursor.expectQualifiedName() : parseTable(cursor);
  const mayHaveThreshold = name !== undefined && !isOfOne;
  const threshold = mayHaveThreshold && cursor.acceptWords("to") ? parseThreshold(cursor) : defaultThreshold;
  if (name !== undefined && mode !== "reindex") cursor.acceptWords("boost");
  return { kind: "vacuum", mode, name, threshold };
}

function parseVacuumMode(cursor: TokenCursor): VacuumMode {
  if (cursor.acceptWords("sort", "only")) return "sort only";
  if (cursor.acceptWords("delete", "only")) return "delete only";
  return cursor.acceptOneOf("full", "reindex", "recluster") ?? "full";
}

/** The text is UNCONFIRMED. */
function parseThreshold(cursor: TokenCursor): number {
  const threshold = cursor.expectInteger();
  if (threshold < 0 || threshold > 100)
    throw new SqlError("VACUUM threshold must be an integer between 0 and 100", { sqlState: "22023" });
  cursor.expectWords("percent");
  return threshold;
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
