import { SqlError } from "../../sql/sql-error.ts";
import type { GrantClause } from "../../sql/tree-rights.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { demand } from "../rights/check.ts";
import type { DefaultPrivilegesObject } from "../rights/principal.ts";
import { privilegeNamed, privilegesOf, withGrant, withoutGrant, type Privilege } from "../rights/privilege.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { without } from "../without.ts";
import { checkOption } from "./grant.ts";
import { fold } from "./names.ts";
import { granteeOid, mustFindUser } from "./principals.ts";

/** ALTER DEFAULT PRIVILEGES: what objects that are made from now on get granted. */
export async function alterDefaultPrivileges(
  statement: StatementOf<"alter-default-privileges">,
  context: StatementContext,
): Promise<StatementResult> {
  const users = statement.users.map((part) => mustFindUser(part, context).oid);
  const isForOthers = users.some((oid) => oid !== context.user.oid);
  if (isForOthers && !context.user.superuser && !context.user.system.has("alter default privileges"))
    throw new SqlError("must be superuser to alter default privileges of other users", { sqlState: "42501" });
  const schemas = statement.schemas.map((part) => schemaOid(fold(part, context), context));
  await context.begin();
  for (const user of users.length === 0 ? [context.user.oid] : users)
    for (const schema of schemas.length === 0 ? [undefined] : schemas) {
      const entry = context.catalogue.defaultPrivileges.find(
        (other) => other.user === user && other.schema === schema && other.on === statement.on,
      );
      const changed = apply(statement.clause, entry ?? fresh(statement.on, user, schema, context), context);
      if (changed.grants.length > 0 || changed.withoutPublic === true) await context.change(changed);
      else if (entry !== undefined) await context.drop(entry.oid);
    }
  return done("ALTER DEFAULT PRIVILEGES");
}

function schemaOid(name: string, context: StatementContext): number {
  const schema = context.catalogue.schema(name);
  if (schema === undefined) throw new SqlError(`schema "${name}" does not exist`, { sqlState: "3F000" });
  demand(context.user, schema, "create");
  return schema.oid;
}

function fresh(
  on: DefaultPrivilegesObject["on"],
  user: number,
  schema: number | undefined,
  context: StatementContext,
): DefaultPrivilegesObject {
  const oid = context.database.nextOid();
  return { kind: "default privileges", oid, user, on, grants: [], ...(schema === undefined ? {} : { schema }) };
}

function apply(
  clause: GrantClause,
  entry: DefaultPrivilegesObject,
  context: StatementContext,
): DefaultPrivilegesObject {
  let held: { readonly owner: string; readonly grants: DefaultPrivilegesObject["grants"] } = {
    owner: "",
    grants: entry.grants,
  };
  let withoutPublic = entry.withoutPublic === true;
  for (const node of clause.privileges)
    for (const { grantee, withOption } of clause.to) {
      if (withOption) checkOption(grantee, node);
      const to = granteeOid(grantee, context);
      if (entry.on === "functions" && grantee.kind === "public") withoutPublic = clause.revoke;
      for (const privilege of named(node.name, entry.on))
        held = clause.revoke
          ? withoutGrant(held, { to, privilege }, clause.optionOnly, undefined)
          : withGrant(
              held,
              { to, privilege, by: entry.user, ...(withOption ? { grantable: true as const } : {}) },
              undefined,
            );
    }
  return { ...without(entry, "withoutPublic"), grants: held.grants, ...(withoutPublic ? { withoutPublic } : {}) };
}

function named(name: string, on: DefaultPrivilegesObject["on"]): readonly Privilege[] {
  const kind = on === "tables" ? "table" : on === "functions" ? "function" : "procedure";
  if (name === "all") return privilegesOf[kind];
  const privilege = privilegeNamed(name, kind);
  if (privilege === undefined)
    throw new SqlError(`invalid privilege type ${name.toUpperCase()} for ${kind === "table" ? "relation" : kind}`, {
      sqlState: "0LP01",
    });
  return [privilege];
}
