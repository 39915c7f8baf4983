import { parseExpression, parseSteps, startsQuery } from "./parse-expression.ts";
import { parsePivot } from "./parse-pivot.ts";
import { parseQuery } from "./parse-query.ts";
import { parseType } from "./parse-type.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { FromItem, NamePart } from "./tree.ts";

/** Words that go on with FROM or the query, and so are no alias though they are not reserved. */
export const joinWords: ReadonlySet<string> = new Set(["connect", "qualify", "set", "start"]);

/** Reads one item of FROM with the joins that follow it. */
export function parseFromItem(cursor: TokenCursor): FromItem {
  let left = parseSource(cursor);
  for (;;) {
    const next = parseJoin(cursor, left);
    if (next === undefined) return left;
    left = next;
  }
}

function parseJoin(cursor: TokenCursor, left: FromItem): FromItem | undefined {
  const at = cursor.peek().start;
  if (cursor.acceptWords("cross", "join"))
    return { ...joinOf("cross", left, parseSource(cursor), at), natural: false, on: undefined, using: [] };
  const mark = cursor.mark();
  const natural = cursor.acceptWords("natural");
  const word = cursor.acceptOneOf("inner", "left", "right", "full");
  if (word !== undefined && word !== "inner") cursor.acceptWords("outer");
  if (!cursor.acceptWords("join")) {
    if (natural || word !== undefined) throw cursor.unexpected();
    cursor.rewind(mark);
    return undefined;
  }
  const right = parseSource(cursor);
  const join = joinOf(word ?? "inner", left, right, at);
  if (natural) return { ...join, natural, on: undefined, using: [] };
  if (cursor.acceptWords("using")) {
    const using = cursor.inParentheses(() => cursor.list(() => cursor.expectName()));
    return { ...join, natural, on: undefined, using };
  }
  cursor.expectWords("on");
  return { ...join, natural, on: parseExpression(cursor), using: [] };
}

const joinOf = (type: "inner" | "left" | "right" | "full" | "cross", left: FromItem, right: FromItem, at: number) =>
  ({ kind: "join", type, left, right, at }) as const;

/** Reads one relation, subquery or unnesting, with PIVOT and UNPIVOT after it, without joins. */
export function parseSource(cursor: TokenCursor): FromItem {
  let source = parsePlainSource(cursor);
  for (;;) {
    const rotated = parsePivot(cursor, source);
    if (rotated === undefined) return source;
    source = rotated;
  }
}

function parsePlainSource(cursor: TokenCursor): FromItem {
  const at = cursor.peek().start;
  if (cursor.isOperator("(")) return parseParenthesized(cursor, at);
  if (cursor.isWord("unpivot")) return parseUnpivot(cursor, at);
  if (cursor.isWord("unnest") && cursor.isOperator("(", 1)) return parseUnnest(cursor, at);
  const name = [cursor.expectName()];
  while (cursor.isOperator(".")) {
    cursor.take();
    name.push(cursor.expectLabel());
  }
  if (cursor.isOperator("(")) return parseFunctionRows(cursor, name, at);
  const steps = parseSteps(cursor);
  const alias = parseAlias(cursor);
  const columnAliases = parseColumnAliases(cursor, alias);
  const index = cursor.acceptWords("at") ? cursor.expectName() : undefined;
  return { kind: "relation", name, steps, alias, columnAliases, index, at };
}

function parseFunctionRows(cursor: TokenCursor, name: readonly NamePart[], at: number): FromItem {
  const args = cursor.inParentheses(() => (cursor.isOperator(")") ? [] : cursor.list(() => parseExpression(cursor))));
  const alias = parseAlias(cursor);
  const column = () => {
    const columnName = cursor.expectName();
    const isTyped = !cursor.isOperator(",") && !cursor.isOperator(")");
    return { name: columnName, type: isTyped ? parseType(cursor) : undefined };
  };
  const columns = cursor.isOperator("(") ? cursor.inParentheses(() => cursor.list(column)) : [];
  return { kind: "function-rows", name, args, alias, columns, at };
}

function parseParenthesized(cursor: TokenCursor, at: number): FromItem {
  if (!startsQuery(cursor)) return cursor.inParentheses(() => parseFromItem(cursor));
  const query = cursor.inParentheses(() => parseQuery(cursor));
  const alias = parseAlias(cursor);
  return { kind: "derived", query, alias, columnAliases: parseColumnAliases(cursor, alias), at };
}

function parseUnpivot(cursor: TokenCursor, at: number): FromItem {
  cursor.take();
  const operand = parseExpression(cursor);
  cursor.acceptWords("as");
  const alias = cursor.expectName();
  const key = cursor.acceptWords("at") ? cursor.expectName() : undefined;
  return { kind: "unpivot", operand, alias, key, at };
}

function parseUnnest(cursor: TokenCursor, at: number): FromItem {
  cursor.take();
  const operand = cursor.inParentheses(() => parseExpression(cursor));
  const withOffset = cursor.acceptWords("with", "offset");
  const alias = parseAlias(cursor);
  return { kind: "unnest", operand, withOffset, alias, columnAliases: parseColumnAliases(cursor, alias), at };
}

/** `[AS] alias` of what is in FROM. */
export function parseAlias(cursor: TokenCursor): NamePart | undefined {
  if (cursor.acceptWords("as")) return cursor.expectName();
  return joinWords.has(cursor.peek().value) && cursor.peek().kind === "word" ? undefined : cursor.acceptName();
}

/** `(a, b)` after an alias. */
export function parseColumnAliases(cursor: TokenCursor, alias: NamePart | undefined): NamePart[] {
  if (alias === undefined || !cursor.isOperator("(")) return [];
  return cursor.inParentheses(() => cursor.list(() => cursor.expectName()));
}
