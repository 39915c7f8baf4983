import { parsePrincipalName } from "./parse-principal.ts";
import { parseSettingName } from "./parse-setting.ts";
import { skipRest } from "./parse-statement.ts";
import { parseArguments, parseShowProcedure } from "./procedures/parse-procedure.ts";
import { SqlError } from "./sql-error.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Statement } from "./tree.ts";
import type { ShowStatement } from "./tree-show.ts";

/** What SHOW shows on Redshift and not here. */
const notBuilt = [
  ...["constraints", "datashares", "external", "functions", "model", "parameters", "policies", "procedures"],
  ...["template", "templates"],
] as const;

/** Reads SHOW, from the word after it: a setting, or objects of the database. */
export function parseShow(cursor: TokenCursor): Statement {
  if (cursor.acceptWords("procedure")) return parseShowProcedure(cursor);
  if (cursor.acceptWords("databases")) return parseShowDatabases(cursor);
  if (cursor.acceptWords("grants")) return parseShowGrants(cursor);
  const objects = cursor.acceptOneOf("schemas", "tables", "columns");
  if (objects !== undefined) {
    cursor.expectWords("from", { schemas: "database", tables: "schema", columns: "table" }[objects]);
    return { kind: "show-objects", object: objects, from: cursor.expectQualifiedName(), ...parseFilter(cursor) };
  }
  const object = cursor.acceptOneOf("table", "view");
  if (object !== undefined) return { kind: "show-definition", object, name: cursor.expectQualifiedName() };
  const other = cursor.acceptOneOf(...notBuilt);
  if (other !== undefined) return skipRest(cursor, `SHOW ${other.toUpperCase()}`);
  return { kind: "show", name: cursor.acceptWords("all") ? "all" : parseSettingName(cursor) };
}

function parseShowDatabases(cursor: TokenCursor): Statement {
  if (cursor.isWord("from")) return skipRest(cursor, "SHOW DATABASES FROM DATA CATALOG");
  return { kind: "show-objects", object: "databases", from: undefined, ...parseFilter(cursor) };
}

function parseFilter(cursor: TokenCursor): { readonly like: string | undefined; readonly limit: number | undefined } {
  return { like: cursor.acceptWords("like") ? cursor.expectString() : undefined, limit: parseLimit(cursor) };
}

/** At most 10,000. Source: Database Developer Guide, r_SHOW_TABLES. The text is UNCONFIRMED. */
function parseLimit(cursor: TokenCursor): number | undefined {
  if (!cursor.acceptWords("limit")) return undefined;
  const limit = cursor.expectInteger();
  if (limit < 0 || limit > 10_000) throw new SqlError("LIMIT must be between 0 and 10000", { sqlState: "22023" });
  return limit;
}

function parseShowGrants(cursor: TokenCursor): Statement {
  let on: Extract<ShowStatement, { kind: "show-grants" }>["on"];
  if (cursor.acceptWords("on")) {
    if (cursor.isWord("template")) return skipRest(cursor, "SHOW GRANTS ON TEMPLATE");
    const routine = cursor.acceptOneOf("function", "procedure");
    if (routine !== undefined) on = { kind: routine, name: cursor.expectQualifiedName(), args: parseArguments(cursor) };
    else
      on = { kind: cursor.acceptOneOf("database", "schema", "table") ?? "table", name: cursor.expectQualifiedName() };
  }
  if (on === undefined) cursor.expectWords("for");
  const isFor = on === undefined || cursor.acceptWords("for");
  const to = isFor ? parseGrantee(cursor, on !== undefined) : undefined;
  if (on === undefined && cursor.acceptWords("from", "database")) cursor.expectName();
  return { kind: "show-grants", on, to, limit: parseLimit(cursor) };
}

function parseGrantee(
  cursor: TokenCursor,
  mayBePublic: boolean,
): Extract<ShowStatement, { kind: "show-grants" }>["to"] {
  if (mayBePublic && cursor.acceptWords("public")) return { kind: "public" };
  const kind = cursor.acceptWords("role") ? "role" : "user";
  return { kind, name: parsePrincipalName(cursor) };
}
