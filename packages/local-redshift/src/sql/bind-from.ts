import { foldName, type BindContext, type KeptTexts, type RowFilter } from "./bind-context.ts";
import { bindExpression, bindStep, unify } from "./bind-expression.ts";
import { bindName, columnAt } from "./bind-name.ts";
import { bindPivot, bindUnpivotColumns } from "./bind-pivot.ts";
import { bindQuery, type BoundQuery } from "./bind-query.ts";
import {
  eachElement,
  quoteName,
  type Bound,
  type OutputColumn,
  type PathSource,
  type PathStep,
  type PathWant,
} from "./bound.ts";
import { cellsOf, fromCell } from "./kept-text.ts";
import { asCondition, compare } from "./operators.ts";
import { Scope, type Relation, type ScopeColumn } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { castTo } from "./cast.ts";
import { resolveType, types } from "./sql-type.ts";
import { readPath, superElements, superKind, superMembers, superNames } from "./super-value.ts";
import type { FromItem, NamePart } from "./tree.ts";

/** An item of FROM whose relations are in scope; written when all that reads it is bound. */
export interface BoundFrom {
  readonly relations: readonly Relation[];
  /** The item reads relations before it, so a join needs LATERAL. */
  readonly lateral?: boolean;
  render(): string;
}

/** Binds FROM from left to right, adding each relation to the scope. */
export function bindFrom(items: readonly FromItem[], scope: Scope, context: BindContext): BoundFrom[] {
  return items.map((item) => bindItem(item, scope, context));
}

/** Writes items of FROM, the last first: what reads those before it asks them for what it needs. */
export function renderFrom(items: readonly BoundFrom[]): string[] {
  return items
    .toReversed()
    .map((item) => item.render())
    .reverse();
}

/** Binds one item, adding its relations to the scope. */
export function bindItem(item: FromItem, scope: Scope, context: BindContext): BoundFrom {
  switch (item.kind) {
    case "relation":
      return isPath(item, scope, context) ? bindPath(item, scope, context) : bindRelation(item, scope, context);
    case "derived":
      return bindDerived(item, scope, context);
    case "join":
      return bindJoin(item, scope, context);
    case "function-rows":
      return bindFunctionRows(item, scope, context);
    case "unnest":
      return bindUnnest(item, scope, context);
    case "unpivot":
      return bindUnpivot(item, scope, context);
    case "pivot":
      return bindPivot(item, scope, context);
    case "unpivot-columns":
      return bindUnpivotColumns(item, scope, context);
  }
}

type RelationItem = Extract<FromItem, { kind: "relation" }>;

/** `v.payload.events` is a path when `v` is a relation that was named before, and a table of a schema otherwise. */
export function isPath(item: RelationItem, scope: Scope, context: BindContext): boolean {
  if (item.steps.length > 0 || item.index !== undefined) return true;
  const relation = scope.findRelation(foldName(item.name[0]!, context.settings));
  return relation !== undefined && (item.name.length > 1 || relation.isElement === true);
}

function bindRelation(item: RelationItem, scope: Scope, context: BindContext): BoundFrom {
  const { settings } = context;
  const name = item.name.map((part) => foldName(part, settings));
  const source = context.findRelation(name);
  context.notes?.relation(item, source.schema, source.name);
  const alias = item.alias === undefined ? name.at(-1)! : foldName(item.alias, settings);
  const schema = item.alias === undefined && source.schema !== undefined ? { schema: source.schema } : {};
  const number = `r${context.nextNumber()}`;
  const aliases = item.columnAliases;
  if (source.kind === "view") {
    const query = bindQuery(source.query, new Scope(), source.context);
    const columns = source.columns ?? query.columns.map((column) => ({ ...column, origin: originOf(source) }));
    return fromQuery(query, columns, alias, schema, number, aliases, scope, context, source.filter);
  }
  if (source.kind === "bound" && source.query !== undefined) {
    const query = source.query;
    return {
      ...fromQuery(query, source.columns, alias, schema, number, aliases, scope, context),
      render: () => `${source.sql} AS ${number}`,
    };
  }
  const position = source.kind === "bound";
  const names = source.columns.map((column, index) => (position ? `c${index}` : quoteName(column.name)));
  const columns = source.columns.map((column, index) => ({ ...column, sql: `${number}.${names[index]}` }));
  const kept = source.kind === "stored" ? source.kept : undefined;
  const stored = new StoredPaths(source.columns, names, number, kept);
  const relation = { alias, ...schema, columns: renamed(columns, aliases, context), ...stored.source };
  scope.add(relation);
  const visible = visibleRows(
    source.kind === "stream" ? undefined : source.filter,
    source.columns.map((column, index) => ({ ...column, sql: `f.${names[index]}` })),
  );
  return { relations: [relation], render: () => stored.render(visible(source.sql)) };
}

/**
 * What a stored relation offers of its SUPER values: texts that are kept beside them, and lists for unnesting as columns of its own. An
 * expression over the relation inside of LATERAL would make DuckDB join by the whole JSON; a column it only unnests (seen with DuckDB
 * 1.5.6: a fifth of the time).
 */
class StoredPaths {
  readonly #columns: readonly OutputColumn[];
  readonly #names: readonly string[];
  readonly #number: string;
  readonly #kept: KeptTexts | undefined;
  readonly #lists: string[] = [];

  /** `names` are the columns as DuckDB's text has them. */
  constructor(columns: readonly OutputColumn[], names: readonly string[], number: string, kept: KeptTexts | undefined) {
    this.#columns = columns;
    this.#names = names;
    this.#number = number;
    this.#kept = kept;
  }

  readonly source: PathSource = {
    keepsPath: (column, steps, want) =>
      want === "elements" ? !steps.includes(eachElement) : this.#keptIn(column, steps, want) !== undefined,
    takePath: (column, steps, want) => {
      if (want === "elements") return this.#list(readPath(`s.${this.#names[column]}`, steps, want));
      const kept = quoteName(this.#keptIn(column, steps, want)!);
      return steps.includes(eachElement) ? this.#list(cellsOf(`s.${kept}`)) : fromCell(`${this.#number}.${kept}`);
    },
  };

  #keptIn(column: number, steps: readonly PathStep[], want: PathWant): string | undefined {
    return this.#kept?.find(this.#columns[column]!.name, steps, want);
  }

  #list(sql: string): string {
    if (!this.#lists.includes(sql)) this.#lists.push(sql);
    return `${this.#number}.${this.#name(this.#lists.indexOf(sql))}`;
  }

  render(sql: string): string {
    if (this.#lists.length === 0) return `${sql} AS ${this.#number}`;
    const lists = this.#lists.map((list, index) => `${list} AS ${this.#name(index)}`);
    return `(SELECT s.*, ${lists.join(", ")} FROM ${sql} AS s) AS ${this.#number}`;
  }

  /** A name that no column of the relation has. */
  #name(index: number): string {
    let name = `h${index}`;
    while (this.#names.some((column) => column.toLowerCase() === quoteName(name))) name = `_${name}`;
    return name;
  }
}

const originOf = (source: { schema: string; name: string }) => ({
  schema: source.schema,
  table: source.name,
  nullable: true,
});

function fromQuery(
  query: BoundQuery,
  columns: readonly OutputColumn[],
  alias: string,
  schema: { schema?: string },
  number: string,
  aliases: readonly NamePart[],
  scope: Scope,
  context: BindContext,
  filter?: RowFilter,
): BoundFrom {
  const visible = visibleRows(
    filter,
    columns.map((column, index) => ({ ...column, sql: `f.c${index}` })),
  );
  const located = columns.map((column, index) => ({ ...column, sql: `${number}.c${index}` }));
  const relation: Relation = {
    alias,
    ...schema,
    columns: renamed(located, aliases, context),
    keepsPath: (column, steps, want) => query.keepsPath(column, steps, want),
    takePath: (column, steps, want) => `${number}.${query.takePath(column, steps, want)}`,
  };
  scope.add(relation);
  return { relations: [relation], render: () => `${visible(`(${query.render()})`)} AS ${number}` };
}

/** More rows than any relation has. */
const allRows = 2n ** 62n;

/**
 * Wraps a relation, so that only the rows that its reader may see come out of it, and nothing else looks at the others: DuckDB moves no
 * condition of the query below LIMIT. `columns` are the relation's under the alias `f`.
 */
function visibleRows(filter: RowFilter | undefined, columns: readonly ScopeColumn[]): (sql: string) => string {
  if (filter === undefined) return (sql) => sql;
  const condition = filter.condition(columns);
  return (sql) => `(SELECT f.* FROM ${sql} AS f WHERE ${condition} LIMIT ${allRows})`;
}

/** Columns with the names of a column list behind an alias. */
export function renamed(
  columns: readonly ScopeColumn[],
  aliases: readonly NamePart[],
  context: BindContext,
): readonly ScopeColumn[] {
  if (aliases.length > columns.length)
    throw new SqlError(`table has ${columns.length} columns available but ${aliases.length} columns specified`, {
      sqlState: "42P10",
    });
  return columns.map((column, index) => {
    const alias = aliases[index];
    return alias === undefined ? { ...column } : { ...column, name: foldName(alias, context.settings) };
  });
}

function bindDerived(item: Extract<FromItem, { kind: "derived" }>, scope: Scope, context: BindContext): BoundFrom {
  const number = `r${context.nextNumber()}`;
  const alias = item.alias === undefined ? number : foldName(item.alias, context.settings);
  const query = bindQuery(item.query, new Scope(scope.parent), context);
  return fromQuery(query, query.columns, alias, {}, number, item.columnAliases, scope, context);
}

/** Functions whose rows are a system view. */
const rowFunctions: ReadonlySet<string> = new Set(["pg_get_late_binding_view_cols"]);

/** A function without arguments that gives rows, or the one value of a scalar function as a row. */
function bindFunctionRows(
  item: Extract<FromItem, { kind: "function-rows" }>,
  scope: Scope,
  context: BindContext,
): BoundFrom {
  const { args, at, columns } = item;
  const name = foldName(item.name.at(-1)!, context.settings);
  const number = `r${context.nextNumber()}`;
  const alias = item.alias === undefined ? name : foldName(item.alias, context.settings);
  const source = rowFunctions.has(name) && args.length === 0 ? rowsOf(name, context) : valueOf(item, scope, context);
  if (columns.length > source.columns.length)
    throw new SqlError(
      `function ${name} has ${source.columns.length} columns available but ${columns.length} columns specified`,
      {
        sqlState: "42P10",
        position: at + 1,
      },
    );
  const bound = source.columns.map((column, index) => {
    const sql = `${number}.${quoteName(column.name)}`;
    const given = columns[index];
    if (given === undefined)
      return { ...column, name: columns.length === 0 && source.columns.length === 1 ? alias : column.name, sql };
    const cast =
      given.type === undefined
        ? { sql, type: column.type }
        : castTo({ sql, type: column.type }, resolveType(given.type, "cast"));
    return { name: foldName(given.name, context.settings), type: cast.type, sql: cast.sql };
  });
  const relation = { alias, columns: bound };
  scope.add(relation);
  return { relations: [relation], render: () => `${source.sql} AS ${number}` };
}

function rowsOf(
  name: string,
  context: BindContext,
): { readonly sql: string; readonly columns: readonly OutputColumn[] } {
  const source = context.findRelation(["pg_catalog", name]);
  if (source.kind !== "stored") throw new Error(`${name} is no system view`);
  return source;
}

function valueOf(
  item: Extract<FromItem, { kind: "function-rows" }>,
  scope: Scope,
  context: BindContext,
): { readonly sql: string; readonly columns: readonly OutputColumn[] } {
  const { args, at, name } = item;
  const plain = {
    star: false,
    distinct: false,
    approximate: false,
    withinGroup: [],
    ignoreNulls: false,
    over: undefined,
  };
  const value = bindExpression({ kind: "function", name, args, at, ...plain }, new Scope(scope.parent), context);
  return { sql: `(SELECT ${value.sql} AS v)`, columns: [{ name: "v", type: value.type }] };
}

function bindPath(item: RelationItem, scope: Scope, context: BindContext): BoundFrom {
  const target = bindName(item.name, scope, context);
  const value = item.steps.reduce((bound, step) => bindStep(bound, step, scope, context), target);
  const alias = foldName(item.alias ?? item.name.at(-1)!, context.settings);
  const index = item.index === undefined ? undefined : foldName(item.index, context.settings);
  return elements(value, alias, alias, index, scope, context);
}

/**
 * The elements of an array as rows. What is no array gives no rows, also when it is NULL or missing
 * (UNCONFIRMED: the documents do not say; an inner join is the PartiQL norm).
 */
function elements(
  value: Bound,
  alias: string,
  element: string,
  index: string | undefined,
  scope: Scope,
  context: BindContext,
): BoundFrom {
  if (value.type.name !== "super")
    throw new SqlError(`cannot unnest "${alias}" as it is not SUPER type`, { sqlState: "42809" });
  const number = `r${context.nextNumber()}`;
  const unnested = new UnnestedElements(value, number);
  const columns: ScopeColumn[] = [unnested.column(element)];
  if (index !== undefined) columns.push({ name: index, type: types.int8, sql: `${number}.i` });
  const relation: Relation = { alias, columns, isElement: element === alias, ...unnested.source };
  scope.add(relation);
  return { relations: [relation], lateral: true, render: () => unnested.render(index !== undefined) };
}

/** The elements of an array: their JSON where something reads it, and beside it what a relation below keeps of each. */
class UnnestedElements {
  readonly #value: Bound;
  readonly #number: string;
  readonly #cells: string[] = [];
  #isRead = false;

  constructor(value: Bound, number: string) {
    this.#value = value;
    this.#number = number;
  }

  readonly source: PathSource = {
    isMadeHere: true,
    keepsPath: (_column, steps, want) => {
      const below = this.#below(steps);
      const keeps = below?.relation.keepsPath(below.column, below.steps, want) === true;
      if (!keeps) this.#isRead = true;
      return keeps;
    },
    takePath: (_column, steps, want) => {
      const below = this.#below(steps)!;
      const list = below.relation.takePath(below.column, below.steps, want);
      if (!this.#cells.includes(list)) this.#cells.push(list);
      return fromCell(`${this.#number}.p${this.#cells.indexOf(list)}`);
    },
  };

  /** The element itself as a column. */
  column(name: string): ScopeColumn {
    const read = () => {
      this.#isRead = true;
      return `${this.#number}.e`;
    };
    return {
      name,
      type: types.super,
      get sql() {
        return read();
      },
    };
  }

  /** To be called before relations below are written: only now is known whether they are asked for the elements. */
  render(isCounted: boolean): string {
    const elements = this.#isRead || this.#cells.length === 0 ? [superElements(this.#value)] : [];
    const items = [
      ...elements.map((list) => `unnest(${list}) AS e`),
      ...this.#cells.map((list, index) => `unnest(${list}) AS p${index}`),
      ...(isCounted ? [`generate_subscripts(${[...elements, ...this.#cells][0]}, 1) - 1 AS i`] : []),
    ];
    return `LATERAL (SELECT ${items.join(", ")}) AS ${this.#number}`;
  }

  #below(steps: readonly PathStep[]) {
    const path = this.#value.path;
    return path?.source && { ...path.source, steps: [...path.steps, eachElement, ...steps] };
  }
}

function bindUnnest(item: Extract<FromItem, { kind: "unnest" }>, scope: Scope, context: BindContext): BoundFrom {
  const { settings } = context;
  const alias = item.alias === undefined ? "unnest" : foldName(item.alias, settings);
  const [first, second] = item.columnAliases;
  const element = first === undefined ? alias : foldName(first, settings);
  const index = item.withOffset ? (second === undefined ? "offset" : foldName(second, settings)) : undefined;
  return elements(bindExpression(item.operand, scope, context), alias, element, index, scope, context);
}

/** An object's attributes as rows; what is no object gives none (UNCONFIRMED, as with arrays). */
function bindUnpivot(item: Extract<FromItem, { kind: "unpivot" }>, scope: Scope, context: BindContext): BoundFrom {
  const { settings } = context;
  const value = bindExpression(item.operand, scope, context);
  const number = `r${context.nextNumber()}`;
  const alias = foldName(item.alias, settings);
  const columns: ScopeColumn[] = [{ name: alias, type: types.super, sql: `${number}.e` }];
  if (item.key !== undefined)
    columns.push({ name: foldName(item.key, settings), type: types.text, sql: `${number}.k` });
  const relation: Relation = { alias, columns, isElement: true };
  scope.add(relation);
  const rows = `SELECT unnest(${superMembers(value)}) AS e, unnest(${superNames(value)}) AS k`;
  return {
    relations: [relation],
    lateral: true,
    render: () => `LATERAL (${rows} WHERE ${superKind(value)} = 'OBJECT') AS ${number}`,
  };
}

type JoinItem = Extract<FromItem, { kind: "join" }>;

function bindJoin(item: JoinItem, scope: Scope, context: BindContext): BoundFrom {
  const left = bindItem(item.left, scope, context);
  const right = bindItem(item.right, scope, context);
  // Source: DG limitations-super; the text is UNCONFIRMED.
  if ((item.type === "right" || item.type === "full") && (left.lateral === true || right.lateral === true))
    throw new SqlError("SUPER values cannot be used in RIGHT or FULL OUTER joins", { sqlState: "0A000" });
  const shared = item.natural ? commonNames(left, right) : item.using.map((name) => foldName(name, context.settings));
  const merged = shared.map((name) => mergeColumns(name, left, right, item.type));
  const condition = item.on
    ? asCondition(bindExpression(item.on, scope, context), "join/on")
    : merged.map((one) => one.condition).join(" AND ");
  const relations = [...left.relations, ...right.relations];
  if (merged.length > 0) {
    const relation = { alias: "", columns: merged.map((one) => one.column) };
    scope.relations.splice(scope.relations.indexOf(left.relations[0]!), 0, relation);
    relations.unshift(relation);
  }
  if (condition === "" || item.type === "cross")
    return { relations, render: () => `(${renderFrom([left, right]).join(" CROSS JOIN ")})` };
  const word = item.type.toUpperCase();
  return { relations, render: () => `(${renderFrom([left, right]).join(` ${word} JOIN `)} ON ${condition})` };
}

function commonNames(left: BoundFrom, right: BoundFrom): string[] {
  const names = (from: BoundFrom) =>
    from.relations.flatMap(({ columns }) => columns.flatMap((column) => (column.hidden === true ? [] : [column.name])));
  const others = new Set(names(right));
  return names(left).filter((name) => others.has(name));
}

/**
 * A column of USING: what its name without a relation means, which `*` shows first, and the condition on the two that it stands for. Those
 * are named with their relations only. The order is PostgreSQL's (UNCONFIRMED: the documents show no `*` over USING).
 */
function mergeColumns(
  name: string,
  left: BoundFrom,
  right: BoundFrom,
  type: JoinItem["type"],
): { readonly column: ScopeColumn; readonly condition: string } {
  const [[leftRelation, a], [rightRelation, b]] = [columnNamed(name, left), columnNamed(name, right)];
  const [leftValue, rightValue] = [columnAt(leftRelation, a), columnAt(rightRelation, b)];
  const [leftColumn, rightColumn] = [leftRelation.columns[a]!, rightRelation.columns[b]!];
  const condition = compare("=", leftValue, rightValue);
  const one = type === "full" ? eitherOf(name, leftValue, rightValue) : type === "right" ? rightColumn : leftColumn;
  const column = { ...one };
  leftColumn.hidden = true;
  rightColumn.hidden = true;
  return { column, condition };
}

function eitherOf(name: string, left: Bound, right: Bound): ScopeColumn {
  const { type, items } = unify([left, right], "JOIN/USING");
  return { name, type, sql: `coalesce(${items.map((item) => item.sql).join(", ")})` };
}

function columnNamed(name: string, from: BoundFrom): [Relation, number] {
  for (const relation of from.relations) {
    const index = relation.columns.findIndex((column) => column.name === name && column.hidden !== true);
    if (index >= 0) return [relation, index];
  }
  throw new SqlError(`column "${name}" specified in USING clause does not exist in both tables`, { sqlState: "42703" });
}
