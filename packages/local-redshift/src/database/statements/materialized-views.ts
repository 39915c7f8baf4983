import { foldName } from "../../sql/bind-context.ts";
import { bindQuery } from "../../sql/bind-query.ts";
import { quoteName } from "../../sql/bound.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { QualifiedName, Query } from "../../sql/tree.ts";
import {
  isTableView,
  storageName,
  type CatalogueColumn,
  type MaterializedViewObject,
  type OwnedObject,
  type SchemaObject,
  type StreamingViewObject,
  type TableViewObject,
} from "../catalogue-object.ts";
import { visit } from "../kept-view-rules.ts";
import { isMutable } from "../materialized-views/definition.ts";
import { bindDefinition, checkAutoRefresh, refreshTableView } from "../materialized-views/table-view.ts";
import { viewQuery } from "../relation-lookup.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { demand } from "../rights/check.ts";
import type { Privilege } from "../rights/privilege.ts";
import { identityOf } from "../rights/identity.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { storedType } from "../stored-column.ts";
import { aggregationOf, checkMergedTypes } from "../streaming/aggregation.ts";
import { fromStream } from "../streaming/stream-errors.ts";
import { checkStreamingQuery, refusal } from "../streaming/streaming-rules.ts";
import { checkColumnNames, keptAttributes } from "./create-table.ts";
import { checkOwner, newName, noRelation, reserveName } from "./names.ts";
import { checkKeys } from "./table-keys.ts";
import { checkRole } from "./schemas.ts";
import { referencesOf, viewColumns } from "./views.ts";
import { foldParts } from "./names.ts";

/** CREATE MATERIALIZED VIEW, over a stream or over tables and other materialized views. */
export async function createMaterializedView(
  statement: StatementOf<"create-materialized-view">,
  context: StatementContext,
): Promise<StatementResult> {
  const { schema, name } = newName(statement.name, "create table", context);
  await reserveName(schema, name, context);
  const { autoRefresh, query } = statement;
  const kept: KeptParts = {
    kind: "materialized view",
    oid: context.database.nextOid(),
    schema,
    name,
    owner: context.user.name,
    sql: context.sql.slice(query.at, query.end),
    settings: context.nameSettings,
    autoRefresh,
    attributes: keptAttributes(statement.attributes, context),
  };
  if (readsStream(query, context)) await createOverStream(kept, query, context);
  else await createOverTables(kept, query, context);
  return done("CREATE MATERIALIZED VIEW");
}

type KeptParts = Omit<StreamingViewObject, "columns" | "references" | "source">;

/** The view is empty until its first refresh, which starts at TRIM_HORIZON. */
async function createOverStream(kept: KeptParts, query: Query, context: StatementContext): Promise<void> {
  const source = await findStream(query, context);
  const aggregation = aggregationOf(query, context.nameSettings);
  const { built, found } = await context.prepare((bind) => bindQuery(aggregation?.query ?? query, new Scope(), bind));
  const references = referencesOf(found);
  if (isMutable({ query, references }, context.catalogue)) throw refusal("Mutable functions are not supported");
  if (aggregation !== undefined) checkMergedTypes(built.columns);
  const all = viewColumns(built.columns, [], context);
  const columns = all.slice(0, all.length - (aggregation?.hidden ?? 0));
  await store({ ...kept, columns, references, source }, context, all);
}

async function createOverTables(kept: KeptParts, query: Query, context: StatementContext): Promise<void> {
  const { query: built, found, bases } = await bindDefinition(query, kept.autoRefresh, context);
  const columns = viewColumns(built.columns, [], context);
  const view: TableViewObject = { ...kept, columns, references: referencesOf(found), bases };
  const marks = context.database.rowChanges.marks(view);
  await store(view, context);
  await context.connection.run(`INSERT INTO ${storageName(view)} ${built.render()}`);
  context.afterCommit(() => context.database.rowChanges.refreshed(view.oid, marks));
}

/** Makes a view with its table, which may have further columns behind the view's own. */
async function store(
  view: MaterializedViewObject,
  context: StatementContext,
  columns: readonly CatalogueColumn[] = view.columns,
): Promise<void> {
  checkColumnNames(view.columns);
  checkKeys(view.columns, view.attributes);
  await context.begin();
  const stored = columns.map((column) => `${quoteName(column.name)} ${storedType(column)}`);
  await context.connection.run(`CREATE TABLE ${storageName(view)} (${stored.join(", ")})`);
  await context.change(view);
}

/** Whether a query names anything of an external schema, anywhere. */
function readsStream(query: Query, context: StatementContext): boolean {
  let found = false;
  visit(query, (node) => {
    const part: { readonly kind: string; readonly name?: unknown } = node;
    if (part.kind === "relation" && externalSchema(part.name as QualifiedName, context) !== undefined) found = true;
  });
  return found;
}

async function findStream(query: Query, context: StatementContext): Promise<StreamingViewObject["source"]> {
  const { relation } = checkStreamingQuery(query, context.nameSettings);
  const schema = externalSchema(relation.name, context);
  if (schema?.kinesis === undefined)
    throw new SqlError("Materialized view over stream could not be created, reason: JOIN is not supported.", {
      sqlState: "0A000",
    });
  checkRole(schema.kinesis.roleArn, context);
  if (schema.kinesis.region !== context.database.settings.region)
    throw new SqlError(`streams of another region (${schema.kinesis.region}) are not built in the local Redshift`);
  const streamName = await streamOf(relation.name.at(-1)!.text, relation.name.at(-1)!.quoted, context);
  return { schemaOid: schema.oid, streamName };
}

function externalSchema(name: readonly { text: string; quoted: boolean; at: number }[], context: StatementContext) {
  const schema = name.at(-2);
  if (schema === undefined) return undefined;
  const found: SchemaObject | undefined = context.catalogue.schema(foldName(schema, context.nameSettings));
  return found?.kinesis === undefined ? undefined : found;
}

/** Names fold to lower case unless `enable_case_sensitive_identifier` keeps them; a stream with capitals is then not found. */
async function streamOf(text: string, quoted: boolean, context: StatementContext): Promise<string> {
  const name = foldName({ text, quoted, at: 0 }, context.nameSettings);
  const stream = await fromStream(name, () => context.database.settings.streams.describe(name));
  if (stream === undefined)
    throw new SqlError(`Kinesis stream "${name}" does not exist, or the role may not read it`, { sqlState: "42P01" });
  return stream.streamName;
}

/** REFRESH MATERIALIZED VIEW: a transaction of its own, that reads until the stream has no more. */
export async function refreshMaterializedView(
  statement: StatementOf<"refresh-materialized-view">,
  context: StatementContext,
): Promise<StatementResult> {
  const view = await mustFindView(statement.name, undefined, context);
  checkOwner(view, context);
  demandSources(view, context);
  if (context.database.catalogue.get(view.oid) === undefined)
    throw new SqlError("REFRESH in the transaction that creates the view is not built in the local Redshift");
  // REFRESH is a transaction of its own, also between BEGIN and END (UNCONFIRMED), so it would wait for the one around it for ever.
  if (
    context.database.locks
      .list()
      .some((lock) => lock.key === view.oid && lock.owner === context.owner && lock.mode !== "share")
  )
    throw new SqlError(`cannot refresh "${view.name}" in the transaction that has changed it`, { sqlState: "55006" });
  if (isTableView(view)) await refreshTableView(view, statement.cascade, "Manual", context);
  else await context.database.refreshes.refreshNow(view.oid, context.user.name, context.owner, context.signal);
  return done("REFRESH MATERIALIZED VIEW");
}

/**
 * The owner of a view has to have USAGE on the external schema, SELECT on all else that it reads and EXECUTE on what it calls, when it is
 * refreshed; the last is UNCONFIRMED.
 */
function demandSources(view: MaterializedViewObject, context: StatementContext): void {
  const { catalogue } = context;
  const user = catalogue.user(view.owner);
  const owner = user && identityOf(catalogue, user.oid);
  for (const oid of view.references.map((reference) => reference[1])) {
    const source = catalogue.get(oid);
    if (owner === undefined || source === undefined || !("owner" in source) || source.kind === "role") continue;
    demand(owner, source, neededFor(source.kind));
  }
}

function neededFor(kind: OwnedObject["kind"]): Privilege {
  if (kind === "schema") return "usage";
  return kind === "function" ? "execute" : "select";
}

/** ALTER MATERIALIZED VIEW … AUTO REFRESH. */
export async function alterMaterializedView(
  statement: StatementOf<"alter-materialized-view">,
  context: StatementContext,
): Promise<StatementResult> {
  const view = await mustFindView(statement.name, "exclusive", context);
  checkOwner(view, context);
  if (statement.autoRefresh && isTableView(view)) checkAutoRefresh({ ...view, query: viewQuery(view) }, context);
  await context.begin();
  await context.change({ ...view, autoRefresh: statement.autoRefresh });
  return done("ALTER MATERIALIZED VIEW");
}

async function mustFindView(
  name: StatementOf<"refresh-materialized-view">["name"],
  mode: "exclusive" | undefined,
  context: StatementContext,
): Promise<MaterializedViewObject> {
  const view = await context.target(foldParts(name, context), mode ?? "share");
  if (view === undefined) throw noRelation(name);
  if (view.kind !== "materialized view")
    throw new SqlError(`"${view.name}" is not a materialized view`, { sqlState: "42809" });
  return view;
}
