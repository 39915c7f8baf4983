import { callOf, parseExpression } from "./parse-expression.ts";
import { parseType } from "./parse-type.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Expression } from "./tree.ts";

/** Functions whose arguments have words between them; `undefined` when none of them starts here. */
export function parseSpecialFunction(cursor: TokenCursor): Expression | undefined {
  if (cursor.peek().kind !== "word" || !cursor.isOperator("(", 1)) return undefined;
  const reader = readers[cursor.peek().value];
  if (reader === undefined) return undefined;
  const mark = cursor.mark();
  const at = cursor.take().start;
  cursor.expectOperator("(");
  const expression = reader(cursor, at);
  if (expression === undefined) cursor.rewind(mark);
  else cursor.expectOperator(")");
  return expression;
}

const readers: Readonly<Record<string, (cursor: TokenCursor, at: number) => Expression | undefined>> = {
  cast: (cursor, at) => readCast(cursor, at, false),
  try_cast: (cursor, at) => readCast(cursor, at, true),
  convert: readConvert,
  extract: readExtract,
  object_transform: readObjectTransform,
  position: readPosition,
  substring: readSubstring,
  trim: readTrim,
};

function readCast(cursor: TokenCursor, at: number, lenient: boolean): Expression {
  const operand = parseExpression(cursor);
  cursor.expectWords("as");
  return { kind: "cast", operand, type: parseType(cursor), lenient, at };
}

function readConvert(cursor: TokenCursor, at: number): Expression {
  const type = parseType(cursor);
  cursor.expectOperator(",");
  return { kind: "cast", operand: parseExpression(cursor), type, lenient: false, at };
}

function readExtract(cursor: TokenCursor, at: number): Expression {
  const field = cursor.peek().kind === "string" ? cursor.take().value : cursor.expectLabel().text;
  cursor.expectWords("from");
  return callOf("extract", [{ kind: "string", value: field, at }, parseExpression(cursor)], at);
}

/** `OBJECT_TRANSFORM(input [KEEP path, …] [SET path, value, …])`, as a call with the number of paths to keep before them. */
function readObjectTransform(cursor: TokenCursor, at: number): Expression {
  const input = parseExpression(cursor);
  const keep = cursor.acceptWords("keep") ? cursor.list(() => parseExpression(cursor)) : [];
  const set = cursor.acceptWords("set") ? cursor.list(() => parseExpression(cursor)) : [];
  if (set.length % 2 !== 0) throw cursor.unexpected();
  return callOf("object_transform", [input, { kind: "number", value: String(keep.length), at }, ...keep, ...set], at);
}

function readPosition(cursor: TokenCursor, at: number): Expression {
  const part = parseExpression(cursor, 5);
  cursor.expectWords("in");
  return callOf("strpos", [parseExpression(cursor), part], at);
}

function readSubstring(cursor: TokenCursor, at: number): Expression | undefined {
  const text = parseExpression(cursor);
  if (!cursor.acceptWords("from")) return undefined;
  const args = [text, parseExpression(cursor)];
  if (cursor.acceptWords("for")) args.push(parseExpression(cursor));
  return callOf("substring", args, at);
}

function readTrim(cursor: TokenCursor, at: number): Expression {
  const side = cursor.acceptOneOf("both", "leading", "trailing") ?? "both";
  const name = { both: "btrim", leading: "ltrim", trailing: "rtrim" }[side];
  if (cursor.acceptWords("from")) return callOf(name, [parseExpression(cursor)], at);
  const first = parseExpression(cursor);
  if (cursor.acceptWords("from")) return callOf(name, [parseExpression(cursor), first], at);
  return callOf(name, cursor.acceptOperator(",") ? [first, parseExpression(cursor)] : [first], at);
}
