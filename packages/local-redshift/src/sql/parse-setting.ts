import type { TokenCursor } from "./token-cursor.ts";
import { parsePrincipalName } from "./parse-principal.ts";
import type { NamePart, Statement } from "./tree.ts";

/** Reads SET, from the word after it: `SET [SESSION|LOCAL] name {TO|=} {value|DEFAULT}`. */
export function parseSet(cursor: TokenCursor): Statement {
  if (cursor.acceptWords("session", "authorization")) return parseAuthorization(cursor, false);
  if (cursor.acceptWords("local", "session", "authorization")) return parseAuthorization(cursor, true);
  const local = cursor.acceptOneOf("session", "local") === "local";
  if (cursor.acceptWords("time", "zone"))
    return { kind: "set", name: "timezone", value: parseSettingValue(cursor), local };
  const name = parseSettingName(cursor);
  if (!cursor.acceptOperator("=")) cursor.expectWords("to");
  return { kind: "set", name, value: parseSettingValue(cursor), local };
}

/** The user is written as a name or as a string; DEFAULT is the one that logged in. */
function parseAuthorization(cursor: TokenCursor, local: boolean): Statement {
  if (cursor.acceptWords("default")) return { kind: "set-session-authorization", user: undefined, local };
  const at = cursor.peek().start;
  const user: NamePart =
    cursor.peek().kind === "string" ? { text: cursor.expectString(), quoted: true, at } : parsePrincipalName(cursor);
  return { kind: "set-session-authorization", user, local };
}

/** Reads RESET, from the word after it. */
export function parseReset(cursor: TokenCursor): Statement {
  if (cursor.acceptWords("session", "authorization"))
    return { kind: "set-session-authorization", user: undefined, local: false };
  return { kind: "reset", name: cursor.acceptWords("all") ? "all" : parseSettingName(cursor) };
}

/** The name of a setting, or of a context variable with its prefix. */
export function parseSettingName(cursor: TokenCursor): string {
  let name = cursor.expectLabel().text.toLowerCase();
  while (cursor.acceptOperator(".")) name += `.${cursor.expectLabel().text.toLowerCase()}`;
  return name;
}

/** The value that a setting is given. `undefined` is DEFAULT; several values keep their commas. */
export function parseSettingValue(cursor: TokenCursor): string | undefined {
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
