import { SqlError } from "../../sql/sql-error.ts";
import { typeText } from "../../sql/sql-type.ts";
import type { LoggedQuery } from "../activity/logged-query.ts";
import { isSecurityAdmin } from "../row-security/row-security.ts";
import { databaseName, listing } from "./listing.ts";
import { granteeOf } from "./owners.ts";
import { policyText } from "./policy-text.ts";
import { bool, char, int4, int8, moment, text, timestamp, type SystemViews, type SystemWorld } from "./system-view.ts";

/** Refuses who is neither a superuser nor sys:secadmin; the text is that of any relation without a grant. */
function onlySecurityAdmins(view: string, world: SystemWorld): void {
  if (!isSecurityAdmin(world.user)) throw new SqlError(`permission denied for relation ${view}`, { sqlState: "42501" });
}

/** Policies; who is no security administrator sees those of its own. Source: Database Developer Guide, r_SVV_RLS_POLICY. */
const policies = listing({
  of: (world) =>
    world.catalogue.policies.filter(({ modifiedBy }) => isSecurityAdmin(world.user) || modifiedBy === world.user.name),
  columns: [
    ["poldb", text, databaseName],
    ["polname", text, (policy) => policy.name],
    ["polalias", text, (policy) => policy.alias ?? null],
    [
      "polatts",
      text,
      (policy) => JSON.stringify(policy.columns.map(({ name, type }) => ({ colname: name, type: typeText(type) }))),
    ],
    [
      "polqual",
      text,
      (policy, { catalogue, settings, searchPath }) =>
        policyText(policy, { catalogue, databaseName: settings.databaseName, searchPath }),
    ],
    ["polenabled", bool, true],
    ["polmodifiedby", text, (policy) => policy.modifiedBy],
    ["polmodifiedtime", timestamp, (policy) => moment(policy.modifiedAt)],
  ],
});

/** Relations with row-level security, or that had it (UNCONFIRMED: the page says "RLS-protected", and has a column for whether it is on). */
const protectedRelations = (world: SystemWorld) =>
  world.catalogue.relations.flatMap((relation) => {
    const { rowSecurity } = relation;
    return rowSecurity === undefined ? [] : [{ relation, rowSecurity }];
  });

/** Source: r_SVV_RLS_RELATION; the words of `relkind` beside `table` are UNCONFIRMED, and the last column by name. */
const relations = listing({
  of(world) {
    onlySecurityAdmins("svv_rls_relation", world);
    return protectedRelations(world);
  },
  columns: [
    ["datname", text, databaseName],
    ["relschema", text, ({ relation }) => relation.schema],
    ["relname", text, ({ relation }) => relation.name],
    ["relkind", text, ({ relation }) => relation.kind],
    ["is_rls_on", bool, ({ rowSecurity }) => rowSecurity.isOn],
    ["is_rls_datashare_on", bool, ({ rowSecurity }) => rowSecurity.forDatashares],
    ["rls_conjunction_type", char(3), ({ rowSecurity }) => rowSecurity.conjunction],
    ["rls_datashare_conjunction_type", char(3), ({ rowSecurity }) => rowSecurity.conjunction],
  ],
});

/** Source: r_SVV_RLS_ATTACHED_POLICY. What is attached to PUBLIC has the kind `public` (UNCONFIRMED). */
const attachedPolicies = listing({
  of(world) {
    onlySecurityAdmins("svv_rls_attached_policy", world);
    return protectedRelations(world).flatMap(({ relation, rowSecurity }) =>
      rowSecurity.attached.flatMap(({ policy, to, by }) => {
        const found = world.catalogue.get(policy);
        const grantee = granteeOf(to, world);
        if (found?.kind !== "rls policy" || grantee === undefined) return [];
        return [{ relation, rowSecurity, policy: found, grantee, grantor: granteeOf(by, world) }];
      }),
    );
  },
  columns: [
    ["relschema", text, ({ relation }) => relation.schema],
    ["relname", text, ({ relation }) => relation.name],
    ["relkind", text, ({ relation }) => relation.kind],
    ["polname", text, ({ policy }) => policy.name],
    ["grantor", text, ({ grantor }) => grantor?.name ?? null],
    ["grantee", text, ({ grantee }) => grantee.name],
    ["granteekind", text, ({ grantee }) => grantee.type],
    ["is_pol_on", bool, true],
    ["is_rls_on", bool, ({ rowSecurity }) => rowSecurity.isOn],
    ["rls_conjunction_type", char(3), ({ rowSecurity }) => rowSecurity.conjunction],
  ],
});

const commands: Readonly<Record<string, string>> = { SELECT: "s", CTAS: "s", UPDATE: "u", INSERT: "i", DELETE: "d" };

const commandOf = (query: LoggedQuery) => commands[query.type] ?? (query.type === "UTILITY" ? "y" : "k");

/**
 * Policies that counted for statements since the database was opened. Where none did, and so no row was seen, there is a row without a name
 * and with the default `f`; who ignores policies has no rows (UNCONFIRMED). Source: r_SVV_RLS_APPLIED_POLICY.
 */
const appliedPolicies = listing({
  of(world) {
    const { user } = world;
    if (!user.superuser && !user.system.has("access system table"))
      throw new SqlError("permission denied for relation svv_rls_applied_policy", { sqlState: "42501" });
    return world.activity.queries.flatMap((query) => query.appliedPolicies.map((applied) => ({ query, applied })));
  },
  columns: [
    ["username", text, ({ query }) => query.submitted.userName],
    ["query", int4, ({ query }) => query.submitted.id],
    ["xid", int8, ({ query }) => query.transactionId],
    ["pid", int4, ({ query }) => query.submitted.pid],
    ["recordtime", timestamp, ({ query }) => moment(query.submitted.submittedAt)],
    ["command", char(1), ({ query }) => commandOf(query)],
    ["datname", text, databaseName],
    ["relschema", text, ({ applied }) => applied.schema],
    ["relname", text, ({ applied }) => applied.relation],
    ["polname", text, ({ applied }) => applied.policy ?? null],
    ["poldefault", char(1), ({ applied }) => (applied.policy === undefined ? "f" : null)],
  ],
});

/** Row-level security. */
export const rowSecurityViews: SystemViews = {
  svv_rls_applied_policy: appliedPolicies,
  svv_rls_attached_policy: attachedPolicies,
  svv_rls_policy: policies,
  svv_rls_relation: relations,
};
