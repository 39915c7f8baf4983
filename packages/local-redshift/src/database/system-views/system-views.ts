import type { OutputColumn } from "../../sql/bound.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { externalViews } from "./external-schemas.ts";
import { informationSchemaViews } from "./information-schema.ts";
import { materializedViewViews } from "./materialized-views.ts";
import { pgCatalogViews } from "./pg-catalog.ts";
import { queryViews } from "./queries.ts";
import { relationText } from "./relation-text.ts";
import { sessionViews } from "./sessions.ts";
import { streamViews } from "./streams.ts";
import type { SystemView, SystemWorld } from "./system-view.ts";

const views: ReadonlyMap<string, SystemView> = new Map(
  [
    externalViews,
    informationSchemaViews,
    materializedViewViews,
    pgCatalogViews,
    queryViews,
    sessionViews,
    streamViews,
  ].flatMap((family) =>
    Object.entries(family).map(([name, view]) => [name.includes(".") ? name : `pg_catalog.${name}`, view] as const),
  ),
);

/**
 * A system view as DuckDB text, with its rows as they are now; `undefined` when there is none of that name.
 * Throws for STV_MV_INFO, which Serverless denies [GH dbt-labs/dbt-redshift#641].
 */
export function systemView(
  schema: string,
  name: string,
  world: SystemWorld,
): { sql: string; columns: readonly OutputColumn[] } | undefined {
  if (schema === "pg_catalog" && name === "stv_mv_info")
    throw new SqlError(`permission denied for relation ${name}`, { sqlState: "42501" });
  const view = views.get(`${schema}.${name}`);
  if (view === undefined) return undefined;
  const columns = view.columns.map(([column, type]): OutputColumn => ({
    name: column,
    type,
    origin: { schema, table: name, nullable: true },
  }));
  return { sql: relationText(view, view.rows(world)), columns };
}
