import { foldName, type BindContext, type NotedColumn } from "./bind-context.ts";
import { bindExpression } from "./bind-expression.ts";
import { bindFrom, renderFrom } from "./bind-from.ts";
import { bindHierarchy } from "./bind-hierarchy.ts";
import { columnAt, shownRelation } from "./bind-name.ts";
import { sortPosition, type BoundQuery } from "./bind-query.ts";
import { eachElement, type Bound, type OutputColumn, type PathStep, type PathWant } from "./bound.ts";
import { coerce, settle } from "./cast.ts";
import { groupByText, groupSupers } from "./group-by.ts";
import { asCondition } from "./operators.ts";
import type { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { pathReaders, readTogether, sortable, stepInto, superKey, type SuperRead } from "./super-value.ts";
import type { Expression, Select, SelectItem } from "./tree.ts";

/** What columns without a name are called. Source: MG data-api. */
const unnamedColumn = "?column?";

interface Item {
  readonly name: string;
  bound: Bound;
}

/** Binds a SELECT: FROM first, then WHERE, the select list, GROUP BY, HAVING and QUALIFY. */
export function bindSelect(select: Select, scope: Scope, context: BindContext): BoundQuery {
  if (select.into !== undefined)
    throw new SqlError("INTO is only allowed in the outermost SELECT", {
      sqlState: "42601",
      position: select.into.at + 1,
    });
  const from =
    select.hierarchy === undefined
      ? bindFrom(select.from, scope, context)
      : bindHierarchy(select, select.hierarchy, scope, context);
  const bind = (expression: Expression) => bindExpression(expression, scope, context);
  const where = select.where && asCondition(bind(select.where), "where");
  const superGroups = groupSupers(select, scope, context);
  const items = bindItems(select.items, scope, context);
  const columns: OutputColumn[] = items.map(outputOf);
  const selected = items.map((item) => item.bound);
  const grouping = groupByText(select, selected, columns, superGroups, scope, context);
  const having = select.having && asCondition(bind(select.having), "having");
  const qualify = select.qualify && asCondition(bind(select.qualify), "qualify");
  const kept = new KeptPaths(items);
  let isSorted = false;
  const plain = () => !select.distinct && grouping === "" && !scope.hasAggregate;

  return {
    columns,
    keepsPath: (column, steps, want) => plain() && kept.keeps(column, steps, want),
    takePath: (column, steps, want) => kept.take(column, steps, want),
    retype(index, type) {
      const item = items[index]!;
      item.bound = { ...coerce(item.bound, type, "UNION"), ...(item.bound.path ? { path: item.bound.path } : {}) };
      columns[index] = { ...columns[index]!, type };
    },
    bindSort(expression) {
      isSorted = true;
      const position = sortPosition(expression, columns, context);
      if (position === undefined) return sortable(bind(expression));
      const item = items[Number(position) - 1]!;
      return item.bound.type.name === "super" ? superKey(item.bound) : position;
    },
    render() {
      const paths = kept.read(isSorted);
      const list = [...items.map((item, index) => `${item.bound.sql} AS c${index}`), ...paths.below];
      const parts = [`SELECT ${select.distinct ? distinctText(items) : ""}${list.join(", ")}`];
      const sources = renderFrom(from);
      if (sources.length > 0) parts.push(`FROM ${sources.join(", ")}`);
      if (where !== undefined) parts.push(`WHERE ${where}`);
      if (grouping !== "") parts.push(grouping);
      if (having !== undefined) parts.push(`HAVING ${having}`);
      if (qualify !== undefined) parts.push(`QUALIFY ${qualify}`);
      const text = parts.join(" ");
      if (paths.columns === undefined) return text;
      return `SELECT ${[...items.map((_, index) => `c${index}`), ...paths.columns].join(", ")} FROM (${text}) AS p`;
    },
  };
}

function bindItems(nodes: readonly SelectItem[], scope: Scope, context: BindContext): Item[] {
  return nodes.flatMap((node): Item[] => {
    if (node.expression.kind === "star")
      return withoutColumns(
        expandStar(node.expression, scope, context),
        (node.exclude ?? []).map((part) => foldName(part, context.settings)),
      );
    const bound = settle(bindExpression(node.expression, scope, context));
    const name = node.alias === undefined ? (bound.label ?? unnamedColumn) : foldName(node.alias, context.settings);
    if (node.alias !== undefined) scope.aliases.set(name, bound);
    return [{ name, bound }];
  });
}

/** The items of a star without those that EXCLUDE names. */
function withoutColumns(items: readonly Item[], names: readonly string[]): Item[] {
  const unknown = names.find((name) => !items.some((item) => item.name === name));
  if (unknown !== undefined) throw new SqlError(`column "${unknown}" does not exist`, { sqlState: "42703" });
  return items.filter((item) => !names.includes(item.name));
}

function expandStar(star: Extract<Expression, { kind: "star" }>, scope: Scope, context: BindContext): Item[] {
  const names = star.qualifier.map((part) => foldName(part, context.settings));
  const relations = names.length === 0 ? scope.relations : [scope.findRelation(names.at(-1)!, names.at(-2))];
  if (relations.length === 0)
    throw new SqlError("SELECT * with no tables specified is not valid", { sqlState: "42601", position: star.at + 1 });
  const noted: NotedColumn[] = [];
  const items = relations.flatMap((relation) => {
    if (relation === undefined)
      throw new SqlError(`missing FROM-clause entry for table "${names.at(-1)}"`, { sqlState: "42P01" });
    return relation.columns.flatMap((column, index): Item[] => {
      if ((column.hidden === true && names.length === 0) || column.denied !== undefined) return [];
      noted.push({ relation: shownRelation(relation), column: column.name });
      return [{ name: column.name, bound: columnAt(relation, index) }];
    });
  });
  context.notes?.star(star, noted);
  return items;
}

/** Equal SUPER values are one, however they are written. */
function distinctText(items: readonly Item[]): string {
  if (items.every((item) => item.bound.type.name !== "super")) return "DISTINCT ";
  return `DISTINCT ON (${items.map((item) => sortable(item.bound)).join(", ")}) `;
}

function outputOf(item: Item): OutputColumn {
  const { origin, type } = item.bound;
  return origin === undefined ? { name: item.name, type } : { name: item.name, type, origin };
}

/** Paths into the select list's SUPER columns that were asked for from outside; each becomes a further column `h0`, `h1` … */
class KeptPaths {
  readonly #items: readonly Item[];
  readonly #taken = new Map<string, SuperRead>();

  constructor(items: readonly Item[]) {
    this.#items = items;
  }

  keeps(column: number, steps: readonly PathStep[], want: PathWant): boolean {
    const path = this.#items[column]?.bound.path;
    if (path === undefined) return false;
    const { source } = path;
    if (source?.relation.keepsPath(source.column, [...path.steps, ...steps], want) === true) return true;
    return (source === undefined || source.relation.isMadeHere === true) && !steps.includes(eachElement);
  }

  take(column: number, steps: readonly PathStep[], want: PathWant): string {
    const key = JSON.stringify([column, steps, want]);
    const names = [...this.#taken.keys()];
    if (!this.#taken.has(key)) {
      const start = this.#items[column]!.bound;
      this.#take(
        key,
        steps.reduce((bound, step) => stepInto(bound, step), start),
        want,
      );
    }
    const index = names.indexOf(key);
    return `h${index < 0 ? names.length : index}`;
  }

  /** Sorting names what is in FROM, so nothing may come between. */
  read(isSorted: boolean): ReturnType<typeof readTogether> {
    const reads = [...this.#taken.values()];
    if (!isSorted) return readTogether(reads);
    return { below: reads.map(({ bound, want }, index) => `${pathReaders[want](bound)} AS h${index}`) };
  }

  /** Reads at once, so that a relation below learns what is asked of it before it is written. */
  #take(key: string, bound: Bound, want: PathWant): void {
    pathReaders[want](bound);
    this.#taken.set(key, { bound, want });
  }
}
