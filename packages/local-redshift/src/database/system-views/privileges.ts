import type { CatalogueObject, FunctionObject, ProcedureObject } from "../catalogue-object.ts";
import { routineSignature } from "../functions/find-function.ts";
import type { Grant, Granted } from "../rights/privilege.ts";
import { databaseName, listing, type ListedColumn } from "./listing.ts";
import { granteeOf, mayKnow, type Grantee } from "./owners.ts";
import { bool, int4, name, text, type SystemViews, type SystemWorld } from "./system-view.ts";

/** A grant that the asking user may know of, and to whom it is. */
interface KnownGrant {
  readonly grant: Grant;
  readonly grantee: Grantee;
}

function known(grant: Grant, world: SystemWorld): readonly KnownGrant[] {
  const grantee = mayKnow(grant.to, world) ? granteeOf(grant.to, world) : undefined;
  return grantee === undefined ? [] : [{ grant, grantee }];
}

/** The grants on each object as a whole. */
const grantsOn = <Owned extends Granted>(objects: readonly Owned[], world: SystemWorld) =>
  objects.flatMap((object) =>
    (object.grants ?? [])
      .filter((grant) => grant.column === undefined)
      .flatMap((grant) => known(grant, world))
      .map((grant) => ({ ...grant, object })),
  );

const privilegeWord = ({ grant: { privilege } }: KnownGrant) =>
  privilege === "temporary" ? "TEMP" : privilege.toUpperCase();

/** Whether a grant may be passed on; of roles and groups that is always false. */
const mayPassOn = ({ grant, grantee }: KnownGrant) => grant.grantable === true && grantee.type === "user";

/** What is granted, and to whom. */
const identityColumns: readonly ListedColumn<KnownGrant>[] = [
  ["privilege_type", text, privilegeWord],
  ["identity_id", int4, ({ grantee }) => grantee.oid],
  ["identity_name", text, ({ grantee }) => grantee.name],
  ["identity_type", text, ({ grantee }) => grantee.type],
];

const grantColumns: readonly ListedColumn<KnownGrant>[] = [...identityColumns, ["admin_option", bool, mayPassOn]];

const relationPrivileges = listing({
  of: (world) => grantsOn(world.catalogue.relations, world),
  columns: [
    ["namespace_name", text, ({ object }) => object.schema],
    ["relation_name", text, ({ object }) => object.name],
    ...grantColumns,
  ],
});

const schemaPrivileges = listing({
  of: (world) => grantsOn(world.catalogue.schemas, world),
  columns: [["namespace_name", text, ({ object }) => object.name], ...grantColumns],
});

const databasePrivileges = listing({
  of: (world) => grantsOn([world.catalogue.database], world),
  columns: [["database_name", text, ({ object }) => object.name], ...grantColumns],
});

const columnPrivileges = listing({
  of: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      (relation.grants ?? []).flatMap((grant) => {
        const { column } = grant;
        return column === undefined ? [] : known(grant, world).map((one) => ({ ...one, relation, column }));
      }),
    ),
  columns: [
    ["namespace_name", text, ({ relation }) => relation.schema],
    ["relation_name", text, ({ relation }) => relation.name],
    ["column_name", text, ({ column }) => column],
    ...identityColumns,
  ],
});

const routineGrants = (world: SystemWorld) =>
  grantsOn<ProcedureObject | FunctionObject>([...world.catalogue.procedures, ...world.catalogue.functions], world);

const routineColumns: readonly ListedColumn<ReturnType<typeof routineGrants>[number]>[] = [
  ["namespace_name", text, ({ object }) => object.schema],
  ["function_name", text, ({ object }) => object.name],
  ["argument_types", text, ({ object }) => routineSignature(object)],
  ...grantColumns,
];

const functionPrivileges = listing({ of: routineGrants, columns: routineColumns });

/** SVV_FUNCTION_PRIVILEGES with what tells functions from procedures, for SHOW GRANTS; no view of Redshift. */
const routinePrivileges = listing({
  of: routineGrants,
  columns: [...routineColumns, ["object_type", text, ({ object }) => object.kind.toUpperCase()]],
});

/** Source: Database Developer Guide, r_SVV_LANGUAGE_PRIVILEGES. */
const languagePrivileges = listing({
  of: (world) => grantsOn(world.catalogue.languages, world),
  columns: [["language_name", text, ({ object }) => object.name], ...grantColumns],
});

/** What SVV_IAM_PRIVILEGES calls commands. */
const commandWords = {
  copy: "COPY",
  unload: "UNLOAD",
  "create model": "CREATE MODEL",
  "external function": "EXFUNC",
} as const;

/** What was granted: what PUBLIC has in a new database is not among it. Source: Database Developer Guide, r_SVV_IAM_PRIVILEGES. */
const iamPrivileges = listing({
  of: (world) =>
    world.catalogue.iamRoles.flatMap((role) =>
      role.grants.flatMap(({ to, command, initial }) => {
        const grantee = initial !== true && mayKnow(to, world) ? granteeOf(to, world) : undefined;
        return grantee === undefined ? [] : [{ role, command, grantee }];
      }),
    ),
  columns: [
    ["iam_arn", text, ({ role }) => role.name],
    ["command_type", text, ({ command }) => commandWords[command]],
    ["identity_id", int4, ({ grantee }) => grantee.oid],
    ["identity_name", text, ({ grantee }) => grantee.name],
    ["identity_type", text, ({ grantee }) => grantee.type],
  ],
});

const objectTypes = { tables: "RELATION", functions: "FUNCTION", procedures: "PROCEDURE" } as const;

const schemaName = (schema: CatalogueObject | undefined) => (schema?.kind === "schema" ? schema.name : null);

const defaultPrivileges = listing({
  of: (world) =>
    world.catalogue.defaultPrivileges.flatMap((entry) => {
      const owner = granteeOf(entry.user, world);
      const schema = entry.schema === undefined ? undefined : world.catalogue.get(entry.schema);
      if (owner === undefined) return [];
      return entry.grants.flatMap((grant) => known(grant, world)).map((grant) => ({ ...grant, entry, owner, schema }));
    }),
  columns: [
    ["schema_name", text, ({ schema }) => schemaName(schema)],
    ["object_type", text, ({ entry }) => objectTypes[entry.on]],
    ["owner_id", int4, ({ owner }) => owner.oid],
    ["owner_name", text, ({ owner }) => owner.name],
    ["owner_type", text, ({ owner }) => owner.type],
    ["privilege_type", text, privilegeWord],
    ["grantee_id", int4, ({ grantee }) => grantee.oid],
    ["grantee_name", text, ({ grantee }) => grantee.name],
    ["grantee_type", text, ({ grantee }) => grantee.type],
    ["admin_option", bool, mayPassOn],
  ],
});

const tablePrivileges = listing({
  of: (world) => grantsOn(world.catalogue.relations, world),
  columns: [
    ["grantor", name, ({ grant }, world) => granteeOf(grant.by, world)?.name ?? null],
    ["grantee", name, ({ grantee }) => (grantee.type === "public" ? "PUBLIC" : grantee.name)],
    ["table_catalog", name, databaseName],
    ["table_schema", name, ({ object }) => object.schema],
    ["table_name", name, ({ object }) => object.name],
    ["privilege_type", text, privilegeWord],
    ["is_grantable", text, ({ grant }) => (grant.grantable === true ? "YES" : "NO")],
    ["with_hierarchy", text, "NO"],
  ],
});

/** Who was given what; what owners may do by themselves is not among it. */
export const privilegeViews: SystemViews = {
  "information_schema.table_privileges": tablePrivileges,
  "pg_internal.routine_privileges": routinePrivileges,
  svv_column_privileges: columnPrivileges,
  svv_database_privileges: databasePrivileges,
  svv_default_privileges: defaultPrivileges,
  svv_function_privileges: functionPrivileges,
  svv_iam_privileges: iamPrivileges,
  svv_language_privileges: languagePrivileges,
  svv_relation_privileges: relationPrivileges,
  svv_schema_privileges: schemaPrivileges,
};
