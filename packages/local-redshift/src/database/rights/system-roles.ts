import type { RoleObject } from "./principal.ts";

const secadmin = ["create user", "alter user", "drop user", "create role", "drop role"];
const monitor = ["access catalog", "access system table"];
const operator = [...monitor, "analyze", "vacuum", "cancel"];
const dba = [
  ...operator,
  "create schema",
  "drop schema",
  "create table",
  "drop table",
  "truncate table",
  "create or replace view",
  "drop view",
  "create or replace function",
  "create or replace external function",
  "drop function",
  "create or replace procedure",
  "drop procedure",
];

const systemRole = (oid: number, name: string, system: readonly string[]): RoleObject => ({
  kind: "role",
  oid,
  name,
  owner: "rdsdb",
  system,
  members: [],
});

/** The role whose members are superusers. */
export const superuserRoleOid = 50;

/** The role whose members manage row-level security, and are not subject to it. */
export const securityAdminRoleOid = 54;

/** Roles that every database has. Source: Database Developer Guide, r_roles-default. */
export const systemRoles: readonly RoleObject[] = [
  systemRole(superuserRoleOid, "sys:superuser", []),
  systemRole(51, "sys:dba", dba),
  systemRole(52, "sys:operator", operator),
  systemRole(53, "sys:monitor", monitor),
  systemRole(securityAdminRoleOid, "sys:secadmin", secadmin),
];
