import type { UserObject } from "../rights/principal.ts";
import { listing, type ListedColumn } from "./listing.ts";
import { mayKnow, onlySuperusers } from "./owners.ts";
import {
  bool,
  int4,
  moment,
  name,
  seesRowsOf,
  text,
  timestamp,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

const limitOf = (user: UserObject) => (user.connectionLimit === undefined ? "UNLIMITED" : String(user.connectionLimit));

const mayCreateDatabases = (user: UserObject) => user.superuser || user.createDatabase === true;

/** The user that a database begins with may change its catalogue. */
const isFirstUser = (user: UserObject) => user.oid === 1;

/** When a user last made something is not kept. */
const userInfo = listing({
  of: (world) => world.catalogue.users.filter((user) => seesRowsOf(user.name, world)),
  columns: [
    ["user_name", text, (user) => user.name],
    ["user_id", int4, (user) => user.oid],
    ["createdb", bool, mayCreateDatabases],
    ["superuser", bool, (user) => user.superuser],
    ["catalog_update", bool, isFirstUser],
    ["connection_limit", text, limitOf],
    [
      "syslog_access",
      text,
      (user) => (user.superuser || user.unrestrictedSyslog === true ? "UNRESTRICTED" : "RESTRICTED"),
    ],
    ["last_ddl_timestamp", timestamp, null],
    ["session_timeout", int4, (user) => user.sessionTimeoutSeconds ?? 0],
    ["external_user_id", text, (user) => user.externalId ?? null],
  ],
});

/** Settings in PostgreSQL's form of an array. */
const settingsText = ({ settings = {} }: UserObject) =>
  `{${Object.entries(settings)
    .map(([setting, value]) => `${setting}=${value}`)
    .join(",")}}`;

const userColumns: readonly ListedColumn<UserObject>[] = [
  ["usename", name, (user) => user.name],
  ["usesysid", int4, (user) => user.oid],
  ["usecreatedb", bool, mayCreateDatabases],
  ["usesuper", bool, (user) => user.superuser],
  ["usecatupd", bool, isFirstUser],
  ["passwd", text, "********"],
  ["valuntil", timestamp, (user) => (user.validUntil === undefined ? null : moment(user.validUntil))],
  ["useconfig", text, (user) => (user.settings === undefined ? null : settingsText(user))],
];

/** Everybody may know all users. */
const pgUser = listing({ of: (world) => world.catalogue.users, columns: userColumns });

const pgUserInfo = listing({
  of(world) {
    onlySuperusers("pg_user_info", world);
    return world.catalogue.users;
  },
  columns: [...userColumns, ["useconnlimit", text, limitOf]],
});

const pgGroup = listing({
  of: (world) => world.catalogue.groups,
  columns: [
    ["groname", name, (group) => group.name],
    ["grosysid", int4, (group) => group.oid],
    ["grolist", text, (group) => `{${group.members.join(",")}}`],
  ],
});

const knownRoles = (world: SystemWorld) => world.catalogue.roles.filter((role) => mayKnow(role.oid, world));

const roles = listing({
  of: knownRoles,
  columns: [
    ["role_id", int4, (role) => role.oid],
    ["role_name", text, (role) => role.name],
    ["role_owner", text, (role) => role.owner],
    ["external_id", text, (role) => role.externalId ?? null],
  ],
});

const userGrants = listing({
  of: (world) =>
    world.catalogue.roles.flatMap((role) =>
      role.members.flatMap(({ oid, admin }) => {
        const user = world.catalogue.get(oid);
        return user?.kind === "user" && seesRowsOf(user.name, world) ? [{ role, user, admin }] : [];
      }),
    ),
  columns: [
    ["user_id", int4, ({ user }) => user.oid],
    ["user_name", text, ({ user }) => user.name],
    ["role_id", int4, ({ role }) => role.oid],
    ["role_name", text, ({ role }) => role.name],
    ["admin_option", bool, ({ admin }) => admin === true],
  ],
});

/** A role that was given to another: `role_name` has `granted_role_name`. */
const roleGrants = listing({
  of: (world) =>
    world.catalogue.roles.flatMap((granted) =>
      granted.members.flatMap(({ oid }) => {
        const role = world.catalogue.get(oid);
        return role?.kind === "role" && mayKnow(oid, world) ? [{ role, granted }] : [];
      }),
    ),
  columns: [
    ["role_id", int4, ({ role }) => role.oid],
    ["role_name", text, ({ role }) => role.name],
    ["granted_role_id", int4, ({ granted }) => granted.oid],
    ["granted_role_name", text, ({ granted }) => granted.name],
  ],
});

const systemPrivileges = listing({
  of: (world) => knownRoles(world).flatMap((role) => role.system.map((privilege) => ({ role, privilege }))),
  columns: [
    ["system_privilege", text, ({ privilege }) => privilege.toUpperCase()],
    ["identity_id", int4, ({ role }) => role.oid],
    ["identity_name", text, ({ role }) => role.name],
    ["identity_type", text, "role"],
  ],
});

/** Users, groups and roles. */
export const principalViews: SystemViews = {
  pg_group: pgGroup,
  pg_user: pgUser,
  pg_user_info: pgUserInfo,
  svv_role_grants: roleGrants,
  svv_roles: roles,
  svv_system_privileges: systemPrivileges,
  svv_user_grants: userGrants,
  svv_user_info: userInfo,
};
