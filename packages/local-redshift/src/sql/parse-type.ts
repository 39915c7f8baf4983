import type { TokenCursor } from "./token-cursor.ts";
import type { TypeNode } from "./tree.ts";

/** Reads a type name with its modifiers, also the names of several words. */
export function parseType(cursor: TokenCursor): TypeNode {
  const at = cursor.peek().start;
  const name = readTypeName(cursor);
  const modifiers: (number | "max")[] = cursor.isOperator("(")
    ? cursor.inParentheses(() =>
        cursor.list(() => (cursor.acceptWords("max") ? ("max" as const) : cursor.expectInteger())),
      )
    : [];
  return { name: name.startsWith("time") ? withZone(cursor, name) : name, modifiers, at };
}

function readTypeName(cursor: TokenCursor): string {
  const first = cursor.expectLabel().text.toLowerCase();
  if (first === "double") {
    cursor.expectWords("precision");
    return "double precision";
  }
  if ((first === "character" || first === "char" || first === "binary") && cursor.acceptWords("varying"))
    return first === "binary" ? "varbyte" : "character varying";
  if (first === "national") {
    cursor.expectOneOf("character", "char");
    return cursor.acceptWords("varying") ? "character varying" : "character";
  }
  return first;
}

function withZone(cursor: TokenCursor, name: string): string {
  if (cursor.acceptWords("with", "time", "zone")) return name === "time" ? "timetz" : "timestamptz";
  cursor.acceptWords("without", "time", "zone");
  return name;
}
