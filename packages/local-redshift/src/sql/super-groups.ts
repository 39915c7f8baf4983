import type { Bound } from "./bound.ts";
import type { Scope } from "./scope.ts";
import { stepInto, superKey, superOf, superValue } from "./super-value.ts";

/**
 * GROUP BY on SUPER: rows are together whose values are equal, so the groups are made by key, and each shows one of its values. The
 * expressions of the query that mean a grouped value, or lead into one, have to be read from that.
 */

/** Text for GROUP BY; from now on the scope knows the expression as grouped. */
export function groupBySuper(bound: Bound, scope: Scope): string {
  scope.groups.set(identityOf(bound), superOf(`any_value(${superValue(bound)})`));
  return superKey(bound);
}

/** What an expression is read from after GROUP BY; `undefined` when neither it nor what it leads into is grouped. */
export function groupedSuper(bound: Bound, scope: Scope): Bound | undefined {
  if (scope.groups.size === 0) return undefined;
  const { path } = bound;
  const steps = path?.steps ?? [];
  for (let length = steps.length; length >= 0; length -= 1) {
    const part = path === undefined ? bound : { ...path, steps: steps.slice(0, length) };
    const group = scope.groups.get("sql" in part ? part.sql : identityOfPath(part));
    if (group !== undefined)
      return steps.slice(length).reduce((value, step) => stepInto(value, step), { ...group, ...labelOf(bound) });
  }
  return undefined;
}

const labelOf = (bound: Bound) => (bound.label === undefined ? {} : { label: bound.label });

const identityOf = (bound: Bound) => (bound.path === undefined ? bound.sql : identityOfPath(bound.path));

const identityOfPath = (path: NonNullable<Bound["path"]>) => JSON.stringify([path.root, path.steps]);
