import { plainTypeText } from "../../sql/sql-type.ts";
import type { Grant, Granted } from "../rights/privilege.ts";
import { granteeOf, mayKnow } from "./owners.ts";
import {
  bool,
  int4,
  name,
  text,
  type Cell,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

/** A grant in the words of the views: what, to whom, and whether it may be passed on; of roles and groups that is always false. */
function grantCells(grant: Grant, world: SystemWorld): Cell[] | undefined {
  const grantee = mayKnow(grant.to, world) ? granteeOf(grant.to, world) : undefined;
  if (grantee === undefined) return undefined;
  const mayPassOn = grant.grantable === true && grantee.type === "user";
  return [privilegeWord(grant), grantee.oid, grantee.name, grantee.type, mayPassOn];
}

const privilegeWord = ({ privilege }: Grant) => (privilege === "temporary" ? "TEMP" : privilege.toUpperCase());

const grantColumns = [
  ["privilege_type", text],
  ["identity_id", int4],
  ["identity_name", text],
  ["identity_type", text],
  ["admin_option", bool],
] as const;

/** Rows for the grants on an object, after the cells that name it; those on single columns are in SVV_COLUMN_PRIVILEGES. */
function grantRows(object: Granted, named: readonly Cell[], world: SystemWorld): Cell[][] {
  return (object.grants ?? []).flatMap((grant) => {
    const cells = grant.column === undefined ? grantCells(grant, world) : undefined;
    return cells === undefined ? [] : [[...named, ...cells]];
  });
}

const relationPrivileges: SystemView = {
  columns: [["namespace_name", text], ["relation_name", text], ...grantColumns],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) => grantRows(relation, [relation.schema, relation.name], world)),
};

const schemaPrivileges: SystemView = {
  columns: [["namespace_name", text], ...grantColumns],
  rows: (world) => world.catalogue.schemas.flatMap((schema) => grantRows(schema, [schema.name], world)),
};

const databasePrivileges: SystemView = {
  columns: [["database_name", text], ...grantColumns],
  rows: (world) => grantRows(world.catalogue.database, [world.catalogue.database.name], world),
};

const columnPrivileges: SystemView = {
  columns: [
    ["namespace_name", text],
    ["relation_name", text],
    ["column_name", text],
    ["privilege_type", text],
    ["identity_id", int4],
    ["identity_name", text],
    ["identity_type", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      (relation.grants ?? []).flatMap((grant) => {
        const cells = grant.column === undefined ? undefined : grantCells(grant, world);
        if (grant.column === undefined || cells === undefined) return [];
        return [[relation.schema, relation.name, grant.column, ...cells.slice(0, 4)]];
      }),
    ),
};

const functionPrivileges: SystemView = {
  columns: [["namespace_name", text], ["function_name", text], ["argument_types", text], ...grantColumns],
  rows: (world) =>
    world.catalogue.procedures.flatMap((procedure) => {
      const args = procedure.args.filter((argument) => argument.mode !== "out");
      const types = args.map((argument) => plainTypeText(argument.type)).join(", ");
      return grantRows(procedure, [procedure.schema, procedure.name, types], world);
    }),
};

const objectTypes = { tables: "RELATION", functions: "FUNCTION", procedures: "PROCEDURE" } as const;

const defaultPrivileges: SystemView = {
  columns: [
    ["schema_name", text],
    ["object_type", text],
    ["owner_id", int4],
    ["owner_name", text],
    ["owner_type", text],
    ["privilege_type", text],
    ["grantee_id", int4],
    ["grantee_name", text],
    ["grantee_type", text],
    ["admin_option", bool],
  ],
  rows: (world) =>
    world.catalogue.defaultPrivileges.flatMap((entry) => {
      const owner = granteeOf(entry.user, world);
      const schema = entry.schema === undefined ? undefined : world.catalogue.get(entry.schema);
      if (owner === undefined) return [];
      return entry.grants.flatMap((grant) => {
        const cells = grantCells(grant, world);
        if (cells === undefined) return [];
        const schemaName = schema?.kind === "schema" ? schema.name : null;
        return [[schemaName, objectTypes[entry.on], owner.oid, owner.name, owner.type, ...cells]];
      });
    }),
};

const tablePrivileges: SystemView = {
  columns: [
    ["grantor", name],
    ["grantee", name],
    ["table_catalog", name],
    ["table_schema", name],
    ["table_name", name],
    ["privilege_type", text],
    ["is_grantable", text],
    ["with_hierarchy", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      (relation.grants ?? []).flatMap((grant) => {
        const grantee = mayKnow(grant.to, world) ? granteeOf(grant.to, world) : undefined;
        if (grantee === undefined || grant.column !== undefined) return [];
        return [
          [
            granteeOf(grant.by, world)?.name ?? null,
            grantee.type === "public" ? "PUBLIC" : grantee.name,
            world.settings.databaseName,
            relation.schema,
            relation.name,
            privilegeWord(grant),
            grant.grantable === true ? "YES" : "NO",
            "NO",
          ],
        ];
      }),
    ),
};

/** Who was given what; what owners may do by themselves is not among it. */
export const privilegeViews: SystemViews = {
  "information_schema.table_privileges": tablePrivileges,
  svv_column_privileges: columnPrivileges,
  svv_database_privileges: databasePrivileges,
  svv_default_privileges: defaultPrivileges,
  svv_function_privileges: functionPrivileges,
  svv_relation_privileges: relationPrivileges,
  svv_schema_privileges: schemaPrivileges,
};
