import { SqlError } from "../../sql/sql-error.ts";
import type { QualifiedName } from "../../sql/tree.ts";
import type { Catalogue } from "../catalogue.ts";
import type { RelationObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { mustFind } from "../statements/names.ts";
import { granteeOid } from "../statements/principals.ts";
import { policiesReading } from "./dependencies.ts";
import { demandSecurityAdmin, takePolicy } from "./policy-statements.ts";
import { noRowSecurity, type RlsPolicyObject, type RowSecurity } from "./row-security.ts";

/** ATTACH and DETACH RLS POLICY. Source: Database Developer Guide, r_ATTACH_RLS_POLICY, r_DETACH_RLS_POLICY. */
export async function attachPolicy(
  statement: StatementOf<"attach-rls-policy">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSecurityAdmin(context);
  const policy = await takePolicy(statement.policy, context);
  const to = statement.to.map((grantee) => granteeOid(grantee, context));
  for (const name of statement.relations) {
    const relation = await mustFind(name, "exclusive", context);
    const before = relation.rowSecurity ?? noRowSecurity;
    const attached = statement.detach ? without(policy, to, relation, before) : withMore(policy, to, relation, context);
    await context.begin();
    await context.change({ ...relation, rowSecurity: { ...before, attached } });
  }
  return done(statement.detach ? "DETACH RLS POLICY" : "ATTACH RLS POLICY");
}

type Attached = RowSecurity["attached"];

function withMore(
  policy: RlsPolicyObject,
  to: readonly number[],
  relation: RelationObject,
  context: StatementContext,
): Attached {
  checkTarget(relation, policy, context);
  const { attached } = relation.rowSecurity ?? noRowSecurity;
  if (attached.some((one) => one.policy === policy.oid && to.includes(one.to)))
    throw new SqlError(`RLS policy "${policy.name}" is already attached to relation "${relation.name}"`, {
      sqlState: "42710",
    });
  return [...attached, ...to.map((oid) => ({ policy: policy.oid, to: oid, by: context.user.oid }))];
}

function without(
  policy: RlsPolicyObject,
  to: readonly number[],
  relation: RelationObject,
  { attached }: RowSecurity,
): Attached {
  const isMeant = (one: Attached[number]) => one.policy === policy.oid && to.includes(one.to);
  if (!attached.some(isMeant))
    throw new SqlError(`RLS policy "${policy.name}" is not attached to relation "${relation.name}"`, {
      sqlState: "42704",
    });
  return attached.filter((one) => !isMeant(one));
}

function checkTarget(relation: RelationObject, policy: RlsPolicyObject, context: StatementContext): void {
  const refuse = (why: string) =>
    new SqlError(`cannot attach RLS policy "${policy.name}" to relation "${relation.name}": ${why}`, {
      sqlState: "0A000",
    });
  checkProtectable(relation, refuse, context.catalogue);
  const missing = policy.columns.find(
    ({ name, type }) => !relation.columns.some((column) => column.name === name && column.type.name === type.name),
  );
  // Whether the types have to be the same, and how much, is UNCONFIRMED: the page asks for the columns.
  if (missing !== undefined) throw refuse(`it has no column "${missing.name}" of the policy's type`);
  const others = (relation.rowSecurity ?? noRowSecurity).attached.map((one) => context.catalogue.get(one.policy));
  if (others.some((other) => other?.kind === "rls policy" && other.alias !== policy.alias))
    throw refuse("policies of one relation must have the same alias");
}

/** Throws for a relation that cannot have row-level security. Source: r_ATTACH_RLS_POLICY, usage notes. */
function checkProtectable(relation: RelationObject, refuse: (why: string) => SqlError, catalogue: Catalogue): void {
  if (relation.kind === "table" && relation.temporary === true) throw refuse("it is a temporary table");
  if (policiesReading(relation.oid, catalogue).length > 0) throw refuse("it is a lookup table of an RLS policy");
  if (catalogue.dependentsOf(relation.oid).some(({ kind }) => kind === "materialized view"))
    throw refuse("a materialized view reads it");
}

/** ALTER … ROW LEVEL SECURITY. Source: r_ALTER_TABLE, r_ALTER_MATERIALIZED_VIEW. */
export async function switchRowSecurity(
  { object, name, isOn, conjunction, forDatashares }: StatementOf<"switch-row-security">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSecurityAdmin(context);
  const relation = await findFor(object, name, context);
  const refuse = (why: string) =>
    new SqlError(`cannot change row-level security of relation "${relation.name}": ${why}`, { sqlState: "0A000" });
  if (isOn) checkProtectable(relation, refuse, context.catalogue);
  const before = relation.rowSecurity ?? noRowSecurity;
  const rowSecurity: RowSecurity = {
    ...before,
    // With FOR DATASHARES the relation itself stays as it is (UNCONFIRMED: the pages do not say).
    ...(forDatashares ? { forDatashares: isOn } : { isOn }),
    ...(conjunction === undefined ? {} : { conjunction }),
  };
  await context.begin();
  await context.change({ ...relation, rowSecurity });
  return done(`ALTER ${object.toUpperCase()}`);
}

/** ALTER TABLE is for tables and views, ALTER MATERIALIZED VIEW for materialized views. Source: t_rls_ownership. */
async function findFor(
  object: "table" | "materialized view",
  name: QualifiedName,
  context: StatementContext,
): Promise<RelationObject> {
  const relation = await mustFind(name, "exclusive", context);
  if ((relation.kind === "materialized view") === (object === "materialized view")) return relation;
  throw new SqlError(`"${relation.name}" is not a ${object}`, { sqlState: "42809" });
}
