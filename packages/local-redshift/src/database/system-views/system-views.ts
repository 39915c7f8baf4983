import type { OutputColumn } from "../../sql/bound.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { constraintViews } from "./constraints.ts";
import { externalViews } from "./external-schemas.ts";
import { informationSchemaViews } from "./information-schema.ts";
import { materializedViewViews } from "./materialized-views.ts";
import { pgCatalogViews } from "./pg-catalog/pg-catalog.ts";
import { principalViews } from "./principals.ts";
import { privilegeViews } from "./privileges.ts";
import { queryViews } from "./queries.ts";
import { redshiftObjectViews } from "./redshift-objects.ts";
import { relationText } from "./relation-text.ts";
import { rowSecurityViews } from "./row-security.ts";
import { sessionViews } from "./sessions.ts";
import { showViews } from "./show.ts";
import { streamViews } from "./streams.ts";
import { tableViews } from "./table-info.ts";
import { vacuumViews } from "./vacuums.ts";
import { deniedViews, unbuiltViews } from "./unbuilt-views.ts";
import type { SystemView, SystemWorld } from "./system-view.ts";

const families = [
  constraintViews,
  externalViews,
  informationSchemaViews,
  materializedViewViews,
  pgCatalogViews,
  principalViews,
  privilegeViews,
  queryViews,
  redshiftObjectViews,
  rowSecurityViews,
  sessionViews,
  showViews,
  streamViews,
  tableViews,
  vacuumViews,
];

const views: ReadonlyMap<string, SystemView> = new Map(
  families.flatMap((family) =>
    Object.entries(family).map(([name, view]) => [name.includes(".") ? name : `pg_catalog.${name}`, view] as const),
  ),
);

/**
 * A system view as DuckDB text, with its rows as they are now; `undefined` when there is none of that name.
 * Throws for views that Serverless denies, and for documented ones that are not built.
 */
export function systemView(
  schema: string,
  name: string,
  world: SystemWorld,
): { sql: string; columns: readonly OutputColumn[] } | undefined {
  const view = views.get(`${schema}.${name}`);
  if (view === undefined) {
    if (schema === "pg_catalog") refuse(name);
    return undefined;
  }
  const columns = view.columns.map(([column, type]): OutputColumn => ({
    name: column,
    type,
    origin: { schema, table: name, nullable: true },
  }));
  return { sql: relationText(view, view.rows(world)), columns };
}

function refuse(name: string): void {
  if (deniedViews.has(name)) throw new SqlError(`permission denied for relation ${name}`, { sqlState: "42501" });
  if (unbuiltViews.has(name))
    throw new SqlError(`the system view ${name} is not built in the local Redshift`, { sqlState: "0A000" });
}
