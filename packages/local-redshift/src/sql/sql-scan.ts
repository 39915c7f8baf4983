/** A piece of SQL text that matters to the Data API itself, by its position. */
export interface SqlToken {
  readonly kind: "word" | "string" | "parameter" | "punctuation";
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Splits SQL into words, string literals, `:name` parameters and single punctuation marks. Comments, white space and quoted
 * identifiers give no token; a `::` cast is no parameter. Text that ends inside a literal or a comment gives a token to its end.
 */
export function* scanSql(sql: string): Generator<SqlToken> {
  let at = 0;
  while (at < sql.length) {
    const start = at;
    const character = sql.charAt(at);
    if (character === "'") {
      at = endOfQuoted(sql, at, "'");
      yield { kind: "string", start, end: at };
    } else if (character === '"') {
      at = endOfQuoted(sql, at, '"');
    } else if (sql.startsWith("--", at)) {
      const line = sql.indexOf("\n", at);
      at = line < 0 ? sql.length : line + 1;
    } else if (sql.startsWith("/*", at)) {
      at = endOfComment(sql, at);
    } else if (character === "$" && dollarTag(sql, at)) {
      const tag = dollarTag(sql, at) ?? "$$";
      const close = sql.indexOf(tag, at + tag.length);
      at = close < 0 ? sql.length : close + tag.length;
      yield { kind: "string", start, end: at };
    } else if (sql.startsWith("::", at)) {
      at += 2;
    } else if (character === ":" && isWordCharacter(sql.charCodeAt(at + 1))) {
      at = endOfWord(sql, at + 1);
      yield { kind: "parameter", start, end: at };
    } else if (isWordCharacter(sql.charCodeAt(at))) {
      at = endOfWord(sql, at);
      yield { kind: "word", start, end: at };
    } else {
      at += 1;
      if (character.trim() !== "") yield { kind: "punctuation", start, end: at };
    }
  }
}

function endOfQuoted(sql: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < sql.length) {
    const character = sql.charAt(at);
    if (character === "\\" && quote === "'") at += 2;
    else if (character !== quote) at += 1;
    else if (sql.charAt(at + 1) === quote) at += 2;
    else return at + 1;
  }
  return sql.length;
}

function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith("/*", at)) {
      depth += 1;
      at += 1;
    } else if (sql.startsWith("*/", at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  return sql.length;
}

function dollarTag(sql: string, start: number): string | undefined {
  const end = endOfWord(sql, start + 1);
  return sql.charAt(end) === "$" ? sql.slice(start, end + 1) : undefined;
}

function endOfWord(sql: string, start: number): number {
  let at = start;
  while (isWordCharacter(sql.charCodeAt(at))) at += 1;
  return at;
}

function isWordCharacter(code: number): boolean {
  const isDigit = code >= 48 && code <= 57;
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isDigit || isLetter || code === 95 || code > 127;
}
