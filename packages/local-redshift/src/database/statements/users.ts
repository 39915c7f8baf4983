import { SqlError } from "../../sql/sql-error.ts";
import type { NamePart } from "../../sql/tree.ts";
import type { UserOption } from "../../sql/tree-rights.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { demandSystem } from "../rights/check.ts";
import { keepPassword } from "../rights/password.ts";
import type { GroupObject, UserObject } from "../rights/principal.ts";
import { detachedFrom } from "../row-security/dependencies.ts";
import { checkSetting } from "../session-settings.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { without } from "../without.ts";
import { mustFindGroup, mustFindUser, takeName, useOf } from "./principals.ts";

/** CREATE USER. What is kept of a password is never its text. */
export async function createUser(
  statement: StatementOf<"create-user">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSystem(context.user, "create user");
  const { options } = statement;
  if (!options.some((option) => option.kind === "password"))
    throw new SqlError("CREATE USER requires a password; use PASSWORD DISABLE for a user without one", {
      sqlState: "42601",
    });
  const name = await takeName("user", statement.name, context);
  const fresh: UserObject = { kind: "user", oid: context.database.nextPrincipalOid(), name, superuser: false };
  const user = options.reduce((before, option) => withOption(before, option, context), fresh);
  checkPassword(user, undefined);
  const groups = options.flatMap((option) => (option.kind === "in-group" ? option.groups : []));
  await context.begin();
  await context.change(user, ...joined(groups, user.oid, context));
  return done("CREATE USER");
}

function joined(groups: readonly NamePart[], user: number, context: StatementContext): GroupObject[] {
  return groups.map((part) => {
    const group = mustFindGroup(part, context);
    return { ...group, members: [...group.members, user] };
  });
}

/** ALTER USER. Users may change their own password and settings. */
export async function alterUser(
  statement: StatementOf<"alter-user">,
  context: StatementContext,
): Promise<StatementResult> {
  const user = mustFindUser(statement.name, context);
  const { options } = statement;
  const isOwnAffair = (option: UserOption) =>
    (option.kind === "password" && option.password !== undefined && user.password !== undefined) ||
    option.kind === "set" ||
    option.kind === "valid-until";
  if (user.oid !== context.user.oid || !options.every(isOwnAffair)) demandSystem(context.user, "alter user");
  const rename = options.find((option) => option.kind === "rename");
  const name = rename === undefined ? user.name : await takeName("user", rename.to, context);
  const changed = options.reduce((before, option) => withOption(before, option, context), user);
  checkPassword(changed, user);
  await context.begin();
  if (name === user.name) {
    await context.change(changed);
    return done("ALTER USER");
  }
  // The name is part of how a password is kept, so a renamed user has none. Source: r_ALTER_USER, RENAME TO.
  const owned = [...context.catalogue.owned, ...context.catalogue.roles].filter((object) => object.owner === user.name);
  await context.change(
    { ...without(changed, "password"), name },
    ...owned.map((object) => ({ ...object, owner: name })),
  );
  return done("ALTER USER");
}

/** DROP USER. Texts: Database Developer Guide, r_DROP_USER. */
export async function dropUser(
  statement: StatementOf<"drop-user">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSystem(context.user, "drop user");
  const { catalogue } = context;
  for (const part of statement.names) {
    if (statement.ifExists && catalogue.user(part.quoted ? part.text : part.text.toLowerCase()) === undefined) continue;
    const user = mustFindUser(part, context);
    if ([context.user.oid, context.sessionUser.oid, context.loginUser.oid].includes(user.oid))
      throw new SqlError("current user cannot be dropped", { sqlState: "55006" });
    if (user.superuser && !context.user.superuser)
      throw new SqlError("must be superuser to drop superusers", { sqlState: "42501" });
    const use = useOf(user, context);
    if (use !== undefined)
      throw new SqlError(
        `user "${user.name}" can't be dropped because the user ${use === "owns" ? "owns some" : "has a privilege on some"} object`,
        { sqlState: "55006" },
      );
    await context.begin();
    await context.drop(user.oid);
    const groups = context.catalogue.groups.filter((group) => group.members.includes(user.oid));
    await context.change(
      ...groups.map((group) => ({ ...group, members: group.members.filter((member) => member !== user.oid) })),
      ...context.catalogue.roles
        .filter((role) => role.members.some((member) => member.oid === user.oid))
        .map((role) => ({ ...role, members: role.members.filter((member) => member.oid !== user.oid) })),
      ...detachedFrom(user.oid, context.catalogue),
    );
  }
  return done("DROP USER");
}

const maxSessionTimeoutSeconds = 1_728_000;
const minSessionTimeoutSeconds = 60;

function withOption(user: UserObject, option: UserOption, context: StatementContext): UserObject {
  switch (option.kind) {
    case "password":
      return option.password === undefined
        ? without(user, "password")
        : { ...user, password: keepPassword(option.password) };
    case "superuser":
      if (!context.user.superuser) throw new SqlError("must be superuser to create superusers", { sqlState: "42501" });
      return { ...user, superuser: option.on };
    case "create-database":
      return option.on ? { ...user, createDatabase: true } : without(user, "createDatabase");
    case "syslog-access":
      return option.unrestricted ? { ...user, unrestrictedSyslog: true } : without(user, "unrestrictedSyslog");
    case "valid-until":
      return option.until.toLowerCase() === "infinity"
        ? without(user, "validUntil")
        : { ...user, validUntil: moment(option.until) };
    case "connection-limit":
      return option.limit === undefined ? without(user, "connectionLimit") : { ...user, connectionLimit: option.limit };
    case "session-timeout":
      return withTimeout(user, option.seconds);
    case "external-id":
      return { ...user, externalId: option.id };
    case "set":
      return withSetting(user, option.name, option.value);
    case "in-group":
    case "rename":
      return user;
  }
}

function withTimeout(user: UserObject, seconds: number | undefined): UserObject {
  if (seconds === undefined) return without(user, "sessionTimeoutSeconds");
  if (seconds < minSessionTimeoutSeconds || seconds > maxSessionTimeoutSeconds)
    throw new SqlError(
      `Session timeout value must be between ${minSessionTimeoutSeconds} and ${maxSessionTimeoutSeconds}`,
      { sqlState: "22023" },
    );
  return { ...user, sessionTimeoutSeconds: seconds };
}

function withSetting(user: UserObject, name: string, value: string | undefined): UserObject {
  const settings = without(user.settings ?? {}, name);
  return { ...user, settings: value === undefined ? settings : { ...settings, [name]: checkSetting(name, value) } };
}

/** An absolute time as it is written, in UTC unless it says otherwise. */
function moment(text: string): number {
  const iso = text.trim().replace(" ", "T");
  const hasZone = /(z|[+-]\d\d:?(\d\d)?)$/i.test(iso.slice(10));
  const millis = Date.parse(iso.length <= 10 ? `${iso}T00:00:00Z` : hasZone ? iso : `${iso}Z`);
  if (Number.isNaN(millis))
    throw new SqlError(`invalid input syntax for type abstime: "${text}"`, { sqlState: "22007" });
  return millis;
}

/** Source: r_CREATE_USER, PASSWORD and EXTERNALID. */
function checkPassword(user: UserObject, before: UserObject | undefined): void {
  const lost =
    before === undefined ? user.password === undefined : before.password !== undefined && user.password === undefined;
  if (user.superuser && lost) throw new SqlError("cannot disable the password of a superuser", { sqlState: "42501" });
  if (user.externalId !== undefined && user.password !== undefined)
    throw new SqlError("EXTERNALID requires the password to be disabled", { sqlState: "42601" });
}
