import { foldAttribute, foldName, type BindContext } from "./bind-context.ts";
import type { Bound, SuperPath } from "./bound.ts";
import type { Relation, Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { types } from "./sql-type.ts";
import { stepInto, stepStrictly } from "./super-value.ts";
import type { NamePart } from "./tree.ts";

/**
 * Resolves a dotted name: a column, with or without its relation and schema, and what follows it as a path into SUPER. The inner
 * query is searched before those around it, and an alias of the select list last.
 */
export function bindName(parts: readonly NamePart[], scope: Scope, context: BindContext): Bound {
  const variable = context.variable?.(parts.map((part) => foldName(part, context.settings)));
  if (variable !== undefined) return navigate(variable.bound, parts.slice(variable.used), context);
  for (let around: Scope | undefined = scope; around !== undefined; around = around.parent) {
    const found = findIn(around, parts, context);
    if (found !== undefined) return found;
  }
  const alias = parts.length >= 1 ? scope.aliases.get(foldName(parts[0]!, context.settings)) : undefined;
  if (alias !== undefined) return navigate(alias, parts.slice(1), context);
  throw notFound(parts, scope, context);
}

function findIn(scope: Scope, parts: readonly NamePart[], context: BindContext): Bound | undefined {
  const names = parts.map((part) => foldName(part, context.settings));
  if (parts.length >= 3) {
    const relation = scope.relations.find((item) => item.schema === names[0] && item.alias === names[1]);
    const found = relation && columnOf(relation, names[2]!);
    if (found) return taken(found, relation, parts, 3, context);
  }
  const relation = scope.relations.find((item) => item.alias === names[0]);
  if (relation?.isElement === true) return navigate(columnAt(relation, 0), parts.slice(1), context);
  if (parts.length >= 2 && relation !== undefined) {
    const found = columnOf(relation, names[1]!);
    if (found) return taken(found, relation, parts, 2, context);
  }
  const found = scope.findColumn(names[0]!);
  return found && taken(columnAt(found.relation, found.index), found.relation, parts, 1, context);
}

/** What may stand before a relation's columns: before those of an element the name would be the element itself. */
export const shownRelation = ({ alias, isElement }: Relation) => (isElement === true ? "" : alias);

/** A column, and what the parts of a name behind it lead to. */
function taken(
  column: Bound,
  relation: Relation,
  parts: readonly NamePart[],
  used: number,
  context: BindContext,
): Bound {
  context.notes?.name(parts, { relation: shownRelation(relation), column: column.label! }, used);
  return navigate(column, parts.slice(used), context);
}

function columnOf(relation: Relation, name: string): Bound | undefined {
  const index = relation.columns.findIndex((column) => column.name === name);
  return index < 0 ? undefined : columnAt(relation, index);
}

/** A relation's column as an expression. */
export function columnAt(relation: Relation, index: number): Bound {
  const column = relation.columns[index]!;
  if (column.denied !== undefined)
    throw new SqlError(`permission denied for relation ${column.denied}`, { sqlState: "42501" });
  const origin = column.origin === undefined ? {} : { origin: column.origin };
  if (column.type.name !== "super") {
    const parsed = column.parsed === undefined ? {} : { parsed: column.parsed(column.sql.split(".")[0]!) };
    return { sql: column.sql, type: column.type, label: column.name, ...origin, ...parsed };
  }
  const { keepsPath, takePath, isMadeHere } = relation;
  const made = isMadeHere === undefined ? {} : { isMadeHere };
  const source = keepsPath && takePath ? { relation: { keepsPath, takePath, ...made }, column: index } : undefined;
  // Read late: a relation of elements goes by whether its column is read whole or only looked into.
  const path: SuperPath = {
    steps: [],
    ...(source === undefined ? {} : { source }),
    get root() {
      return column.sql;
    },
  };
  return {
    type: types.super,
    label: column.name,
    path,
    ...origin,
    get sql() {
      return column.sql;
    },
  };
}

function navigate(bound: Bound, steps: readonly NamePart[], context: BindContext): Bound {
  if (steps.length === 0) return bound;
  if (bound.type.name !== "super")
    throw new SqlError(`navigation on column "${bound.label ?? "?"}" is not allowed as it is not SUPER type`, {
      sqlState: "42809",
      position: steps[0]!.at + 1,
    });
  const into = context.superModes.navigatesStrictly ? stepStrictly : stepInto;
  const { settings } = context;
  return steps.reduce((value, step) => into(value, foldAttribute(step, settings), foldName(step, settings)), bound);
}

function notFound(parts: readonly NamePart[], scope: Scope, context: BindContext): SqlError {
  const names = parts.map((part) => foldName(part, context.settings));
  const relation = names.length >= 2 ? scope.findRelation(names[0]!) : undefined;
  if (relation !== undefined)
    return new SqlError(`column "${names[1]}" does not exist in ${relation.alias}`, { sqlState: "42703" });
  if (names.length >= 2)
    return new SqlError(`missing FROM-clause entry for table "${names.at(-2)}"`, { sqlState: "42P01" });
  const where = scope.shownRelations;
  return new SqlError(`column "${names[0]}" does not exist${where === "" ? "" : ` in ${where}`}`, {
    sqlState: "42703",
  });
}
