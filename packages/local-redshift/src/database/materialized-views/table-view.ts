import type { BindContext } from "../../sql/bind-context.ts";
import { bindQuery, type BoundQuery } from "../../sql/bind-query.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { Query } from "../../sql/tree.ts";
import { isRelation, type Catalogue } from "../catalogue.ts";
import { isTableView, storageName, type MaterializedViewObject, type TableViewObject } from "../catalogue-object.ts";
import { callsOf } from "../functions/find-function.ts";
import { viewQuery, type FoundRelation } from "../relation-lookup.ts";
import type { StatementContext } from "../statement-context.ts";
import { referencesOf } from "../statements/views.ts";
import { refreshStatus, type RefreshRun } from "../streaming/refresh-history.ts";
import { checkDefinition, isMutable, refusal } from "./definition.ts";
import { viewState } from "./view-state.ts";

const systemSchemas: ReadonlySet<string> = new Set(["pg_catalog", "information_schema"]);

/** Binds the query of a new view. Throws for relations that a materialized view may not read. */
export async function bindDefinition(
  query: Query,
  autoRefresh: boolean,
  context: StatementContext,
): Promise<{ readonly query: BoundQuery; readonly found: readonly FoundRelation[]; readonly bases: Bases }> {
  checkDefinition(query);
  const { built, found } = await context.prepare((bind) =>
    bindQuery(query, new Scope(), { ...bind, findRelation: (name) => findAllowed(name, bind) }),
  );
  const bases = basesOf(found, context);
  if (bases.length === 0) throw refusal("a materialized view needs a table to read");
  if (autoRefresh) checkAutoRefresh({ bases, query, references: referencesOf(found) }, context);
  return { query: built, found, bases };
}

/** Throws for views that cannot refresh on their own. Source of the first text: awsdocs/amazon-redshift-developer-guide#69. */
export function checkAutoRefresh(
  { bases, query, references }: Pick<TableViewObject, "bases" | "references"> & { readonly query: Query },
  context: StatementContext,
): void {
  if (bases.some((base) => context.catalogue.get(base.oid)?.kind === "materialized view"))
    throw refusal("Auto-refresh is not supported for materialized views defined on other materialized views.");
  if (isMutable({ query, references }, context.catalogue))
    throw refusal("Auto-refresh is not supported for materialized views with mutable functions.");
}

function findAllowed(name: readonly string[], bind: BindContext) {
  const source = bind.findRelation(name);
  if (source.kind === "stored" && systemSchemas.has(source.schema))
    throw refusal("Materialized views cannot be defined on system tables or views.");
  return source;
}

type Bases = TableViewObject["bases"];

function basesOf(found: readonly FoundRelation[], context: StatementContext): Bases {
  const oids = new Set(found.flatMap((one) => (one.kind === "function" ? [] : [one.oid])));
  return [...oids].map((oid) => {
    const object = context.catalogue.get(oid);
    if (object === undefined) throw refusal("Materialized views cannot be defined on temporary tables.");
    if (object.kind !== "table" && object.kind !== "materialized view")
      throw refusal("Materialized views cannot be defined on views.");
    // UNCONFIRMED: r_ATTACH_RLS_POLICY refuses policies on what a materialized view reads, and says nothing of the other way round.
    if (object.rowSecurity?.isOn === true || (object.rowSecurity?.attached.length ?? 0) > 0)
      throw refusal("Materialized views cannot be defined on relations with row-level security.");
    const columns = object.columns.map(({ name, type }) => ({ name, type }));
    return { oid, schema: object.schema, name: object.name, columns };
  });
}

/**
 * REFRESH of a view over tables, in the transaction of the statement. With `cascade` the materialized views below come first.
 * Source: Database Developer Guide, materialized-view-refresh; the result is that of an incremental refresh.
 */
export async function refreshTableView(
  view: TableViewObject,
  cascade: boolean,
  type: RefreshRun["type"],
  context: StatementContext,
): Promise<void> {
  const order = cascade ? belowFirst(view, context.catalogue) : [view];
  for (const one of order) if (!isTableView(one)) await refreshStreaming(one, context);
  for (const [index, one] of order.entries()) {
    if (!isTableView(one)) continue;
    try {
      await recompute(one, type, context);
    } catch (error) {
      for (const next of order.slice(index + 1)) record(next, type, cascadeFailed(one), context);
      throw error;
    }
  }
}

const cascadeFailed = (view: MaterializedViewObject) =>
  `Cascade refresh failed because materialized view ${view.schema}.${view.name} was not refreshed.`;

async function refreshStreaming(view: MaterializedViewObject, context: StatementContext): Promise<void> {
  await context.database.refreshes.refreshNow(view.oid, context.user.name, context.owner, context.signal);
}

/** The materialized views below, and at the end the view itself. */
function belowFirst(view: MaterializedViewObject, catalogue: Catalogue): readonly MaterializedViewObject[] {
  const order = new Set<MaterializedViewObject>();
  const visit = (one: MaterializedViewObject): void => {
    for (const [, oid] of one.references) {
      const below = catalogue.get(oid);
      if (below?.kind === "materialized view" && !order.has(below)) visit(below);
    }
    order.add(one);
  };
  visit(view);
  return [...order];
}

async function recompute(view: TableViewObject, type: RefreshRun["type"], context: StatementContext): Promise<void> {
  const { rowChanges } = context.database;
  const startedAt = context.database.now();
  await context.lock(view.oid, "write");
  const marks = context.inTransaction ? rowChanges.marks(view) : rowChanges.marks(view, context.changedRows);
  const state = viewState(view, context.catalogue);
  if (state > 100) {
    record(view, type, `Refresh failed. Base table changed physically due to a DDL operation`, context, startedAt);
    throw new SqlError(
      `Materialized view ${view.name} could not be refreshed as a base table changed physically due to a DDL operation`,
      { sqlState: "0A000" },
    );
  }
  const query = viewQuery(view);
  const isSame = !rowChanges.isStale(view) && !isMutable({ query, references: view.references }, context.catalogue);
  if (!context.inTransaction && isSame && !hasChangedBelow(view, context)) {
    record(view, type, refreshStatus.current, context, startedAt);
    return;
  }
  const { built } = await context.prepare((bind) => bindQuery(query, new Scope(), pinned(view, bind, context)));
  await context.begin();
  await context.connection.run(`DELETE FROM ${storageName(view)}`);
  await context.connection.run(`INSERT INTO ${storageName(view)} ${built.render()}`);
  await rowChanges.forget(context.connection, view.oid);
  context.rowsChanged(view.oid);
  if (!context.inTransaction) context.viewRefreshed(view.oid);
  const status = state === 1 ? refreshStatus.incremental : refreshStatus.recomputed;
  context.afterCommit(() => {
    rowChanges.refreshed(view.oid, marks);
    record(view, type, status, context, startedAt);
  });
}

/** A cascade refreshes what is below in this same transaction, whose changes are not counted yet. */
function hasChangedBelow(view: TableViewObject, context: StatementContext): boolean {
  return view.bases.some((base) => context.changedRows.has(base.oid));
}

/**
 * Names stand for what they stood for when the view was made. A function that was replaced since is called as it is now, and its being
 * replaced alone does not make the view stale (UNCONFIRMED: the documents are silent).
 */
function pinned(view: TableViewObject, bind: BindContext, context: StatementContext): BindContext {
  return {
    ...bind,
    settings: view.settings,
    findRelation(name) {
      const oid = view.references.find(([reference]) => reference === name.join("."))?.[1];
      const object = oid === undefined ? undefined : context.catalogue.get(oid);
      return bind.findRelation(object !== undefined && isRelation(object) ? [object.schema, object.name] : name);
    },
    findFunction: callsOf(view, bind, context.catalogue),
  };
}

function record(
  view: MaterializedViewObject,
  type: RefreshRun["type"],
  status: string,
  context: StatementContext,
  startedAt = context.database.now(),
): void {
  const { database, pid, user } = context;
  database.refreshes.history.add({
    viewOid: view.oid,
    user: user.name,
    pid,
    type,
    status,
    startedAt,
    endedAt: database.now(),
    transactionId: database.nextTransactionId(),
    shards: [],
  });
}
