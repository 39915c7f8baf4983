/** What a stretch of SQL text is. `code` is everything that is not quoted and no comment. */
type SqlPieceKind = "code" | "string" | "identifier" | "dollar" | "comment";

/** A stretch of SQL text of one kind, quotes included. The texts of all pieces together are the whole text. */
export interface SqlPiece {
  readonly kind: SqlPieceKind;
  readonly text: string;
  /** Line on which it starts, from 1. */
  readonly line: number;
}

/** A text that is no SQL: a quote or a comment without an end. */
export class SqlSyntaxError extends Error {
  override readonly name = "SqlSyntaxError";
  /** Line of the file, from 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Cuts SQL into code, quoted stretches and comments, after Redshift's rules: `''` and `""` stand for the quote itself, block comments
 * nest (as in PostgreSQL), dollar quotes are `$$…$$` and `$tag$…$tag$`.
 * Throws `SqlSyntaxError` for a stretch without an end, and for `\'`: Redshift reads it as a quote, standard SQL as the end of the string.
 */
export function lexSql(sql: string): readonly SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let codeStart = 0;
  let at = 0;
  let line = 1;

  const take = (kind: SqlPieceKind, from: number, to: number) => {
    if (to === from) return;
    const text = sql.slice(from, to);
    pieces.push({ kind, text, line });
    line += text.split("\n").length - 1;
  };

  while (at < sql.length) {
    const quoted = quotedAt(sql, at);
    if (!quoted) {
      at += 1;
      continue;
    }
    take("code", codeStart, at);
    const end = quoted.end(sql, at, line);
    take(quoted.kind, at, end);
    at = end;
    codeStart = end;
  }
  take("code", codeStart, sql.length);
  return pieces;
}

interface Quoted {
  readonly kind: SqlPieceKind;
  end(sql: string, start: number, line: number): number;
}

function quotedAt(sql: string, at: number): Quoted | undefined {
  const char = sql[at];
  if (char === "'") return { kind: "string", end: (...place) => endOfQuote("'", "string", ...place) };
  if (char === '"') return { kind: "identifier", end: (...place) => endOfQuote('"', "quoted identifier", ...place) };
  if (char === "-" && sql[at + 1] === "-") return { kind: "comment", end: endOfLine };
  if (char === "/" && sql[at + 1] === "*") return { kind: "comment", end: endOfBlockComment };
  if (char === "$" && !/[\w$]/.test(sql[at - 1] ?? "")) {
    const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 130))?.[0];
    if (tag) return { kind: "dollar", end: (text, start, line) => endOfDollar(tag, text, start, line) };
  }
  return undefined;
}

function endOfQuote(quote: string, what: string, sql: string, start: number, line: number): number {
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] === "\\" && sql[at + 1] === quote && quote === "'") {
      const place = line + sql.slice(start, at).split("\n").length - 1;
      throw new SqlSyntaxError(
        String.raw`\' in a string has two readings; write '' for a quote and \\ for a backslash`,
        place,
      );
    }
    if (sql[at] === "\\" && sql[at + 1] === "\\" && quote === "'") {
      at += 1;
    } else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  throw new SqlSyntaxError(`the ${what} that starts here has no end`, line);
}

function endOfLine(sql: string, start: number): number {
  const end = sql.indexOf("\n", start);
  return end < 0 ? sql.length : end;
}

function endOfBlockComment(sql: string, start: number, line: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at += 1) {
    const pair = sql.slice(at, at + 2);
    if (pair !== "/*" && pair !== "*/") continue;
    depth += pair === "/*" ? 1 : -1;
    at += 1;
    if (depth === 0) return at + 1;
  }
  throw new SqlSyntaxError("the comment that starts here has no end", line);
}

function endOfDollar(tag: string, sql: string, start: number, line: number): number {
  const end = sql.indexOf(tag, start + tag.length);
  if (end < 0) throw new SqlSyntaxError(`the ${tag} that starts here has no end`, line);
  return end + tag.length;
}
