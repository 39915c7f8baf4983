import { parseAlterTable } from "./parse-alter-table.ts";
import { parseAlterProcedure } from "./procedures/parse-procedure.ts";
import { parseAlterDefaultPrivileges } from "./parse-grant.ts";
import { parseAlterGroup, parseAlterRole, parseAlterUser, parsePrincipalName } from "./parse-principal.ts";
import { parseAlterRlsPolicy, parseRowSecurity } from "./parse-row-security.ts";
import { skipRest } from "./parse-statement.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Statement } from "./tree.ts";

/** Reads ALTER, from the word after it. What is not built is recognized and refused by name. */
export function parseAlter(cursor: TokenCursor): Statement {
  if (cursor.acceptWords("materialized", "view")) return parseAlterMaterializedView(cursor);
  if (cursor.acceptWords("procedure")) return parseAlterProcedure(cursor);
  if (cursor.acceptWords("table")) return parseAlterTable(cursor);
  if (cursor.acceptWords("user")) return parseAlterUser(cursor);
  if (cursor.acceptWords("role")) return parseAlterRole(cursor);
  if (cursor.acceptWords("group")) return parseAlterGroup(cursor);
  if (cursor.acceptWords("default", "privileges")) return parseAlterDefaultPrivileges(cursor);
  if (cursor.acceptWords("database")) return parseAlterDatabase(cursor);
  if (cursor.acceptWords("rls", "policy")) return parseAlterRlsPolicy(cursor);
  const what = cursor.peek();
  if (what.kind !== "word") throw cursor.unexpected();
  return skipRest(cursor, `ALTER ${what.value.toUpperCase()}`);
}

/** Grammar: Database Developer Guide, r_ALTER_DATABASE. */
function parseAlterDatabase(cursor: TokenCursor): Statement {
  const name = cursor.expectName();
  if (cursor.acceptWords("rename", "to"))
    return { kind: "alter-database", name, action: { kind: "rename", to: cursor.expectName() } };
  if (cursor.acceptWords("owner", "to"))
    return { kind: "alter-database", name, action: { kind: "owner", to: parsePrincipalName(cursor) } };
  if (cursor.acceptWords("connection", "limit")) {
    const limit = cursor.acceptWords("unlimited") ? undefined : cursor.expectInteger();
    return { kind: "alter-database", name, action: { kind: "connection-limit", limit } };
  }
  if (cursor.acceptWords("isolation", "level")) {
    const level = cursor.expectOneOf("serializable", "snapshot");
    return { kind: "alter-database", name, action: { kind: "isolation", level } };
  }
  const what = cursor.peek();
  if (what.kind !== "word") throw cursor.unexpected();
  return skipRest(cursor, `ALTER DATABASE ${what.value.toUpperCase()}`);
}

function parseAlterMaterializedView(cursor: TokenCursor): Statement {
  const name = cursor.expectQualifiedName();
  if (cursor.acceptWords("row", "level", "security")) return parseRowSecurity(cursor, "materialized view", name);
  if (!cursor.acceptWords("auto", "refresh"))
    return skipRest(cursor, "ALTER MATERIALIZED VIEW with anything but AUTO REFRESH and ROW LEVEL SECURITY");
  return { kind: "alter-materialized-view", name, autoRefresh: cursor.expectOneOf("yes", "no") === "yes" };
}
