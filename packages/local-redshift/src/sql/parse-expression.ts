import { parseQuery } from "./parse-query.ts";
import { parseSpecialFunction } from "./parse-special-function.ts";
import { parseType } from "./parse-type.ts";
import { parseWindow } from "./parse-window.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Expression, NamePart, SortItem, Step } from "./tree.ts";

/** How tightly operators bind, as in PostgreSQL 8's grammar, which Redshift follows: `IS` more tightly than comparisons. */
const precedence = {
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  membership: 5,
  other: 6,
  is: 7,
  additive: 8,
  multiplicative: 9,
  power: 10,
  zone: 11,
  sign: 12,
} as const;

const binaryOperators: Readonly<Record<string, number>> = {
  "=": precedence.comparison,
  "<>": precedence.comparison,
  "!=": precedence.comparison,
  "<": precedence.comparison,
  ">": precedence.comparison,
  "<=": precedence.comparison,
  ">=": precedence.comparison,
  "||": precedence.other,
  "~": precedence.other,
  "~*": precedence.other,
  "!~": precedence.other,
  "!~*": precedence.other,
  "&": precedence.other,
  "|": precedence.other,
  "#": precedence.other,
  "<<": precedence.other,
  ">>": precedence.other,
  "+": precedence.additive,
  "-": precedence.additive,
  "*": precedence.multiplicative,
  "/": precedence.multiplicative,
  "%": precedence.multiplicative,
  "^": precedence.power,
};

/** Functions that are called without parentheses. */
export const bareFunctions: ReadonlySet<string> = new Set([
  "current_date",
  "current_time",
  "current_timestamp",
  "current_user",
  "current_user_id",
  "localtime",
  "localtimestamp",
  "session_user",
  "sysdate",
  "user",
]);

/** Reserved words that are also functions. */
const callableWords: ReadonlySet<string> = new Set(["collate", "left", "right"]);

/** Types that may stand before a string: `date '2024-01-01'`. */
const literalTypes: ReadonlySet<string> = new Set(["date", "time", "timetz", "timestamp", "timestamptz"]);

/** Reads one expression. */
export function parseExpression(cursor: TokenCursor, least = 0): Expression {
  let left = parsePrefix(cursor, least);
  for (;;) {
    const next = parseInfix(cursor, left, least);
    if (next === undefined) return left;
    left = next;
  }
}

function parsePrefix(cursor: TokenCursor, least: number): Expression {
  const at = cursor.peek().start;
  if (least <= precedence.not && cursor.acceptWords("not"))
    return { kind: "unary", operator: "not", operand: parseExpression(cursor, precedence.not), at };
  for (const operator of ["-", "+", "~", "@"])
    if (cursor.acceptOperator(operator))
      return { kind: "unary", operator, operand: parseExpression(cursor, precedence.sign), at };
  if (cursor.acceptPrior())
    return { kind: "unary", operator: "prior", operand: parsePostfix(cursor, parsePrimary(cursor)), at };
  return parsePostfix(cursor, parsePrimary(cursor));
}

function parseInfix(cursor: TokenCursor, left: Expression, least: number): Expression | undefined {
  const token = cursor.peek();
  if (token.kind === "operator") {
    const binding = binaryOperators[token.value];
    if (binding === undefined || binding <= least) return undefined;
    cursor.take();
    const quantifier = binding === precedence.comparison ? cursor.acceptOneOf("any", "all", "some") : undefined;
    if (quantifier !== undefined) return parseQuantified(cursor, left, token.value, quantifier, token.start);
    const right = parseExpression(cursor, binding);
    return { kind: "binary", operator: token.value === "!=" ? "<>" : token.value, left, right, at: token.start };
  }
  if (token.kind !== "word") return undefined;
  return parseWordInfix(cursor, left, least);
}

function parseQuantified(
  cursor: TokenCursor,
  operand: Expression,
  operator: string,
  quantifier: "any" | "all" | "some",
  at: number,
): Expression {
  const query = cursor.inParentheses(() => parseQuery(cursor));
  return { kind: "quantified", operator, quantifier: quantifier === "all" ? "all" : "any", operand, query, at };
}

function parseWordInfix(cursor: TokenCursor, left: Expression, least: number): Expression | undefined {
  const at = cursor.peek().start;
  const word = cursor.peek().value;
  if ((word === "or" || word === "and") && precedence[word] > least) {
    cursor.take();
    return { kind: "binary", operator: word, left, right: parseExpression(cursor, precedence[word]), at };
  }
  if (precedence.is > least) {
    if (word === "is") return parseIs(cursor, left);
    if (cursor.acceptWords("isnull")) return { kind: "is", operand: left, test: "null", negated: false, at };
    if (cursor.acceptWords("notnull")) return { kind: "is", operand: left, test: "null", negated: true, at };
  }
  if (precedence.zone > least && cursor.acceptWords("at", "time", "zone"))
    return { kind: "at-time-zone", operand: left, zone: parseExpression(cursor, precedence.zone), at };
  return precedence.membership > least ? parseMembership(cursor, left) : undefined;
}

function parseIs(cursor: TokenCursor, operand: Expression): Expression {
  const at = cursor.take().start;
  const negated = cursor.acceptWords("not");
  const test = cursor.expectOneOf("null", "true", "false", "unknown");
  return { kind: "is", operand, test, negated, at };
}

function parseMembership(cursor: TokenCursor, operand: Expression): Expression | undefined {
  const mark = cursor.mark();
  const at = cursor.peek().start;
  const negated = cursor.acceptWords("not");
  if (cursor.acceptWords("in")) {
    const list = cursor.inParentheses(() =>
      startsQuery(cursor) ? parseQuery(cursor) : cursor.list(() => parseExpression(cursor)),
    );
    return { kind: "in", operand, list, negated, at };
  }
  if (cursor.acceptWords("between")) {
    cursor.acceptWords("asymmetric");
    const low = parseExpression(cursor, precedence.membership);
    cursor.expectWords("and");
    const high = parseExpression(cursor, precedence.membership);
    return { kind: "between", operand, low, high, negated, at };
  }
  const operator = cursor.acceptOneOf("like", "ilike", "similar");
  if (operator !== undefined) {
    if (operator === "similar") cursor.expectWords("to");
    const pattern = parseExpression(cursor, precedence.membership);
    const escape = cursor.acceptWords("escape") ? parseExpression(cursor, precedence.membership) : undefined;
    return { kind: "like", operator, operand, pattern, escape, negated, at };
  }
  cursor.rewind(mark);
  return undefined;
}

function parsePostfix(cursor: TokenCursor, primary: Expression): Expression {
  let target = primary;
  for (;;) {
    const at = cursor.peek().start;
    if (cursor.acceptOperator("::")) {
      target = { kind: "cast", operand: target, type: parseType(cursor), lenient: false, at };
    } else if (cursor.isOperator("[") || (cursor.isOperator(".") && target.kind !== "number")) {
      target = { kind: "navigate", target, steps: parseSteps(cursor), at };
    } else {
      return target;
    }
  }
}

/** `.name` and `[index]`, as many as follow. */
export function parseSteps(cursor: TokenCursor): Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (cursor.acceptOperator("[")) {
      steps.push({ index: parseExpression(cursor) });
      cursor.expectOperator("]");
    } else if (cursor.acceptOperator(".")) {
      steps.push({ field: cursor.expectLabel() });
    } else {
      return steps;
    }
  }
}

function parsePrimary(cursor: TokenCursor): Expression {
  const token = cursor.peek();
  const at = token.start;
  switch (token.kind) {
    case "string":
      return { kind: "string", value: takeStrings(cursor), at };
    case "dollar-string":
      return { kind: "string", value: cursor.take().value, at };
    case "position":
      return { kind: "name", parts: [{ text: cursor.take().value, quoted: false, at }], at };
    case "number":
      return { kind: "number", value: cursor.take().value, at };
    case "parameter":
      return { kind: "parameter", name: cursor.take().value, at };
    case "operator":
      if (cursor.acceptOperator("*")) return { kind: "star", qualifier: [], at };
      return parseParenthesized(cursor);
    case "quoted":
      return parseNameOrCall(cursor);
    case "word":
      return parseWord(cursor);
    case "end":
      throw cursor.unexpected();
  }
}

/** Strings with only a line break between are one string. */
function takeStrings(cursor: TokenCursor): string {
  let value = cursor.take().value;
  while (cursor.peek().kind === "string" && cursor.sql.slice(cursor.lastEnd, cursor.peek().start).includes("\n"))
    value += cursor.take().value;
  return value;
}

function parseParenthesized(cursor: TokenCursor): Expression {
  const at = cursor.peek().start;
  if (!cursor.isOperator("(")) throw cursor.unexpected();
  return cursor.inParentheses(() => {
    if (startsQuery(cursor)) return { kind: "subquery", query: parseQuery(cursor), at };
    const items = cursor.list(() => parseExpression(cursor));
    return items.length === 1 ? items[0]! : { kind: "row", items, at };
  });
}

/** Whether a query starts here, also within further parentheses. */
export function startsQuery(cursor: TokenCursor): boolean {
  let ahead = 0;
  while (cursor.isOperator("(", ahead)) ahead += 1;
  const token = cursor.peek(ahead);
  return token.kind === "word" && (token.value === "select" || token.value === "with" || token.value === "values");
}

function parseWord(cursor: TokenCursor): Expression {
  const token = cursor.peek();
  const at = token.start;
  const called = cursor.isOperator("(", 1);
  switch (token.value) {
    case "null":
      cursor.take();
      return { kind: "null", at };
    case "true":
    case "false":
      cursor.take();
      return { kind: "boolean", value: token.value === "true", at };
    case "case":
      return parseCase(cursor);
    case "exists":
      if (!called) break;
      cursor.take();
      return { kind: "exists", query: cursor.inParentheses(() => parseQuery(cursor)), at };
    case "interval":
      cursor.take();
      return parseInterval(cursor, at);
    case "approximate":
      if (cursor.peek(1).kind !== "word") break;
      cursor.take();
      return { ...expectFunction(cursor, parseNameOrCall(cursor)), approximate: true };
  }
  if (bareFunctions.has(token.value) && !called) return bareFunction(cursor.take().value, at);
  if (literalTypes.has(token.value) && startsTypedLiteral(cursor)) {
    const type = parseType(cursor);
    const value = cursor.peek().start;
    return {
      kind: "cast",
      operand: { kind: "string", value: cursor.expectString(), at: value },
      type,
      lenient: false,
      at,
    };
  }
  return parseSpecialFunction(cursor) ?? parseNameOrCall(cursor);
}

function startsTypedLiteral(cursor: TokenCursor): boolean {
  const next = cursor.peek(1);
  if (next.kind === "string") return true;
  return next.kind === "word" && (next.value === "with" || next.value === "without") && cursor.peek(2).value === "time";
}

const bareFunction = (name: string, at: number): Expression => ({
  ...plainCall,
  name: [{ text: name, quoted: false, at }],
  at,
});

const plainCall = {
  kind: "function",
  args: [],
  star: false,
  distinct: false,
  approximate: false,
  withinGroup: [],
  ignoreNulls: false,
  over: undefined,
} as const;

/** A call of `name` with `args`, as the parser makes for the functions with a syntax of their own. */
export function callOf(name: string, args: readonly Expression[], at: number): Expression {
  return { ...plainCall, name: [{ text: name, quoted: false, at }], args, at };
}

function expectFunction(cursor: TokenCursor, expression: Expression): Extract<Expression, { kind: "function" }> {
  if (expression.kind !== "function") throw cursor.unexpected();
  return expression;
}

function parseCase(cursor: TokenCursor): Expression {
  const at = cursor.take().start;
  const operand = cursor.isWord("when") ? undefined : parseExpression(cursor);
  const whens: { when: Expression; then: Expression }[] = [];
  while (cursor.acceptWords("when")) {
    const when = parseExpression(cursor);
    cursor.expectWords("then");
    whens.push({ when, then: parseExpression(cursor) });
  }
  if (whens.length === 0) throw cursor.unexpected();
  const otherwise = cursor.acceptWords("else") ? parseExpression(cursor) : undefined;
  cursor.expectWords("end");
  return { kind: "case", operand, whens, otherwise, at };
}

const intervalUnits = ["year", "month", "day", "hour", "minute", "second"] as const;

function parseInterval(cursor: TokenCursor, at: number): Expression {
  const value = cursor.expectString();
  const unit = cursor.acceptOneOf(...intervalUnits);
  if (unit !== undefined && cursor.acceptWords("to")) cursor.expectOneOf(...intervalUnits);
  return { kind: "interval", value, unit, at };
}

function parseNameOrCall(cursor: TokenCursor): Expression {
  const at = cursor.peek().start;
  const first = cursor.peek();
  const callable = first.kind === "word" && callableWords.has(first.value);
  // Catalogue tables have a column OID, which is read without quotes though the word is reserved.
  const anyWord = (callable && cursor.isOperator("(", 1)) || cursor.isWord("oid");
  const parts: NamePart[] = [anyWord ? cursor.expectLabel() : cursor.expectName()];
  while (cursor.isOperator(".")) {
    cursor.take();
    if (cursor.acceptOperator("*")) return { kind: "star", qualifier: parts, at };
    parts.push(cursor.expectLabel());
  }
  return cursor.isOperator("(") ? parseCall(cursor, parts, at) : { kind: "name", parts, at };
}

function parseCall(cursor: TokenCursor, name: readonly NamePart[], at: number): Expression {
  cursor.expectOperator("(");
  const star = cursor.isOperator("*") && cursor.isOperator(")", 1) && cursor.acceptOperator("*");
  const distinct = !star && cursor.acceptWords("distinct");
  if (!star) cursor.acceptWords("all");
  const args = star || cursor.isOperator(")") ? [] : cursor.list(() => parseExpression(cursor));
  const nullsInside = acceptIgnoreNulls(cursor);
  cursor.expectOperator(")");
  const withinGroup: readonly SortItem[] = cursor.acceptWords("within", "group")
    ? cursor.inParentheses(() => parseOrderBy(cursor))
    : [];
  const ignoreNulls = acceptIgnoreNulls(cursor) || nullsInside;
  const over = cursor.acceptWords("over") ? parseWindow(cursor) : undefined;
  return { kind: "function", name, args, star, distinct, approximate: false, withinGroup, ignoreNulls, over, at };
}

function acceptIgnoreNulls(cursor: TokenCursor): boolean {
  if (cursor.acceptWords("respect", "nulls")) return false;
  return cursor.acceptWords("ignore", "nulls");
}

/** `ORDER BY a [ASC|DESC] [NULLS FIRST|LAST], …`; empty when there is none. */
export function parseOrderBy(cursor: TokenCursor): SortItem[] {
  if (!cursor.acceptWords("order", "by")) return [];
  return cursor.list(() => {
    const expression = parseExpression(cursor);
    const descending = cursor.acceptOneOf("asc", "desc") === "desc";
    const nulls = cursor.acceptWords("nulls") ? cursor.expectOneOf("first", "last") : undefined;
    return { expression, descending, nulls };
  });
}
