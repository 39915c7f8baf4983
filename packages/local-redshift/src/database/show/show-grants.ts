import type { GranteeNode } from "../../sql/tree-rights.ts";
import type { StatementResult } from "../database.ts";
import { findRoutine, routineSignature } from "../functions/find-function.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { fold, foldParts, mustFind } from "../statements/names.ts";
import { mustFindRole, mustFindUser } from "../statements/principals.ts";
import { queryViews } from "./query-views.ts";
import { checkDatabase } from "./show-objects.ts";

const identity = "privilege_type, identity_id, identity_name, identity_type";

const onDatabase = `SELECT database_name, ${identity}, admin_option, 'DATABASE' AS privilege_scope
  FROM pg_catalog.svv_database_privileges WHERE database_name = $1`;

const onSchema = `SELECT namespace_name AS schema_name, namespace_name AS object_name, 'SCHEMA' AS object_type, ${identity},
  admin_option, 'SCHEMA' AS privilege_scope FROM pg_catalog.svv_schema_privileges WHERE namespace_name = $1`;

const onTable = `SELECT namespace_name AS schema_name, relation_name AS object_name, 'TABLE' AS object_type, ${identity},
  admin_option, 'TABLE' AS privilege_scope FROM pg_catalog.svv_relation_privileges
  WHERE namespace_name = $1 AND relation_name = $2`;

const routineName = "function_name || '(' || argument_types || ')'";

const onRoutine = `SELECT namespace_name AS schema_name, ${routineName} AS object_name, object_type, ${identity}, admin_option,
  object_type AS privilege_scope FROM pg_internal.routine_privileges
  WHERE namespace_name = $1 AND function_name = $2 AND argument_types = $3 AND object_type = $4`;

/** All that is given to one user or role. */
const toGrantee = `SELECT current_database() AS database_name, * FROM (
  SELECT NULL::varchar AS schema_name, NULL::varchar AS object_name, 'DATABASE' AS object_type, ${identity},
    'DATABASE' AS privilege_scope FROM pg_catalog.svv_database_privileges
  UNION ALL SELECT namespace_name, NULL, 'SCHEMA', ${identity}, 'SCHEMA' FROM pg_catalog.svv_schema_privileges
  UNION ALL SELECT namespace_name, relation_name, 'TABLE', ${identity}, 'TABLE' FROM pg_catalog.svv_relation_privileges
  UNION ALL SELECT namespace_name, ${routineName}, object_type, ${identity}, object_type
    FROM pg_internal.routine_privileges) AS granted WHERE true`;

/**
 * SHOW GRANTS. Source of the columns: Database Developer Guide, r_SHOW_GRANTS; those of all but databases, and of FOR, are UNCONFIRMED, and
 * so is ON PROCEDURE: the page names functions alone, as GRANT does procedures beside them.
 */
export async function showGrants(
  { on, to, limit }: StatementOf<"show-grants">,
  context: StatementContext,
): Promise<StatementResult> {
  const { sql, values } = on === undefined ? { sql: toGrantee, values: [] } : await objectOf(on, context);
  const grantee = to === undefined ? [] : granteeOf(to, context);
  const condition = grantee.map((_, index) => ` AND ${granteeColumns[index]} = $${values.length + index + 1}`).join("");
  const end = limit === undefined ? "" : ` LIMIT ${limit}`;
  const order = on === undefined ? "object_type, schema_name, object_name, " : "";
  return queryViews(
    `${sql}${condition} ORDER BY ${order}identity_type, identity_name, privilege_type${end}`,
    [...values, ...grantee],
    context,
  );
}

const granteeColumns = ["identity_type", "identity_name"];

function granteeOf(to: GranteeNode, context: StatementContext): readonly string[] {
  if (to.kind === "public") return ["public"];
  if (to.kind === "role") return ["role", mustFindRole(to.name, context).name];
  return ["user", to.kind === "user" ? mustFindUser(to.name, context).name : fold(to.name, context)];
}

async function objectOf(
  on: NonNullable<StatementOf<"show-grants">["on"]>,
  context: StatementContext,
): Promise<{ readonly sql: string; readonly values: readonly string[] }> {
  const { kind, name } = on;
  const parts = foldParts(name, context);
  const own = { database: 0, schema: 1, table: 2, function: 2, procedure: 2 }[kind];
  if (parts.length > own) checkDatabase(parts[0], context);
  if (kind === "database") return { sql: onDatabase, values: [parts[0]!] };
  if (kind === "schema") return { sql: onSchema, values: [parts.at(-1)!] };
  if (on.kind === "function" || on.kind === "procedure") {
    const routine = findRoutine(on.kind, name.slice(-2), on.args, context);
    const { schema, name: routineName } = routine;
    return { sql: onRoutine, values: [schema, routineName, routineSignature(routine), on.kind.toUpperCase()] };
  }
  const table = await mustFind(name.slice(-2), "share", context);
  return { sql: onTable, values: [table.schema, table.name] };
}
