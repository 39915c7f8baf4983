import type { TokenCursor } from "./token-cursor.ts";
import type { Statement } from "./tree.ts";

/** Reads SET, from the word after it: `SET [SESSION|LOCAL] name {TO|=} {value|DEFAULT}`. */
export function parseSet(cursor: TokenCursor): Statement {
  const local = cursor.acceptOneOf("session", "local") === "local";
  if (cursor.acceptWords("time", "zone")) return { kind: "set", name: "timezone", value: readValue(cursor), local };
  const name = readName(cursor);
  if (!cursor.acceptOperator("=")) cursor.expectWords("to");
  return { kind: "set", name, value: readValue(cursor), local };
}

/** Reads SHOW, from the word after it. */
export function parseShow(cursor: TokenCursor): Statement {
  return { kind: "show", name: cursor.acceptWords("all") ? "all" : readName(cursor) };
}

function readName(cursor: TokenCursor): string {
  let name = cursor.expectLabel().text.toLowerCase();
  while (cursor.acceptOperator(".")) name += `.${cursor.expectLabel().text.toLowerCase()}`;
  return name;
}

/** `undefined` is DEFAULT; several values keep their commas. */
function readValue(cursor: TokenCursor): string | undefined {
  if (cursor.acceptWords("default")) return undefined;
  return cursor
    .list(() => {
      const sign = cursor.acceptOperator("-") ? "-" : "";
      const token = cursor.peek();
      if (token.kind === "operator" || token.kind === "end") {
        if (!cursor.acceptOperator("$")) throw cursor.unexpected();
      }
      const taken = cursor.take();
      return sign + (taken.kind === "word" ? taken.text : taken.value);
    })
    .join(", ");
}
