import type { BindContext } from "./bind-context.ts";
import { bindExpression } from "./bind-expression.ts";
import { bindFrom, renderFrom, type BoundFrom } from "./bind-from.ts";
import { asCondition } from "./operators.ts";
import { Scope, watched, type Relation, type ScopeColumn } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { types } from "./sql-type.ts";
import type { HierarchyNode, Select } from "./tree.ts";

/**
 * CONNECT BY: FROM with its joins is made once, the roots are its rows that START WITH lets through (all without it), and each round adds the
 * rows that CONNECT BY joins to those of the round before. WHERE comes after. A hierarchy with a cycle has no end, as with WITH RECURSIVE
 * (UNCONFIRMED: the page names no NOCYCLE and nothing about cycles). Source: Database Developer Guide, r_CONNECT_BY_clause.
 */
export function bindHierarchy(
  select: Select,
  hierarchy: HierarchyNode,
  scope: Scope,
  context: BindContext,
): readonly BoundFrom[] {
  const base = new Scope(scope.parent);
  const from = bindFrom(select.from, base, context);
  if (from.length === 0) throw new SqlError("CONNECT BY needs a FROM clause", { sqlState: "42601" });
  const number = context.nextNumber();
  const [rows, levels, name] = [`b${number}`, `l${number}`, `h${number}`];
  const start = hierarchy.startWith && bindExpression(hierarchy.startWith, scopeOver(base, rows, "1"), context);
  const link = bindLink(hierarchy, base, rows, levels, context);

  const named = scopeOver(base, name, `${name}.l`);
  const parents = new Set<ScopeColumn>();
  scope.relations.push(...named.relations);
  scope.aliases.set("level", named.aliases.get("level")!);
  scope.prior = priorOver(base, name, "p", parents);
  const roots = start === undefined ? "" : ` WHERE ${asCondition(start, "start with")}`;
  const columns = base.relations.flatMap((relation) => relation.columns.map((column) => column.sql));

  const render = () => {
    const list = columns.map((sql, index) => `${sql} AS c${index}`).join(", ");
    const kept = [...parents].map((column) => column.sql.slice(`${name}.p`.length));
    const parentOf = (relation: string) => kept.map((index) => `, ${relation}.c${index} AS p${index}`).join("");
    const first = `SELECT ${rows}.*, 1 AS l${parentOf("x")} FROM ${rows} LEFT JOIN ${rows} AS x ON false${roots}`;
    const next = `SELECT ${rows}.*, ${levels}.l + 1${parentOf(levels)} FROM ${levels}, ${rows} WHERE ${link}`;
    const made = `SELECT ${list} FROM ${renderFrom(from).join(", ")}`;
    const ctes = `${rows} AS MATERIALIZED (${made}), ${levels} AS (${first} UNION ALL ${next})`;
    return `(WITH RECURSIVE ${ctes} SELECT * FROM ${levels}) AS ${name}`;
  };
  return [{ relations: named.relations, render }];
}

/** The condition that makes one of `rows` the child of one of `levels`. */
function bindLink(hierarchy: HierarchyNode, base: Scope, rows: string, levels: string, context: BindContext): string {
  const parents = new Set<ScopeColumn>();
  const scope = scopeOver(base, rows, `(${levels}.l + 1)`);
  scope.prior = priorOver(base, levels, "c", parents);
  const link = asCondition(bindExpression(hierarchy.connectBy, scope, context), "connect by");
  // The page says that at least one condition has it, and names no text.
  if (parents.size === 0)
    throw new SqlError("CONNECT BY needs a condition with PRIOR", { sqlState: "42601", position: hierarchy.at + 1 });
  return link;
}

/** The names of FROM over the rows that DuckDB's text calls `name`, and LEVEL, whose type is UNCONFIRMED. */
function scopeOver(base: Scope, name: string, level: string): Scope {
  const scope = new Scope(base.parent);
  scope.relations.push(...relationsOver(base, (index) => `${name}.c${index}`));
  scope.aliases.set("level", { sql: level, type: types.int4, label: "level" });
  return scope;
}

/** The same names over a row's parent; the columns that are read are noted. */
function priorOver(base: Scope, name: string, letter: "c" | "p", seen: Set<ScopeColumn>): Scope {
  const scope = new Scope(base.parent);
  const relations = relationsOver(base, (index) => `${name}.${letter}${index}`);
  scope.relations.push(...relations.map((relation) => ({ ...relation, columns: watched(relation.columns, seen) })));
  return scope;
}

function relationsOver(base: Scope, place: (index: number) => string): readonly Relation[] {
  let count = 0;
  return base.relations.map(({ columns, keepsPath: _keepsPath, takePath: _takePath, ...relation }) => ({
    ...relation,
    columns: columns.map(({ parsed: _parsed, ...column }) => ({ ...column, sql: place(count++) })),
  }));
}
