import { SqlError } from "./sql-error.ts";

/** What a piece of SQL text is. `end` is the one token after the last. */
export type TokenKind =
  "word" | "quoted" | "string" | "dollar-string" | "number" | "parameter" | "position" | "operator" | "end";

/** A piece of SQL text; `start` and `end` are offsets into the statement. */
export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Words in lower case, quoted names and strings without their quotes, parameters without the colon, positions (`$1`) whole. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Longest first, so that the first that fits is the right one. */
const operators = [
  "!~~*",
  "!~*",
  "!~~",
  "~~*",
  "::",
  "<=",
  ">=",
  "<>",
  "!=",
  "||",
  "<<",
  ">>",
  "~*",
  "!~",
  "~~",
  "|/",
  ":=",
  "..",
  ..."+-*/%^&|#<>=~@!?()[],.;:",
];

/**
 * Splits a statement into tokens, leaving out blanks and comments (`--` to the end of the line, nested block comments).
 * Throws SqlError for text that ends inside a string, a quoted name or a comment.
 */
export function tokenize(sql: string): Token[] {
  if (sql.includes("\u0000"))
    throw new SqlError('invalid byte sequence for encoding "UTF8": 0x00', { sqlState: "22021" });
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = skipBlanks(sql, at);
    if (at >= sql.length) break;
    const token = readToken(sql, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", value: "", start: sql.length, end: sql.length });
  return tokens;
}

function readToken(sql: string, start: number): Token {
  const first = sql[start]!;
  if (first === "'") return readString(sql, start, start);
  if ((first === "E" || first === "e") && sql[start + 1] === "'") return readString(sql, start, start + 1);
  if (first === '"') return readQuoted(sql, start);
  if (first === "$") return readDollar(sql, start);
  if (isWordStart(first)) {
    const end = endOf(sql, start + 1, isWordPart);
    const text = sql.slice(start, end);
    return { kind: "word", text, value: text.toLowerCase(), start, end };
  }
  if (isDigit(first) || (first === "." && isDigit(sql[start + 1]))) return readNumber(sql, start);
  if (first === ":" && isParameterPart(sql[start + 1]) && sql[start + 1] !== ":") {
    const end = endOf(sql, start + 1, isParameterPart);
    return { kind: "parameter", text: sql.slice(start, end), value: sql.slice(start + 1, end), start, end };
  }
  const operator = operators.find((candidate) => sql.startsWith(candidate, start));
  if (operator === undefined) throw syntaxErrorAt(first, start);
  return { kind: "operator", text: operator, value: operator, start, end: start + operator.length };
}

/**
 * Backslashes escape, as in PostgreSQL 8 before `standard_conforming_strings`: Redshift's own pages write `'\\d'` and
 * `like '%start\\_%'` for one backslash (INFER from those samples).
 */
function readString(sql: string, start: number, quote: number): Token {
  let value = "";
  let at = quote + 1;
  for (;;) {
    const char = sql[at];
    if (char === undefined)
      throw new SqlError(`unterminated quoted string at or near "${sql.slice(start)}"`, {
        sqlState: "42601",
        position: start + 1,
      });
    if (char === "'") {
      if (sql[at + 1] !== "'") break;
      value += "'";
      at += 2;
    } else if (char === "\\") {
      const escape = readEscape(sql, at + 1);
      value += escape.value;
      at = escape.end;
    } else {
      value += char;
      at += 1;
    }
  }
  return { kind: "string", text: sql.slice(start, at + 1), value, start, end: at + 1 };
}

const namedEscapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function readEscape(sql: string, at: number): { value: string; end: number } {
  const char = sql[at];
  if (char === undefined) return { value: "", end: at };
  if (char >= "0" && char <= "7") {
    const end = Math.min(
      endOf(sql, at, (part) => part >= "0" && part <= "7"),
      at + 3,
    );
    return { value: String.fromCharCode(Number.parseInt(sql.slice(at, end), 8) & 255), end };
  }
  return { value: namedEscapes[char] ?? char, end: at + 1 };
}

function readQuoted(sql: string, start: number): Token {
  let value = "";
  let at = start + 1;
  for (;;) {
    const char = sql[at];
    if (char === undefined)
      throw new SqlError(`unterminated quoted identifier at or near "${sql.slice(start)}"`, {
        sqlState: "42601",
        position: start + 1,
      });
    if (char === '"') {
      if (sql[at + 1] !== '"') break;
      at += 1;
    }
    value += char;
    at += 1;
  }
  if (value === "")
    throw new SqlError(`zero-length delimited identifier at or near """"`, { sqlState: "42601", position: start + 1 });
  return { kind: "quoted", text: sql.slice(start, at + 1), value, start, end: at + 1 };
}

/** `$$ text $$`, `$tag$ text $tag$`, taken as it stands; or the place of an argument, `$1`. */
function readDollar(sql: string, start: number): Token {
  if (isDigit(sql[start + 1])) {
    const end = endOf(sql, start + 1, isDigit);
    return { kind: "position", text: sql.slice(start, end), value: sql.slice(start, end), start, end };
  }
  const tagEnd = endOf(sql, start + 1, (char) => isWordStart(char) || isDigit(char));
  if (sql[tagEnd] !== "$") throw syntaxErrorAt("$", start);
  const tag = sql.slice(start, tagEnd + 1);
  const close = sql.indexOf(tag, tagEnd + 1);
  if (close < 0)
    throw new SqlError(`unterminated dollar-quoted string at or near "${sql.slice(start)}"`, {
      sqlState: "42601",
      position: start + 1,
    });
  const end = close + tag.length;
  return { kind: "dollar-string", text: sql.slice(start, end), value: sql.slice(tagEnd + 1, close), start, end };
}

function readNumber(sql: string, start: number): Token {
  let end = endOf(sql, start, isDigit);
  if (sql[end] === "." && sql[end + 1] !== ".") end = endOf(sql, end + 1, isDigit);
  if (sql[end] === "e" || sql[end] === "E") {
    const digits = sql[end + 1] === "+" || sql[end + 1] === "-" ? end + 2 : end + 1;
    if (isDigit(sql[digits])) end = endOf(sql, digits, isDigit);
  }
  const text = sql.slice(start, end);
  return { kind: "number", text, value: text, start, end };
}

function skipBlanks(sql: string, from: number): number {
  let at = from;
  for (;;) {
    at = endOf(sql, at, isBlank);
    if (sql.startsWith("--", at)) {
      const line = sql.indexOf("\n", at);
      at = line < 0 ? sql.length : line + 1;
    } else if (sql.startsWith("/*", at)) {
      at = skipComment(sql, at);
    } else {
      return at;
    }
  }
}

function skipComment(sql: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    if (sql.startsWith("/*", at)) {
      depth += 1;
      at += 2;
    } else if (sql.startsWith("*/", at)) {
      depth -= 1;
      at += 2;
    } else if (at >= sql.length) {
      throw new SqlError(`unterminated /* comment at or near "${sql.slice(start)}"`, {
        sqlState: "42601",
        position: start + 1,
      });
    } else {
      at += 1;
    }
  } while (depth > 0);
  return at;
}

/** The error of a token that cannot stand where it stands; the end of the text has a wording of its own. */
export function syntaxErrorAt(text: string, start: number): SqlError {
  const place = text === "" ? "at end of input" : `at or near "${text}"`;
  return new SqlError(`syntax error ${place}`, { sqlState: "42601", position: start + 1 });
}

function endOf(sql: string, from: number, belongs: (char: string) => boolean): number {
  let at = from;
  while (at < sql.length && belongs(sql[at]!)) at += 1;
  return at;
}

const isBlank = (char: string) => char === " " || char === "\n" || char === "\t" || char === "\r" || char === "\f";
const isDigit = (char: string | undefined) => char !== undefined && char >= "0" && char <= "9";
const isWordStart = (char: string) =>
  (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_" || char >= "\u0080";
const isWordPart = (char: string) => isWordStart(char) || isDigit(char) || char === "$";
/** The Data API's parameter names are `[0-9a-zA-Z_]+`. */
const isParameterPart = (char: string | undefined) =>
  char !== undefined && (isDigit(char) || (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_");
