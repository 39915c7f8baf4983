import { parseExpression, parseOrderBy } from "./parse-expression.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { FrameBound, WindowFrame, WindowNode } from "./tree.ts";

/** Reads what follows OVER. */
export function parseWindow(cursor: TokenCursor): WindowNode {
  return cursor.inParentheses(() => {
    const partitionBy = cursor.acceptWords("partition", "by") ? cursor.list(() => parseExpression(cursor)) : [];
    const orderBy = parseOrderBy(cursor);
    const unit = cursor.acceptOneOf("rows", "range");
    return { partitionBy, orderBy, frame: unit === undefined ? undefined : parseFrame(cursor, unit) };
  });
}

function parseFrame(cursor: TokenCursor, unit: "rows" | "range"): WindowFrame {
  if (!cursor.acceptWords("between")) return { unit, start: parseBound(cursor), end: undefined };
  const start = parseBound(cursor);
  cursor.expectWords("and");
  return { unit, start, end: parseBound(cursor) };
}

function parseBound(cursor: TokenCursor): FrameBound {
  if (cursor.acceptWords("current", "row")) return { kind: "current row" };
  if (cursor.acceptWords("unbounded"))
    return {
      kind:
        cursor.expectOneOf("preceding", "following") === "preceding" ? "unbounded preceding" : "unbounded following",
    };
  const offset = parseExpression(cursor);
  return { kind: cursor.expectOneOf("preceding", "following"), offset };
}
