import { parsePrincipalName } from "./parse-principal.ts";
import { parseArguments } from "./procedures/parse-procedure.ts";
import type { ArgumentNode } from "./procedures/procedure-tree.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { NamePart, QualifiedName, Statement } from "./tree.ts";
import type { AssumeCommand, GrantClause, GranteeNode, GrantTarget, PrivilegeNode } from "./tree-rights.ts";

/** Reads GRANT, from the word after it. Grammar: Database Developer Guide, r_GRANT. What is not built is left to be refused by name. */
export function parseGrant(cursor: TokenCursor): Statement {
  return parseGrantOrRevoke(cursor, false);
}

/** Reads REVOKE, from the word after it. Grammar: r_REVOKE. */
export function parseRevoke(cursor: TokenCursor): Statement {
  return parseGrantOrRevoke(cursor, true);
}

function parseGrantOrRevoke(cursor: TokenCursor, revoke: boolean): Statement {
  const adminOnly = revoke && cursor.acceptWords("admin", "option", "for");
  if (adminOnly || cursor.isWord("role")) return parseRoles(cursor, revoke, adminOnly);
  if (cursor.acceptWords("assumerole")) return parseAssumeRole(cursor, revoke);
  const optionOnly = revoke && cursor.acceptWords("grant", "option", "for");
  const foreign = notBuilt.find((words) => cursor.isWord(...words));
  if (foreign !== undefined) return skip(cursor, `${revoke ? "REVOKE" : "GRANT"} ${foreign.join(" ").toUpperCase()}`);
  const system = parseSystemPrivileges(cursor, revoke);
  if (system !== undefined) return system;
  if (isRoleList(cursor, revoke)) return parseRoles(cursor, revoke, false);
  const privileges = parsePrivileges(cursor);
  if (cursor.acceptWords("on")) {
    const other = ["datashare", "external", "model"].find((word) => cursor.isWord(word));
    if (other !== undefined) return skip(cursor, `${revoke ? "REVOKE" : "GRANT"} ON ${other.toUpperCase()}`);
    const on = parseTarget(cursor);
    return { kind: "grant", clause: parseClause(cursor, revoke, optionOnly, privileges), on };
  }
  throw cursor.unexpected();
}

/** Privileges on what the local Redshift does not have. */
const notBuilt: readonly (readonly string[])[] = [
  ["explain", "masking"],
  ["create", "model", "to"],
  ["create", "model", "from"],
];

function parseAssumeRole(cursor: TokenCursor, revoke: boolean): Statement {
  cursor.expectWords("on");
  const on = cursor.acceptOneOf("default", "all") ?? cursor.list(() => parseRoleChain(cursor));
  cursor.expectWords(revoke ? "from" : "to");
  const to = cursor.list(() => parseGrantee(cursor));
  cursor.expectWords("for");
  const commands = cursor.acceptOneOf("all") ?? cursor.list(() => parseAssumeCommand(cursor));
  return { kind: "grant-assume-role", revoke, on, to, commands };
}

/** `'arn,arn'`: blanks between the roles of a chain do not count. */
function parseRoleChain(cursor: TokenCursor): string {
  const roles = cursor.expectString().split(",");
  return roles.map((role) => role.trim()).join(",");
}

function parseAssumeCommand(cursor: TokenCursor): AssumeCommand {
  if (cursor.acceptWords("external", "function")) return "external function";
  if (cursor.acceptWords("create", "model")) return "create model";
  return cursor.expectOneOf("copy", "unload");
}

function skip(cursor: TokenCursor, what: string): Statement {
  while (cursor.peek().kind !== "end" && !cursor.isOperator(";")) cursor.take();
  return { kind: "not-built", what };
}

/** Privileges that only roles have. Source: r_GRANT, granting role permissions. Longer ones first. */
const systemPrivileges: readonly string[] = [
  "create or replace external function",
  "create or replace function",
  "create or replace procedure",
  "create or replace view",
  "alter default privileges",
  "access system table",
  "access catalog",
  "create user",
  "drop user",
  "alter user",
  "create schema",
  "drop schema",
  "create table",
  "drop table",
  "alter table",
  "truncate table",
  "drop function",
  "drop procedure",
  "drop view",
  "create model",
  "drop model",
  "create datashare",
  "alter datashare",
  "drop datashare",
  "create library",
  "drop library",
  "create role",
  "drop role",
  "vacuum",
  "analyze",
  "cancel",
];

/** System privileges that ALL does not stand for here (UNCONFIRMED: r_GRANT has them with a grammar of their own). */
const rowSecurityPrivileges: readonly string[] = ["ignore rls", "explain rls"];

function parseSystemPrivileges(cursor: TokenCursor, revoke: boolean): Statement | undefined {
  const mark = cursor.mark();
  const privileges = acceptList(cursor, () => {
    const found = [...systemPrivileges, ...rowSecurityPrivileges].find((privilege) =>
      cursor.isWord(...privilege.split(" ")),
    );
    if (found !== undefined) cursor.acceptWords(...found.split(" "));
    return found;
  });
  const all = privileges === undefined && cursor.acceptWords("all");
  if (all) cursor.acceptWords("privileges");
  if ((privileges === undefined && !all) || !cursor.acceptWords(revoke ? "from" : "to") || !cursor.isWord("role")) {
    cursor.rewind(mark);
    return undefined;
  }
  const roles = cursor.list(() => {
    cursor.expectWords("role");
    return parsePrincipalName(cursor);
  });
  return { kind: "grant-system", revoke, privileges: privileges ?? systemPrivileges, roles };
}

function acceptList<Item>(cursor: TokenCursor, read: () => Item | undefined): Item[] | undefined {
  const items: Item[] = [];
  do {
    const item = read();
    if (item === undefined) return undefined;
    items.push(item);
  } while (cursor.acceptOperator(","));
  return items;
}

/** `GRANT sample_role1 TO user1`, without the word ROLE, as r_DROP_ROLE writes it. */
function isRoleList(cursor: TokenCursor, revoke: boolean): boolean {
  const mark = cursor.mark();
  let isList = false;
  if (cursor.acceptName() !== undefined) {
    while (cursor.acceptOperator(",") && cursor.acceptName() !== undefined);
    isList = cursor.isWord(revoke ? "from" : "to");
  }
  cursor.rewind(mark);
  return isList;
}

function parseRoles(cursor: TokenCursor, revoke: boolean, optionOnly: boolean): Statement {
  const roles = cursor.list(() => {
    cursor.acceptWords("role");
    return parsePrincipalName(cursor);
  });
  return { kind: "grant-role", revoke, optionOnly, roles, to: parseGrantees(cursor, revoke, "admin") };
}

function parsePrivileges(cursor: TokenCursor): PrivilegeNode[] {
  return cursor.list(() => {
    const name = cursor.expectLabel().text.toLowerCase();
    if (name === "all") cursor.acceptWords("privileges");
    const columns = cursor.isOperator("(") ? cursor.inParentheses(() => cursor.list(() => cursor.expectName())) : [];
    return { name, columns };
  });
}

function parseTarget(cursor: TokenCursor): GrantTarget {
  if (cursor.isWord("all")) {
    const kind = (["tables", "functions", "procedures"] as const).find((word) => cursor.acceptWords("all", word));
    if (kind === undefined) throw cursor.unexpected(cursor.peek(1));
    cursor.expectWords("in", "schema");
    return { kind: `all ${kind}`, schemas: cursor.list(() => cursor.expectName()) };
  }
  if (cursor.acceptWords("schema")) return { kind: "schemas", names: cursor.list(() => [cursor.expectName()]) };
  if (cursor.acceptWords("database")) return { kind: "databases", names: cursor.list(() => [cursor.expectName()]) };
  if (cursor.acceptWords("language")) return { kind: "languages", names: cursor.list(() => [cursor.expectName()]) };
  if (cursor.acceptWords("function")) return { kind: "functions", routines: cursor.list(() => parseRoutine(cursor)) };
  if (cursor.acceptWords("procedure")) return { kind: "procedures", routines: cursor.list(() => parseRoutine(cursor)) };
  cursor.acceptWords("table");
  return { kind: "tables", names: cursor.list(() => cursor.expectQualifiedName()) };
}

/** `name([[argname] argtype, …])`. */
function parseRoutine(cursor: TokenCursor): { readonly name: QualifiedName; readonly args: readonly ArgumentNode[] } {
  return { name: cursor.expectQualifiedName(), args: parseArguments(cursor) };
}

function parseClause(
  cursor: TokenCursor,
  revoke: boolean,
  optionOnly: boolean,
  privileges: readonly PrivilegeNode[],
): GrantClause {
  const to = parseGrantees(cursor, revoke, "grant");
  if (revoke) cursor.acceptWords("restrict");
  return { revoke, optionOnly, privileges, to };
}

function parseGrantees(cursor: TokenCursor, revoke: boolean, option: "grant" | "admin"): GrantClause["to"] {
  cursor.expectWords(revoke ? "from" : "to");
  return cursor.list(() => {
    const grantee = parseGrantee(cursor);
    return { grantee, withOption: !revoke && cursor.acceptWords("with", option, "option") };
  });
}

function parseGrantee(cursor: TokenCursor): GranteeNode {
  if (cursor.acceptWords("public")) return { kind: "public" };
  if (cursor.acceptWords("rls", "policy")) return { kind: "rls policy", name: parsePrincipalName(cursor) };
  const kind = cursor.acceptOneOf("role", "group") ?? "user";
  return { kind, name: parsePrincipalName(cursor) };
}

/** Reads ALTER DEFAULT PRIVILEGES, from the word after it. */
export function parseAlterDefaultPrivileges(cursor: TokenCursor): Statement {
  let users: NamePart[] = [];
  let schemas: NamePart[] = [];
  if (cursor.acceptWords("for", "user")) users = cursor.list(() => parsePrincipalName(cursor));
  if (cursor.acceptWords("in", "schema")) schemas = cursor.list(() => cursor.expectName());
  const revoke = cursor.expectOneOf("grant", "revoke") === "revoke";
  const optionOnly = revoke && cursor.acceptWords("grant", "option", "for");
  const privileges = parsePrivileges(cursor);
  cursor.expectWords("on");
  const on = cursor.expectOneOf("tables", "functions", "procedures");
  return {
    kind: "alter-default-privileges",
    users,
    schemas,
    clause: parseClause(cursor, revoke, optionOnly, privileges),
    on,
  };
}
