import type { BindContext, RelationSource, SessionFacts, SuperModes } from "../sql/bind-context.ts";
import type { BoundQuery } from "../sql/bind-query.ts";
import type { OutputColumn } from "../sql/bound.ts";
import { parseStatement } from "../sql/parse-statement.ts";
import { SqlError } from "../sql/sql-error.ts";
import type { Query } from "../sql/tree.ts";
import type { Catalogue } from "./catalogue.ts";
import {
  storageName,
  type CatalogueColumn,
  type CatalogueObject,
  type ProcedureObject,
  type RelationObject,
  type SchemaObject,
  type ViewObject,
} from "./catalogue-object.ts";
import type { KeptViews } from "./kept-views.ts";
import { streamColumns } from "./streaming/stream-relation.ts";

/** What looking names up needs besides the catalogue. */
export interface LookupWorld {
  readonly catalogue: Catalogue;
  readonly databaseName: string;
  /** Temporary tables of the session, by name. */
  readonly temporary: ReadonlyMap<string, RelationObject>;
  /** A system view, as DuckDB text with its columns. */
  systemView(schema: string, name: string): { sql: string; columns: readonly OutputColumn[] } | undefined;
  /** Views whose rows are kept, to be read instead of their queries. */
  readonly keptViews: KeptViews;
  /** Where a relation's rows are read instead of its own table, by object id. */
  readonly storage?: Storage;
  readonly facts: SessionFacts;
  /** What the session's settings say of SUPER; the defaults when left out. */
  readonly superModes?: SuperModes;
}

/** Tables of DuckDB by object id; a view's may come with the query that fills it, which then also gives the paths that are asked for. */
export type Storage = ReadonlyMap<number, { readonly table: string; readonly query?: BoundQuery }>;
const defaultSuperModes: SuperModes = {
  navigatesStrictly: false,
  castsStrictly: false,
  parseOptions: "",
  findsNulls: true,
};

/** A name that was looked up, and what it stood for. */
export interface FoundRelation {
  readonly name: string;
  readonly oid: number;
  readonly kind: RelationObject["kind"] | "stream";
}

/**
 * Makes the context in which a statement is bound. Each relation found is told to `onFound`; relations inside of a view are told with
 * `depth` above 0.
 */
export function bindContext(
  world: LookupWorld,
  settings: BindContext["settings"],
  parameters: ReadonlyMap<string, string>,
  onFound: (found: FoundRelation, depth: number) => void,
  variable?: BindContext["variable"],
): BindContext {
  let number = 0;
  const nextNumber = () => (number += 1);
  // A late-binding view follows the settings of the query. Source: DG r_enable_case_sensitive_super_attribute.
  const settingsOf = (view: ViewObject | undefined) =>
    view === undefined || view.lateBinding ? settings : view.settings;
  const make = (view: ViewObject | undefined, depth: number): BindContext => ({
    settings: settingsOf(view),
    superModes: world.superModes ?? defaultSuperModes,
    facts: world.facts,
    nextNumber,
    parameter: (name) => parameters.get(name),
    ...(view === undefined && variable !== undefined ? { variable } : {}),
    findRelation(parts) {
      const pinned = view === undefined || view.lateBinding ? undefined : pinnedOid(view, parts);
      const found = pinned === undefined ? lookUp(parts, settingsOf(view), world) : relationAt(pinned, world.catalogue);
      if (found === undefined) throw noRelation(parts);
      if (!("oid" in found)) return found;
      if (found.kind === "schema") return streamSource(found, parts.at(-1)!, onFound, depth);
      onFound({ name: parts.join("."), oid: found.oid, kind: found.kind }, depth);
      const elsewhere = world.storage?.get(found.oid);
      if (found.kind !== "view") return storedSource(found, elsewhere?.table ?? storageName(found));
      if (elsewhere !== undefined) return rowsOf(found, elsewhere.table, elsewhere.query);
      const kept = world.keptViews.get(found.oid);
      if (kept?.view === found) {
        onFound({ name: "", oid: kept.sourceOid, kind: "materialized view" }, depth + 1);
        return rowsOf(found, kept.table);
      }
      const context = make(found, depth + 1);
      const columns = found.lateBinding ? {} : { columns: outputColumns(found) };
      return { kind: "view", schema: found.schema, name: found.name, query: viewQuery(found), context, ...columns };
    },
  });
  return make(undefined, 0);
}

function relationAt(oid: number, catalogue: Catalogue): LookedUp | undefined {
  const object = catalogue.get(oid);
  return object?.kind === "procedure" ? undefined : object;
}

function pinnedOid(view: ViewObject, parts: readonly string[]): number | undefined {
  const name = parts.join(".");
  return view.references.find(([reference]) => reference === name)?.[1];
}

type LookedUp = Exclude<CatalogueObject, ProcedureObject> | SystemSource;
type SystemSource = Extract<RelationSource, { kind: "stored" }>;

function lookUp(parts: readonly string[], settings: BindContext["settings"], world: LookupWorld): LookedUp | undefined {
  const [name, schema, database] = [parts.at(-1)!, parts.at(-2), parts.at(-3)];
  if (database !== undefined && database !== world.databaseName)
    throw new SqlError("queries across databases are not built in the local Redshift");
  if (schema !== undefined) return inSchema(schema, name, world);
  const temporary = world.temporary.get(name);
  if (temporary !== undefined) return temporary;
  const schemas = ["pg_catalog", ...searchSchemas(settings.searchPath, world.facts.user)];
  for (const candidate of schemas) {
    const found = world.catalogue.schema(candidate)?.kinesis === undefined && inSchema(candidate, name, world, true);
    if (found) return found;
  }
  return undefined;
}

/** The search path with `$user` as the user's name. */
export function searchSchemas(searchPath: readonly string[], user: string): readonly string[] {
  return searchPath.map((schema) => (schema === "$user" ? user.toLowerCase() : schema));
}

function inSchema(schema: string, name: string, world: LookupWorld, quiet = false): LookedUp | undefined {
  const system = world.systemView(schema, name);
  if (system !== undefined) return { kind: "stored", schema, name, sql: system.sql, columns: system.columns };
  const relation = world.catalogue.relation(schema, name);
  if (relation !== undefined) return relation;
  const object = world.catalogue.schema(schema);
  if (object?.kinesis !== undefined) return object;
  if (object === undefined && !quiet && !systemSchemas.has(schema))
    throw new SqlError(`schema "${schema}" does not exist`, { sqlState: "3F000" });
  return undefined;
}

const systemSchemas: ReadonlySet<string> = new Set(["pg_catalog", "information_schema", "pg_internal", "sys"]);

function noRelation(parts: readonly string[]): SqlError {
  return new SqlError(`relation "${parts.join(".")}" does not exist`, { sqlState: "42P01" });
}

function streamSource(
  schema: SchemaObject,
  stream: string,
  onFound: (found: FoundRelation, depth: number) => void,
  depth: number,
): RelationSource {
  onFound({ name: stream, oid: schema.oid, kind: "stream" }, depth);
  return { kind: "stream", schema: schema.name, name: stream, sql: "temp.main.stage", columns: streamColumns };
}

/** A view's rows in a table of DuckDB whose columns are `c0`, `c1` … */
function rowsOf(view: ViewObject, sql: string, query?: BoundQuery): RelationSource {
  const { schema, name } = view;
  return { kind: "bound", schema, name, sql, columns: outputColumns(view), ...(query === undefined ? {} : { query }) };
}

function storedSource(object: Exclude<RelationObject, ViewObject>, sql: string): RelationSource {
  return {
    kind: "stored",
    schema: object.schema,
    name: object.name,
    sql,
    columns: outputColumns(object),
  };
}

/** A relation's columns for the binder. */
export function outputColumns(object: {
  schema: string;
  name: string;
  columns: readonly CatalogueColumn[];
}): readonly OutputColumn[] {
  return object.columns.map((column) => ({
    name: column.name,
    type: column.type,
    origin: { schema: object.schema, table: object.name, nullable: column.nullable },
  }));
}

const parsedViews = new WeakMap<{ sql: string }, Query>();

/** The tree of a view's query; parsed once for each object. */
export function viewQuery(view: { readonly sql: string }): Query {
  const known = parsedViews.get(view);
  if (known !== undefined) return known;
  const statement = parseStatement(view.sql);
  if (statement.kind !== "query")
    throw new Error(`the catalogue holds a view whose text is no query: ${statement.kind}`);
  parsedViews.set(view, statement.query);
  return statement.query;
}
