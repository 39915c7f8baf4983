import type { PrivilegeQuestion } from "../bind-context.ts";
import { quoteText, type Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { types, varchar } from "../sql-type.ts";
import { constantOf, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

/** Answers as the functions of Redshift do; with arguments of constants once, and with columns for all that there is. */
const privilege =
  (kind: PrivilegeQuestion["kind"], least: number): FunctionBinder =>
  (call) => {
    if (call.args.length !== least && call.args.length !== least + 1) throw noSuch(call);
    if (call.args.some((arg) => arg.constant === null)) return { sql: "CAST(NULL AS BOOLEAN)", type: types.bool };
    const user = call.args.length === least ? undefined : call.args[0];
    const [object, ...rest] = call.args.slice(user === undefined ? 0 : 1);
    const isConstant = call.args.every((arg) => typeof arg.constant === "string");
    if (!isConstant) return lookUp(kind, user, object!, rest, call);
    const texts = rest.map((arg) => arg.constant as string);
    const { facts, settings } = call.context;
    const holds = facts.rights.hasPrivilege({
      kind,
      user: user?.constant ?? undefined,
      object: objectName(object!.constant!),
      ...(kind === "column" ? { column: texts[0]!.toLowerCase() } : {}),
      privilege: texts.at(-1)!,
      searchPath: settings.searchPath,
    });
    return { sql: String(holds), type: types.bool };
  };

/** Names in the argument are written as in SQL: they fold to lower case outside of double quotes. */
function objectName(text: string): string {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|[^."]+/g)];
  return parts.map(([all, quoted]) => quoted?.replaceAll('""', '"') ?? all.toLowerCase()).join(".");
}

const separator = "chr(31)";

/** For names that come from columns: a look into the list of all that holds. */
function lookUp(
  kind: PrivilegeQuestion["kind"],
  user: Bound | undefined,
  object: Bound,
  rest: readonly Bound[],
  call: FunctionCall,
): Bound {
  if (kind === "column")
    throw new SqlError("has_column_privilege with arguments that are no constants is not built in the local Redshift");
  const { facts, settings } = call.context;
  const held = facts.rights.heldPrivileges({
    kind,
    ...(user === undefined ? { users: [] } : user.constant == null ? {} : { users: [user.constant] }),
    ...(rest[0]!.constant == null ? {} : { privilege: rest[0]!.constant }),
    searchPath: settings.searchPath,
  });
  const keys = held.map(({ user, object, privilege }) => `${user}\u001f${object}\u001f${privilege}`);
  const text = (bound: Bound) => coerce(bound, varchar(65_535)).sql;
  const userText = user === undefined ? "''" : text(user);
  const parts = [userText, `lower(${text(object)})`, `lower(${text(rest[0]!)})`];
  const key = parts.join(` || ${separator} || `);
  const list = `[${keys.map(quoteText).join(", ")}]`;
  return { sql: `list_contains(CAST(${list} AS VARCHAR[]), ${key})`, type: types.bool };
}

const userById: FunctionBinder = (call) => {
  if (call.args.length !== 1) throw noSuch(call);
  const { userNames } = call.context.facts.rights;
  const oid = coerce(call.args[0]!, types.int8).sql;
  const whens = [...userNames].map(([number, name]) => `WHEN ${number} THEN ${quoteText(name)}`);
  const unknown = `'unknown (OID=' || CAST(${oid} AS VARCHAR) || ')'`;
  return {
    sql: `CAST(CASE ${oid} ${whens.join(" ")} WHEN NULL THEN NULL ELSE ${unknown} END AS VARCHAR)`,
    type: varchar(128),
  };
};

const membership =
  (kind: "user" | "role"): FunctionBinder =>
  (call) => {
    if (call.args.length !== 2) throw noSuch(call);
    const [name, of] = [constantOf(call, 0), constantOf(call, 1)];
    return { sql: String(call.context.facts.rights.isMember({ kind, name }, of)), type: types.bool };
  };

const hasAssumeRole: FunctionBinder = (call) => {
  if (call.args.length !== 2 && call.args.length !== 3) throw noSuch(call);
  const at = call.args.length - 2;
  const user = at === 0 ? undefined : constantOf(call, 0);
  const holds = call.context.facts.rights.mayAssume(user, constantOf(call, at), constantOf(call, at + 1));
  return { sql: String(holds), type: types.bool };
};

const currentSetting: FunctionBinder = (call) => {
  const value = call.context.facts.settings.get(constantOf(call, 0).toLowerCase());
  return { sql: `CAST(${quoteText(value)} AS VARCHAR)`, type: varchar(65_535) };
};

/** It sets when the statement is bound, since its arguments are constants. */
const setConfig: FunctionBinder = (call) => {
  if (call.args.length !== 3) throw noSuch(call);
  const [name, value] = [constantOf(call, 0).toLowerCase(), constantOf(call, 1)];
  const local = ["true", "1", "t"].includes((call.args[2]!.constant ?? call.args[2]!.sql).toLowerCase());
  call.context.facts.settings.set(name, value, local);
  return { sql: `CAST(${quoteText(call.context.facts.settings.get(name))} AS VARCHAR)`, type: varchar(65_535) };
};

/** Functions that tell of users, privileges and settings. Leader-node functions, of the Database Developer Guide's system information. */
export const rightsFunctions: Readonly<Record<string, FunctionBinder>> = {
  current_setting: currentSetting,
  current_user_id: (call) => ({ sql: `${call.context.facts.rights.userOid}`, type: types.int4 }),
  has_assumerole_privilege: hasAssumeRole,
  has_column_privilege: privilege("column", 3),
  has_database_privilege: privilege("database", 2),
  has_schema_privilege: privilege("schema", 2),
  has_table_privilege: privilege("table", 2),
  pg_get_userbyid: userById,
  role_is_member_of: membership("role"),
  set_config: setConfig,
  user_is_member_of: membership("user"),
};
