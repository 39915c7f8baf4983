import { SqlError } from "../../sql/sql-error.ts";
import { visit } from "../kept-view-rules.ts";
import type { Catalogue } from "../catalogue.ts";
import type { FunctionObject, RelationObject } from "../catalogue-object.ts";
import { conditionOf } from "./policy-condition.ts";
import type { RlsPolicyObject } from "./row-security.ts";

/** Policies that look something up in a relation, or call a function. */
export function policiesReading(oid: number, catalogue: Catalogue): readonly RlsPolicyObject[] {
  return catalogue.policies.filter((policy) => policy.references.some(([, reference]) => reference === oid));
}

/** Throws for a lookup table, which is neither dropped nor renamed, whatever CASCADE says. Source: DG t_rls_object_dependency. */
export function refuseLookupChange(relation: RelationObject, act: "drop" | "rename", catalogue: Catalogue): void {
  const [policy] = policiesReading(relation.oid, catalogue);
  if (policy !== undefined) throw dependent(`${act} ${relation.kind} ${relation.name}`, policy);
}

/**
 * Throws for a column that a policy reads, of its target or of a lookup table. Which relation a name of the condition means is not kept, so
 * any column of that name counts. Source: t_rls_object_dependency.
 */
export function refuseColumnChange(
  relation: RelationObject,
  column: string,
  act: "drop" | "rename" | "alter type of",
  catalogue: Catalogue,
): void {
  const attached = new Set(relation.rowSecurity?.attached.map(({ policy }) => policy));
  const policy = catalogue.policies.find(
    (one) =>
      (attached.has(one.oid) && one.columns.some(({ name }) => name === column)) ||
      (one.references.some(([, oid]) => oid === relation.oid) && names(one, column)),
  );
  if (policy !== undefined) throw dependent(`${act} column ${column} of relation ${relation.name}`, policy);
}

function names(policy: RlsPolicyObject, column: string): boolean {
  let found = false;
  visit(conditionOf(policy), (node) => {
    if (node.kind === "star") found = true;
    if (node.kind === "name") found ||= node.parts.some(({ text }) => text.toLowerCase() === column.toLowerCase());
  });
  return found;
}

/** Throws for a function that a policy calls, whatever CASCADE says. Source: t_rls_object_dependency. */
export function refuseFunctionDrop({ oid, name }: FunctionObject, catalogue: Catalogue): void {
  const [policy] = policiesReading(oid, catalogue);
  if (policy !== undefined) throw dependent(`drop function ${name}`, policy);
}

const dependent = (what: string, policy: RlsPolicyObject) =>
  new SqlError(`cannot ${what} because RLS policy ${policy.name} depends on it`, { sqlState: "2BP01" });

/** The relations without the policies that are attached to a user or role, for one that is dropped. Source: t_rls_object_dependency. */
export function detachedFrom(principal: number, catalogue: Catalogue): readonly RelationObject[] {
  return catalogue.relations.flatMap((relation) => {
    const { rowSecurity } = relation;
    if (rowSecurity?.attached.some(({ to }) => to === principal) !== true) return [];
    const attached = rowSecurity.attached.filter(({ to }) => to !== principal);
    return [{ ...relation, rowSecurity: { ...rowSecurity, attached } }];
  });
}
