import type { BindContext } from "../../sql/bind-context.ts";
import { bindQuery } from "../../sql/bind-query.ts";
import { resolvedQuery } from "../../sql/deparse/resolved-query.ts";
import { writeQuery, type Layout } from "../../sql/deparse/write-query.ts";
import { parseStatement } from "../../sql/parse-statement.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { Query } from "../../sql/tree.ts";
import type { Catalogue } from "../catalogue.ts";
import type { CatalogueColumn, RelationObject, ViewObject } from "../catalogue-object.ts";
import { bindContext, worldOfNobody } from "../relation-lookup.ts";

/** What a view's definition depends on besides the view. */
export interface DefinitionWorld {
  readonly catalogue: Catalogue;
  readonly databaseName: string;
  /** Of who asks: relations in these schemas are written without them. */
  readonly searchPath: readonly string[];
}

/**
 * The query of a view with all its names and types written out, where it can be; of a late-binding one as it was written, since its names
 * stand for nothing until it is used. Of a materialized view the text that made it, with its options, by which tools tell the two apart.
 * `undefined` for a table. Sources: DG r_SHOW_VIEW, materialized-view-create-sql-command.
 */
export function viewDefinition(relation: RelationObject, world: DefinitionWorld, layout?: Layout): string | undefined {
  if (relation.kind === "table") return undefined;
  if (relation.kind === "view") {
    const query = relation.lateBinding ? undefined : writtenOut(relation, world);
    return query === undefined ? relation.sql : `${writeQuery(query, layout)};`;
  }
  const { attributes, autoRefresh, name, schema, sql } = relation;
  const backup = attributes.backup === false ? " backup no" : "";
  return `create materialized view "${schema}"."${name}"${backup} auto refresh ${autoRefresh ? "yes" : "no"} as (${sql});`;
}

/** What was written out, and what of the world it depends on. */
interface Known {
  readonly needs: readonly unknown[];
  readonly query: Query | undefined;
}

const known = new WeakMap<ViewObject, Known>();

/** The objects that the query names, as they are now, and where names are looked for. */
const needsOf = ({ references }: ViewObject, { catalogue, searchPath }: DefinitionWorld): readonly unknown[] => [
  ...references.map(([, oid]) => catalogue.get(oid)),
  ...searchPath,
];

/** `undefined` for a query that reads system views, or whose text would make another view. */
function writtenOut(view: ViewObject, world: DefinitionWorld): Query | undefined {
  const needs = needsOf(view, world);
  const before = known.get(view);
  if (before?.needs.length === needs.length && before.needs.every((need, index) => need === needs[index]))
    return before.query;
  const query = tryWrite(view, world);
  known.set(view, { needs, query });
  return query;
}

function tryWrite(view: ViewObject, world: DefinitionWorld): Query | undefined {
  const { columns, settings } = view;
  const bind = definitionContext(world, settings);
  try {
    const source = bind.findRelation([view.schema, view.name]);
    if (source.kind !== "view") return undefined;
    const names = columns.map((column) => column.name);
    const isVisible = (schema: string) => schema === "pg_catalog" || world.searchPath.includes(schema);
    const query = resolvedQuery(source.query, names, isVisible, source.context);
    return makes(columns, writeQuery(query), bind) ? query : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

/** Names stand for what they stand for to the asker; no rights are checked. */
export function definitionContext(
  { catalogue, databaseName, searchPath }: DefinitionWorld,
  settings: ViewObject["settings"],
) {
  return bindContext(
    worldOfNobody(catalogue, databaseName, 0),
    { ...settings, searchPath },
    new Map(),
    () => undefined,
  );
}

/** Whether a text makes a view with these columns. */
function makes(columns: readonly CatalogueColumn[], text: string, bind: BindContext): boolean {
  const statement = parseStatement(text);
  if (statement.kind !== "query") return false;
  const made = bindQuery(statement.query, new Scope(), bind).columns;
  const shown = (list: readonly Pick<CatalogueColumn, "name" | "type">[]) =>
    JSON.stringify(list.map(({ name, type }) => [name, type.name === "unknown" ? "varchar" : type.name]));
  return shown(made) === shown(columns);
}
