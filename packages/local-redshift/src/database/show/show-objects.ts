import { SqlError } from "../../sql/sql-error.ts";
import type { QualifiedName } from "../../sql/tree.ts";
import type { StatementResult } from "../database.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { foldParts, mustFind } from "../statements/names.ts";
import { queryViews } from "./query-views.ts";

/**
 * SHOW DATABASES, SCHEMAS, TABLES and COLUMNS. Sources of the columns: the pages r_SHOW_DATABASES, r_SHOW_SCHEMAS, r_SHOW_TABLES and
 * r_SHOW_COLUMNS of the Database Developer Guide.
 */
export async function showObjects(
  statement: StatementOf<"show-objects">,
  context: StatementContext,
): Promise<StatementResult> {
  const { from, like, limit, object } = statement;
  const place = from === undefined ? [] : await placeOf(from, object, context);
  const { name, where, sql } = queries[object];
  const conditions = [...where, ...(like === undefined ? [] : [`${name} LIKE $${place.length + 1}`])];
  const text = [
    sql,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
    `ORDER BY ${object === "columns" ? "ordinal_position" : name}`,
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ].join(" ");
  return queryViews(text, [...place, ...(like === undefined ? [] : [like])], context);
}

const queries = {
  databases: {
    name: "database_name",
    where: [],
    sql: `SELECT database_name, database_owner, database_type, database_acl, NULL::varchar AS parameters,
      database_isolation_level FROM pg_catalog.svv_redshift_databases`,
  },
  schemas: { name: "schema_name", where: [], sql: "SELECT * FROM pg_catalog.svv_all_schemas" },
  tables: { name: "table_name", where: ["schema_name = $1"], sql: "SELECT * FROM pg_internal.show_tables" },
  columns: {
    name: "column_name",
    where: ["schema_name = $1", "table_name = $2"],
    sql: "SELECT * FROM pg_internal.show_columns",
  },
} as const;

/** The schema, or schema and table, that are shown. Throws for another database, and for what there is not. */
async function placeOf(
  name: QualifiedName,
  object: "databases" | "schemas" | "tables" | "columns",
  context: StatementContext,
): Promise<readonly string[]> {
  const parts = foldParts(name, context);
  const own = { databases: 0, schemas: 0, tables: 1, columns: 2 }[object];
  checkDatabase(parts.length > own ? parts[0]! : undefined, context);
  if (object === "columns") {
    const table = await mustFind(name.slice(-2), "share", context);
    return [table.schema, table.name];
  }
  const place = own === 0 ? [] : parts.slice(-own);
  const [schema] = place;
  if (schema !== undefined && context.catalogue.schema(schema) === undefined)
    throw new SqlError(`schema "${schema}" does not exist`, { sqlState: "3F000" });
  return place;
}

/** Throws unless this is the database of the session, which is the only one that can be looked into. */
export function checkDatabase(name: string | undefined, context: StatementContext): void {
  if (name === undefined || name === context.catalogue.database.name) return;
  if (name === "awsdatacatalog") throw new SqlError("SHOW of awsdatacatalog is not built in the local Redshift");
  throw new SqlError(`database "${name}" does not exist`, { sqlState: "3D000" });
}
