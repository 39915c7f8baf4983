import { parseSettingName, parseSettingValue } from "./parse-setting.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { NamePart, Statement } from "./tree.ts";
import type { GroupAction, RoleAction, UserOption } from "./tree-rights.ts";

/** A user, role or group. One of an identity provider or of the system has a prefix: `sys:dba`, `myco_aad:bob`. */
export function parsePrincipalName(cursor: TokenCursor): NamePart {
  const prefix = cursor.expectName();
  const next = cursor.peek();
  if (prefix.quoted || next.kind !== "parameter" || next.start !== cursor.lastEnd) return prefix;
  cursor.take();
  return { ...prefix, text: prefix.text + next.text };
}

/** Reads CREATE USER, from the word after USER. Grammar: Database Developer Guide, r_CREATE_USER. */
export function parseCreateUser(cursor: TokenCursor): Statement {
  const name = parsePrincipalName(cursor);
  return { kind: "create-user", name, options: parseUserOptions(cursor, createOptions) };
}

/** Reads ALTER USER, from the word after USER. Grammar: r_ALTER_USER. */
export function parseAlterUser(cursor: TokenCursor): Statement {
  const name = parsePrincipalName(cursor);
  const options = parseUserOptions(cursor, alterOptions);
  if (options.length === 0) throw cursor.unexpected();
  return { kind: "alter-user", name, options };
}

/** Reads DROP USER, from the word after USER. */
export function parseDropUser(cursor: TokenCursor): Statement {
  const ifExists = cursor.acceptWords("if", "exists");
  return { kind: "drop-user", names: cursor.list(() => parsePrincipalName(cursor)), ifExists };
}

type OptionReader = (cursor: TokenCursor) => UserOption | undefined;

function parseUserOptions(cursor: TokenCursor, readers: readonly OptionReader[]): UserOption[] {
  cursor.acceptWords("with");
  const options: UserOption[] = [];
  for (;;) {
    let found: UserOption | undefined;
    for (const read of readers) if ((found ??= read(cursor)) !== undefined) break;
    if (found === undefined) return options;
    options.push(found);
    cursor.acceptOperator(",");
  }
}

const readPassword: OptionReader = (cursor) => {
  if (!cursor.acceptWords("password")) return undefined;
  return { kind: "password", password: cursor.acceptWords("disable") ? undefined : cursor.expectString() };
};

const readFlag: OptionReader = (cursor) => {
  const word = cursor.acceptOneOf("createdb", "nocreatedb", "createuser", "nocreateuser");
  if (word === undefined) return undefined;
  return { kind: word.endsWith("db") ? "create-database" : "superuser", on: !word.startsWith("no") };
};

const readSyslogAccess: OptionReader = (cursor) =>
  cursor.acceptWords("syslog", "access")
    ? { kind: "syslog-access", unrestricted: cursor.expectOneOf("restricted", "unrestricted") === "unrestricted" }
    : undefined;

const readInGroup: OptionReader = (cursor) =>
  cursor.acceptWords("in", "group")
    ? { kind: "in-group", groups: cursor.list(() => parsePrincipalName(cursor)) }
    : undefined;

const readValidUntil: OptionReader = (cursor) =>
  cursor.acceptWords("valid", "until") ? { kind: "valid-until", until: cursor.expectString() } : undefined;

const readConnectionLimit: OptionReader = (cursor) =>
  cursor.acceptWords("connection", "limit")
    ? { kind: "connection-limit", limit: cursor.acceptWords("unlimited") ? undefined : cursor.expectInteger() }
    : undefined;

const readSessionTimeout: OptionReader = (cursor) => {
  if (cursor.acceptWords("reset", "session", "timeout")) return { kind: "session-timeout", seconds: undefined };
  if (!cursor.acceptWords("session", "timeout")) return undefined;
  return { kind: "session-timeout", seconds: cursor.expectInteger() };
};

const readExternalId: OptionReader = (cursor) =>
  cursor.acceptWords("externalid") ? { kind: "external-id", id: expectExternalId(cursor) } : undefined;

/** Written in double quotes in the examples of the guide, as a name is. */
const expectExternalId = (cursor: TokenCursor) =>
  cursor.peek().kind === "string" ? cursor.expectString() : cursor.expectName().text;

const readRename: OptionReader = (cursor) =>
  cursor.acceptWords("rename", "to") ? { kind: "rename", to: parsePrincipalName(cursor) } : undefined;

const readSetting: OptionReader = (cursor) => {
  if (cursor.acceptWords("reset")) return { kind: "set", name: parseSettingName(cursor), value: undefined };
  if (!cursor.acceptWords("set")) return undefined;
  const name = parseSettingName(cursor);
  if (!cursor.acceptOperator("=")) cursor.expectWords("to");
  return { kind: "set", name, value: parseSettingValue(cursor) };
};

const sharedOptions = [
  readPassword,
  readFlag,
  readSyslogAccess,
  readValidUntil,
  readConnectionLimit,
  readSessionTimeout,
  readExternalId,
];
const createOptions = [...sharedOptions, readInGroup];
const alterOptions = [...sharedOptions, readRename, readSetting];

/** Reads CREATE ROLE, from the word after ROLE. */
export function parseCreateRole(cursor: TokenCursor): Statement {
  const name = parsePrincipalName(cursor);
  return {
    kind: "create-role",
    name,
    externalId: cursor.acceptWords("externalid") ? expectExternalId(cursor) : undefined,
  };
}

/** Reads ALTER ROLE, from the word after ROLE. */
export function parseAlterRole(cursor: TokenCursor): Statement {
  const name = parsePrincipalName(cursor);
  cursor.acceptWords("with");
  return { kind: "alter-role", name, actions: cursor.list(() => parseRoleAction(cursor)) };
}

function parseRoleAction(cursor: TokenCursor): RoleAction {
  if (cursor.acceptWords("rename", "to")) return { kind: "rename", to: parsePrincipalName(cursor) };
  if (cursor.acceptWords("owner", "to")) return { kind: "owner", to: parsePrincipalName(cursor) };
  cursor.expectWords("externalid", "to");
  return { kind: "external-id", id: expectExternalId(cursor) };
}

/** Reads DROP ROLE, from the word after ROLE. */
export function parseDropRole(cursor: TokenCursor): Statement {
  const name = parsePrincipalName(cursor);
  return { kind: "drop-role", name, force: cursor.acceptOneOf("force", "restrict") === "force" };
}

/** Reads CREATE GROUP, from the word after GROUP. */
export function parseCreateGroup(cursor: TokenCursor): Statement {
  const name = parsePrincipalName(cursor);
  cursor.acceptWords("with");
  const users = cursor.acceptWords("user") ? cursor.list(() => parsePrincipalName(cursor)) : [];
  return { kind: "create-group", name, users };
}

/** Reads ALTER GROUP, from the word after GROUP. */
export function parseAlterGroup(cursor: TokenCursor): Statement {
  const name = parsePrincipalName(cursor);
  return { kind: "alter-group", name, action: parseGroupAction(cursor) };
}

function parseGroupAction(cursor: TokenCursor): GroupAction {
  if (cursor.acceptWords("rename", "to")) return { kind: "rename", to: parsePrincipalName(cursor) };
  const kind = cursor.expectOneOf("add", "drop");
  cursor.expectWords("user");
  return { kind, users: cursor.list(() => parsePrincipalName(cursor)) };
}

/** Reads DROP GROUP, from the word after GROUP. */
export function parseDropGroup(cursor: TokenCursor): Statement {
  return { kind: "drop-group", name: parsePrincipalName(cursor) };
}
