import type { UserObject } from "../rights/principal.ts";
import { mayKnow, onlySuperusers } from "./owners.ts";
import {
  bool,
  int4,
  moment,
  name,
  seesAll,
  text,
  timestamp,
  type Cell,
  type SystemView,
  type SystemViews,
} from "./system-view.ts";

const limitOf = (user: UserObject) => (user.connectionLimit === undefined ? "UNLIMITED" : String(user.connectionLimit));

/** When a user last made something is not kept. */
const userInfo: SystemView = {
  columns: [
    ["user_name", text],
    ["user_id", int4],
    ["createdb", bool],
    ["superuser", bool],
    ["catalog_update", bool],
    ["connection_limit", text],
    ["syslog_access", text],
    ["last_ddl_timestamp", timestamp],
    ["session_timeout", int4],
    ["external_user_id", text],
  ],
  rows: (world) =>
    world.catalogue.users
      .filter((user) => seesAll(world) || user.name === world.user.name)
      .map((user) => [
        user.name,
        user.oid,
        user.superuser || user.createDatabase === true,
        user.superuser,
        user.oid === 1,
        limitOf(user),
        user.superuser || user.unrestrictedSyslog === true ? "UNRESTRICTED" : "RESTRICTED",
        null,
        user.sessionTimeoutSeconds ?? 0,
        user.externalId ?? null,
      ]),
};

const userCells = (user: UserObject): Cell[] => [
  user.name,
  user.oid,
  user.superuser || user.createDatabase === true,
  user.superuser,
  user.oid === 1,
  "********",
  user.validUntil === undefined ? null : moment(user.validUntil),
  user.settings === undefined
    ? null
    : `{${Object.entries(user.settings)
        .map(([setting, value]) => `${setting}=${value}`)
        .join(",")}}`,
];

const userColumns = [
  ["usename", name],
  ["usesysid", int4],
  ["usecreatedb", bool],
  ["usesuper", bool],
  ["usecatupd", bool],
  ["passwd", text],
  ["valuntil", timestamp],
  ["useconfig", text],
] as const;

/** Everybody may know all users. */
const pgUser: SystemView = { columns: userColumns, rows: (world) => world.catalogue.users.map(userCells) };

const pgUserInfo: SystemView = {
  columns: [...userColumns, ["useconnlimit", text]],
  rows(world) {
    onlySuperusers("pg_user_info", world);
    return world.catalogue.users.map((user) => [...userCells(user), limitOf(user)]);
  },
};

const pgGroup: SystemView = {
  columns: [
    ["groname", name],
    ["grosysid", int4],
    ["grolist", text],
  ],
  rows: (world) => world.catalogue.groups.map((group) => [group.name, group.oid, `{${group.members.join(",")}}`]),
};

const roles: SystemView = {
  columns: [
    ["role_id", int4],
    ["role_name", text],
    ["role_owner", text],
    ["external_id", text],
  ],
  rows: (world) =>
    world.catalogue.roles
      .filter((role) => mayKnow(role.oid, world))
      .map((role) => [role.oid, role.name, role.owner, role.externalId ?? null]),
};

const userGrants: SystemView = {
  columns: [
    ["user_id", int4],
    ["user_name", text],
    ["role_id", int4],
    ["role_name", text],
    ["admin_option", bool],
  ],
  rows: (world) =>
    world.catalogue.roles.flatMap((role) =>
      role.members.flatMap(({ oid, admin }) => {
        const user = world.catalogue.get(oid);
        if (user?.kind !== "user" || !(seesAll(world) || oid === world.user.oid)) return [];
        return [[oid, user.name, role.oid, role.name, admin === true]];
      }),
    ),
};

/** A role that was given to another: `role_name` has `granted_role_name`. */
const roleGrants: SystemView = {
  columns: [
    ["role_id", int4],
    ["role_name", text],
    ["granted_role_id", int4],
    ["granted_role_name", text],
  ],
  rows: (world) =>
    world.catalogue.roles.flatMap((granted) =>
      granted.members.flatMap(({ oid }) => {
        const role = world.catalogue.get(oid);
        if (role?.kind !== "role" || !mayKnow(oid, world)) return [];
        return [[oid, role.name, granted.oid, granted.name]];
      }),
    ),
};

const systemPrivileges: SystemView = {
  columns: [
    ["system_privilege", text],
    ["identity_id", int4],
    ["identity_name", text],
    ["identity_type", text],
  ],
  rows: (world) =>
    world.catalogue.roles
      .filter((role) => mayKnow(role.oid, world))
      .flatMap((role) => role.system.map((privilege) => [privilege.toUpperCase(), role.oid, role.name, "role"])),
};

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
