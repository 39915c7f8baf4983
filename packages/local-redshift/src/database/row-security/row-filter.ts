import type { BindContext, RowFilter } from "../../sql/bind-context.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { Catalogue } from "../catalogue.ts";
import type { RelationObject } from "../catalogue-object.ts";
import type { Identity } from "../rights/identity.ts";
import { publicOid } from "../rights/privilege.ts";
import { bindCondition, conditionOf, joinsLookups, refuseCorrelation } from "./policy-condition.ts";
import { isProtectedFrom, noRowSecurity, type RlsPolicyObject } from "./row-security.ts";

/** What the policies of a relation are to a user: those that count, of which none is a refusal of every row. */
export interface PoliciesFor {
  readonly policies: readonly RlsPolicyObject[];
  readonly conjunction: "and" | "or";
}

/** The policies that count when a user reads a relation; `undefined` for who sees all rows. */
export function policiesFor(relation: RelationObject, reader: Identity, catalogue: Catalogue): PoliciesFor | undefined {
  if (!isProtectedFrom(reader, relation)) return undefined;
  const { attached, conjunction } = relation.rowSecurity ?? noRowSecurity;
  const oids = new Set(attached.filter(({ to }) => reader.members.has(to)).map(({ policy }) => policy));
  const policies = catalogue.policies.filter(({ oid }) => oids.has(oid));
  return { policies, conjunction };
}

/**
 * The filter of policies, each with the context that its names are looked up in. For a relation whose rows are changed, `isTarget`, policies
 * with joins are refused (UNCONFIRMED: t_rls_usage says "certain policies with lookups that have complex joins").
 */
export function rowFilter(
  { policies, conjunction }: PoliciesFor,
  contextOf: (policy: RlsPolicyObject) => BindContext,
  reader: Identity,
  isTarget: boolean,
): RowFilter {
  const conditions = policies.map((policy) => ({ policy, expression: conditionOf(policy) }));
  return {
    condition(columns) {
      if (isTarget && conditions.some(({ expression }) => joinsLookups(expression)))
        throw new SqlError("One of the RLS policies on target relation is not supported in UPDATE/DELETE.", {
          sqlState: "0A000",
        });
      const texts = conditions.map(({ policy, expression }) => {
        const context = contextOf(policy);
        refuseCorrelation(expression, context);
        return `(${bindCondition(expression, policy, columns, context)})`;
      });
      return texts.length === 0 ? "FALSE" : `(${texts.join(conjunction === "and" ? " AND " : " OR ")})`;
    },
    shown: reader.system.has("explain rls") ? conditions.map(({ expression }) => expression) : undefined,
  };
}

/** Whether a policy may read a lookup table: it, or PUBLIC, was granted SELECT. Source: r_CREATE_RLS_POLICY, r_GRANT. */
export function mayLookUp(policy: RlsPolicyObject, lookup: RelationObject): boolean {
  return (lookup.grants ?? []).some(
    (grant) =>
      grant.privilege === "select" && grant.column === undefined && (grant.to === policy.oid || grant.to === publicOid),
  );
}
