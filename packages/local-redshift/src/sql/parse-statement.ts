import { parseAnalyze, parseCancel, parseVacuum } from "./parse-maintenance.ts";
import { parseAlter } from "./parse-alter.ts";
import { parseGrant, parseRevoke } from "./parse-grant.ts";
import { parseDropGroup, parseDropRole, parseDropUser } from "./parse-principal.ts";
import { parseClose, parseDeclare, parseFetch } from "./parse-cursor.ts";
import { parseDropFunction } from "./parse-create-function.ts";
import { parseCreate } from "./parse-create.ts";
import { parseAfterWith, parseDelete, parseInsert, parseMerge, parseUpdate } from "./parse-change.ts";
import { startsQuery } from "./parse-expression.ts";
import { parseDeallocate, parseExecute, parseExplain, parsePrepare } from "./parse-prepared.ts";
import { parseCall, parseDropProcedure } from "./procedures/parse-procedure.ts";
import { parseQuery } from "./parse-query.ts";
import { parseAttach, parseDetach, parseDropRlsPolicy } from "./parse-row-security.ts";
import { parseReset, parseSet } from "./parse-setting.ts";
import { parseShow } from "./parse-show.ts";
import { TokenCursor } from "./token-cursor.ts";
import type { QualifiedName, Statement } from "./tree.ts";
import { SqlError } from "./sql-error.ts";

/**
 * Parses one statement; a `;` after it is fine, a second statement is not.
 * Throws SqlError with the place of the first token that does not fit.
 */
export function parseStatement(sql: string): Statement {
  const cursor = new TokenCursor(sql);
  while (cursor.acceptOperator(";"));
  if (cursor.peek().kind === "end") throw new SqlError("syntax error at end of input", { sqlState: "42601" });
  const statement = parseBody(cursor);
  if (cursor.isOperator(";")) {
    while (cursor.acceptOperator(";"));
    if (cursor.peek().kind !== "end")
      throw new SqlError("cannot insert multiple commands into a prepared statement", { sqlState: "42601" });
  }
  if (cursor.peek().kind !== "end") throw cursor.unexpected();
  return statement;
}

/** Statements that Redshift has and we do not; they are refused by name. */
const notBuilt: ReadonlySet<string> = new Set(`copy unload use`.split(" "));

/** Reads one statement, up to the token that does not belong to it. */
export function parseBody(cursor: TokenCursor): Statement {
  if (cursor.isWord("with")) return parseAfterWith(cursor);
  if (startsQuery(cursor)) return { kind: "query", query: parseQuery(cursor) };
  const word = cursor.peek().kind === "word" ? cursor.peek().value : "";
  const parser = parsers[word];
  if (parser !== undefined) {
    cursor.take();
    return parser(cursor);
  }
  if (notBuilt.has(word)) return skipRest(cursor, word.toUpperCase());
  throw cursor.unexpected();
}

/** Takes all tokens that are left, for a statement that is only recognized. */
export function skipRest(cursor: TokenCursor, what: string): Statement {
  while (cursor.peek().kind !== "end" && !cursor.isOperator(";")) cursor.take();
  return { kind: "not-built", what };
}

const parsers: Readonly<Record<string, (cursor: TokenCursor) => Statement>> = {
  abort: (cursor) => endOfTransaction(cursor, "rollback"),
  alter: parseAlter,
  analyze: parseAnalyze,
  attach: parseAttach,
  begin: beginTransaction,
  call: parseCall,
  cancel: parseCancel,
  close: parseClose,
  comment: parseComment,
  commit: (cursor) => endOfTransaction(cursor, "commit"),
  create: parseCreate,
  deallocate: parseDeallocate,
  declare: parseDeclare,
  delete: parseDelete,
  detach: parseDetach,
  drop: parseDrop,
  end: (cursor) => endOfTransaction(cursor, "commit"),
  execute: parseExecute,
  explain: parseExplain,
  fetch: parseFetch,
  grant: parseGrant,
  insert: parseInsert,
  lock: parseLock,
  merge: parseMerge,
  prepare: parsePrepare,
  refresh: parseRefresh,
  reset: parseReset,
  revoke: parseRevoke,
  rollback: (cursor) => endOfTransaction(cursor, "rollback"),
  set: parseSet,
  show: parseShow,
  start: (cursor) => {
    cursor.expectWords("transaction");
    return transactionModes(cursor);
  },
  truncate: (cursor) => {
    cursor.acceptWords("table");
    return { kind: "truncate", table: cursor.expectQualifiedName() };
  },
  update: parseUpdate,
  vacuum: parseVacuum,
};

function beginTransaction(cursor: TokenCursor): Statement {
  cursor.acceptOneOf("work", "transaction");
  return transactionModes(cursor);
}

/** `ISOLATION LEVEL … | READ WRITE | READ ONLY`: accepted; every transaction here is a snapshot that may write. */
function transactionModes(cursor: TokenCursor): Statement {
  for (;;) {
    if (cursor.acceptWords("isolation", "level")) {
      if (!cursor.acceptWords("read")) cursor.expectOneOf("serializable", "snapshot", "repeatable");
      cursor.acceptOneOf("read", "committed", "uncommitted");
    } else if (cursor.acceptWords("read")) {
      cursor.expectOneOf("write", "only");
    } else {
      return { kind: "begin" };
    }
    cursor.acceptOperator(",");
  }
}

function endOfTransaction(cursor: TokenCursor, kind: "commit" | "rollback"): Statement {
  cursor.acceptOneOf("work", "transaction");
  return { kind };
}

function parseDrop(cursor: TokenCursor): Statement {
  if (cursor.acceptWords("procedure")) return parseDropProcedure(cursor);
  if (cursor.acceptWords("function")) return parseDropFunction(cursor);
  if (cursor.acceptWords("user")) return parseDropUser(cursor);
  if (cursor.acceptWords("role")) return parseDropRole(cursor);
  if (cursor.acceptWords("group")) return parseDropGroup(cursor);
  if (cursor.acceptWords("rls", "policy")) return parseDropRlsPolicy(cursor);
  const object = cursor.acceptWords("materialized", "view")
    ? "materialized view"
    : cursor.acceptOneOf("table", "view", "schema");
  if (object === undefined) {
    const what = cursor.peek();
    if (what.kind !== "word") throw cursor.unexpected();
    return skipRest(cursor, `DROP ${what.value.toUpperCase()}`);
  }
  const ifExists = cursor.acceptWords("if", "exists");
  const names = cursor.list(() => cursor.expectQualifiedName());
  if (object === "schema" && cursor.acceptWords("drop")) cursor.expectWords("external", "database");
  const cascade = cursor.acceptOneOf("cascade", "restrict") === "cascade";
  return { kind: "drop", object, names, ifExists, cascade };
}

function parseLock(cursor: TokenCursor): Statement {
  cursor.acceptWords("table");
  const names = cursor.list(() => cursor.expectQualifiedName());
  return { kind: "lock", names };
}

function parseRefresh(cursor: TokenCursor): Statement {
  cursor.expectWords("materialized", "view");
  const name = cursor.expectQualifiedName();
  return { kind: "refresh-materialized-view", name, cascade: cursor.acceptOneOf("restrict", "cascade") === "cascade" };
}

function parseComment(cursor: TokenCursor): Statement {
  cursor.expectWords("on");
  const object = cursor.expectLabel().text.toLowerCase();
  const name: QualifiedName = cursor.expectQualifiedName();
  if (object === "constraint") {
    cursor.expectWords("on");
    cursor.expectQualifiedName();
  }
  cursor.expectWords("is");
  return { kind: "comment", object, name, text: cursor.acceptWords("null") ? undefined : cursor.expectString() };
}
