import type {
  BindContext,
  KeptTexts,
  RelationSource,
  RowFilter,
  SessionFacts,
  SuperModes,
} from "../sql/bind-context.ts";
import type { BoundQuery } from "../sql/bind-query.ts";
import type { OutputColumn } from "../sql/bound.ts";
import { parseStatement } from "../sql/parse-statement.ts";
import { SqlError } from "../sql/sql-error.ts";
import type { Query } from "../sql/tree.ts";
import { isRelation, type Catalogue } from "./catalogue.ts";
import {
  isStreamingView,
  storageName,
  type CatalogueColumn,
  type RelationObject,
  type SchemaObject,
  type ViewObject,
} from "./catalogue-object.ts";
import { callable, calledFunction, callText, pinnedFunction } from "./functions/find-function.ts";
import { isCurrent, type KeptViews } from "./kept-views.ts";
import { nobody } from "./rights/facts.ts";
import { columnsWith, demand, hasPrivilege, permissionDenied } from "./rights/check.ts";
import { identityOf, type Identity } from "./rights/identity.ts";
import { mayLookUp, policiesFor, rowFilter } from "./row-security/row-filter.ts";
import { isProtectedFrom, type RlsPolicyObject } from "./row-security/row-security.ts";
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
  /** What is kept of a streaming view's SUPER values beside them; nothing when left out. */
  keptTexts?(viewOid: number): KeptTexts;
  /** Where a relation's rows are read instead of its own table, by object id. */
  readonly storage?: Storage;
  readonly facts: SessionFacts;
  /** What the session's settings say of SUPER; the defaults when left out. */
  readonly superModes?: SuperModes;
  /** Whose rights are checked; absent where none are, as when a view is refreshed. */
  readonly reader?: Identity;
  /** Told of each policy of row-level security that counts for a read; `undefined` when none does and so no row is seen. */
  onPolicy?(relation: RelationObject, policy: RlsPolicyObject | undefined): void;
  /** `name`: relations are looked up, and what is done with them is checked elsewhere. Default `read`. */
  readonly access?: "read" | "name";
}

/** Tables of DuckDB by object id; a view's may come with the query that fills it, which then also gives the paths that are asked for. */
export type Storage = ReadonlyMap<number, { readonly table: string; readonly query?: BoundQuery }>;
const defaultSuperModes: SuperModes = {
  navigatesStrictly: false,
  castsStrictly: false,
  parseOptions: "",
  findsNulls: true,
};

/** A name that was looked up, and what it stood for; of a function the call with its types. */
export interface FoundRelation {
  readonly name: string;
  readonly oid: number;
  readonly kind: RelationObject["kind"] | "stream" | "function";
  /** Only some of its columns may be read. */
  readonly partial?: true;
}

/**
 * Makes the context in which a statement is bound. Each relation and function found is told to `onFound`; those inside of a view or of
 * another function are told with `depth` above 0.
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
  const common = { superModes: world.superModes ?? defaultSuperModes, facts: world.facts, nextNumber };
  /** A policy's lookup tables are those of its creation, and it reads them in its own right. */
  const policyContext = (policy: RlsPolicyObject, depth: number): BindContext => ({
    ...common,
    settings: policy.settings,
    parameter: () => undefined,
    findFunction: (parts, args, isInside = false) => {
      const name = callText(parts, args);
      const searchPath = searchSchemas(policy.settings.searchPath, world.facts.user);
      const pinned = isInside ? undefined : pinnedFunction(policy, name, world.catalogue);
      const found = pinned ?? calledFunction(parts, args, searchPath, world.catalogue);
      if (found === undefined) return undefined;
      onFound({ name, oid: found.oid, kind: "function" }, depth);
      return callable(found, world.reader);
    },
    findRelation(parts) {
      const oid = policy.references.find(([reference]) => reference === parts.join("."))?.[1];
      const found = oid === undefined ? undefined : relationAt(oid, world.catalogue);
      if (found === undefined || found.kind === "schema" || found.kind === "view") throw noRelation(parts);
      if (!mayLookUp(policy, found)) throw permissionDenied(found);
      onFound({ name: parts.join("."), oid: found.oid, kind: found.kind }, depth);
      return storedSource(found, storageName(found), "all", undefined);
    },
  });
  /** Policies are those of who runs the query, also below views. Source: Database Developer Guide, t_rls_usage. */
  const filterOf = (relation: RelationObject, depth: number, isTarget: boolean): RowFilter | undefined => {
    const { reader } = world;
    if (reader === undefined || world.access === "name") return undefined;
    const found = policiesFor(relation, reader, world.catalogue);
    if (found === undefined) return undefined;
    for (const policy of found.policies.length === 0 ? [undefined] : found.policies) world.onPolicy?.(relation, policy);
    return rowFilter(found, (policy) => policyContext(policy, depth + 1), reader, isTarget);
  };
  const make = (view: ViewObject | undefined, depth: number, reader: Identity | undefined): BindContext => ({
    ...common,
    settings: settingsOf(view),
    parameter: (name) => parameters.get(name),
    findFunction: (parts, args, isInside = false) => {
      const name = callText(parts, args);
      const searchPath = searchSchemas(settingsOf(view).searchPath, world.facts.user);
      const pinned = view === undefined || isInside ? undefined : pinnedFunction(view, name, world.catalogue);
      const found = pinned ?? calledFunction(parts, args, searchPath, world.catalogue);
      if (found === undefined) return undefined;
      onFound({ name, oid: found.oid, kind: "function" }, isInside ? depth + 1 : depth);
      // Who reads a bound view calls its functions. Source: DG r_CREATE_VIEW.
      return callable(found, view?.lateBinding === true ? reader : world.reader);
    },
    ...(view === undefined && variable !== undefined ? { variable } : {}),
    targetFilter(oid) {
      const relation = relationAt(oid, world.catalogue);
      return relation === undefined || relation.kind === "schema" ? undefined : filterOf(relation, depth, true);
    },
    findRelation(parts) {
      const pinned = view === undefined || view.lateBinding ? undefined : pinnedOid(view, parts);
      const found =
        pinned === undefined ? lookUp(parts, settingsOf(view), world, reader) : relationAt(pinned, world.catalogue);
      if (found === undefined) throw noRelation(parts);
      if (!("oid" in found)) return found;
      if (found.kind === "schema") return streamSource(found, parts.at(-1)!, onFound, depth);
      const readable = world.access === "name" ? "all" : readableColumns(found, reader);
      const partial = readable === "all" ? {} : { partial: true as const };
      onFound({ name: parts.join("."), oid: found.oid, kind: found.kind, ...partial }, depth);
      const elsewhere = world.storage?.get(found.oid);
      const filter = filterOf(found, depth, false);
      const visible = filter === undefined ? {} : { filter };
      if (found.kind !== "view") {
        const kept = isStreamingView(found) && elsewhere === undefined ? world.keptTexts?.(found.oid) : undefined;
        return { ...storedSource(found, elsewhere?.table ?? storageName(found), readable, kept), ...visible };
      }
      if (elsewhere !== undefined) return rowsOf(found, elsewhere.table, readable, elsewhere.query);
      const kept = world.keptViews.get(found.oid);
      if (kept !== undefined && isCurrent(kept, world.catalogue) && !hidesBelow(found, world)) {
        onFound({ name: "", oid: kept.sourceOid, kind: "materialized view" }, depth + 1);
        if (reader !== undefined) checkOwnersRights(found, world.catalogue);
        return { ...rowsOf(found, kept.table, readable), ...visible };
      }
      const context = make(found, depth + 1, reader && ownerOf(found, world.catalogue));
      const columns = found.lateBinding ? {} : { columns: outputColumns(found, readable) };
      const { schema, name } = found;
      return { kind: "view", schema, name, query: viewQuery(found), context, ...columns, ...visible };
    },
  });
  return make(undefined, 0, world.reader);
}

/** What names stand for where no session asks: nothing temporary, no system views, no kept rows, and nobody's rights are checked. */
export function worldOfNobody(catalogue: Catalogue, databaseName: string, pid: number): LookupWorld {
  return {
    catalogue,
    databaseName,
    temporary: new Map(),
    systemView: () => undefined,
    keptViews: new Map(),
    facts: { ...nobody, databaseName, schema: "public", pid, statementTime: 0, transactionTime: 0 },
  };
}

/** The columns that may be read. Throws when there are none. */
function readableColumns(relation: RelationObject, reader: Identity | undefined): "all" | ReadonlySet<string> {
  if (reader === undefined || (relation.kind === "table" && relation.temporary === true)) return "all";
  const readable = columnsWith(reader, relation, "select");
  if (readable !== "all" && readable.size === 0) throw permissionDenied(relation);
  return readable;
}

/** A view reads with the rights of its owner. Source: Database Developer Guide, r_CREATE_VIEW, usage notes. */
function ownerOf(view: ViewObject, catalogue: Catalogue): Identity {
  const owner = catalogue.user(view.owner);
  const identity = owner && identityOf(catalogue, owner.oid);
  if (identity === undefined) throw permissionDenied(view);
  return identity;
}

/** Throws unless the owner of a bound view may read all that it reads, and so on below. */
function checkOwnersRights(view: ViewObject, catalogue: Catalogue): void {
  const owner = ownerOf(view, catalogue);
  for (const [, oid] of view.references) {
    const below = catalogue.get(oid);
    if (below === undefined || !isRelation(below)) continue;
    readableColumns(below, owner);
    if (below.kind === "view") checkOwnersRights(below, catalogue);
  }
}

/** Whether something below a view shows the reader only some of its rows, so that rows kept for all are not the reader's. */
function hidesBelow(view: ViewObject, world: LookupWorld): boolean {
  const { catalogue, reader } = world;
  return view.references.some(([, oid]) => {
    const below = catalogue.get(oid);
    if (reader === undefined || below === undefined || !isRelation(below)) return false;
    return isProtectedFrom(reader, below) || (below.kind === "view" && hidesBelow(below, world));
  });
}

function relationAt(oid: number, catalogue: Catalogue): RelationObject | SchemaObject | undefined {
  const object = catalogue.get(oid);
  return object !== undefined && (object.kind === "schema" || isRelation(object)) ? object : undefined;
}

function pinnedOid(view: ViewObject, parts: readonly string[]): number | undefined {
  const name = parts.join(".");
  return view.references.find(([reference]) => reference === name)?.[1];
}

type LookedUp = RelationObject | SchemaObject | SystemSource;
type SystemSource = Extract<RelationSource, { kind: "stored" }>;

function lookUp(
  parts: readonly string[],
  settings: BindContext["settings"],
  world: LookupWorld,
  reader: Identity | undefined,
): LookedUp | undefined {
  const [name, schema, database] = [parts.at(-1)!, parts.at(-2), parts.at(-3)];
  if (database !== undefined && database !== world.databaseName)
    throw new SqlError("queries across databases are not built in the local Redshift");
  if (schema !== undefined) {
    const named = world.catalogue.schema(schema);
    if (named !== undefined && reader !== undefined) demand(reader, named, "usage");
    return inSchema(schema, name, world);
  }
  const temporary = world.temporary.get(name);
  if (temporary !== undefined) return temporary;
  const schemas = ["pg_catalog", ...searchSchemas(settings.searchPath, world.facts.user)];
  for (const candidate of schemas) {
    const object = world.catalogue.schema(candidate);
    if (object?.kinesis !== undefined) continue;
    if (object !== undefined && reader !== undefined && !hasPrivilege(reader, object, "usage")) continue;
    const found = inSchema(candidate, name, world, true);
    if (found !== undefined) return found;
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

/** `relation "s.t" does not exist`. */
export function noRelation(parts: readonly string[]): SqlError {
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
function rowsOf(
  view: ViewObject,
  sql: string,
  readable: "all" | ReadonlySet<string>,
  query?: BoundQuery,
): RelationSource {
  const { schema, name } = view;
  const columns = outputColumns(view, readable);
  return { kind: "bound", schema, name, sql, columns, ...(query === undefined ? {} : { query }) };
}

function storedSource(
  object: Exclude<RelationObject, ViewObject>,
  sql: string,
  readable: "all" | ReadonlySet<string>,
  kept: KeptTexts | undefined,
): RelationSource {
  return {
    kind: "stored",
    ...(kept === undefined ? {} : { kept }),
    schema: object.schema,
    name: object.name,
    sql,
    columns: outputColumns(object, readable),
  };
}

/** A relation's columns for the binder; those that may not be read are marked. */
export function outputColumns(
  object: { schema: string; name: string; columns: readonly CatalogueColumn[] },
  readable: "all" | ReadonlySet<string> = "all",
): readonly OutputColumn[] {
  return object.columns.map((column) => ({
    name: column.name,
    type: column.type,
    origin: { schema: object.schema, table: object.name, nullable: column.nullable },
    ...(readable === "all" || readable.has(column.name) ? {} : { denied: object.name }),
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
