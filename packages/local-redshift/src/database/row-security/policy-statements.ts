import { foldName, type BindContext } from "../../sql/bind-context.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { resolveType } from "../../sql/sql-type.ts";
import type { QualifiedName } from "../../sql/tree.ts";
import type { PolicyCondition } from "../../sql/tree-row-security.ts";
import { isRelation, type Catalogue } from "../catalogue.ts";
import type { RelationObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import type { FoundRelation } from "../relation-lookup.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { fold } from "../statements/names.ts";
import { mustFindPolicy } from "../statements/principals.ts";
import { referencesOf } from "../statements/views.ts";
import { bindCondition } from "./policy-condition.ts";
import { isSecurityAdmin, type RlsPolicyObject } from "./row-security.ts";

/**
 * CREATE RLS POLICY. Source: Database Developer Guide, r_CREATE_RLS_POLICY. The pages show no texts of errors, so those of this room
 * without a source of their own are UNCONFIRMED.
 */
export async function createPolicy(
  statement: StatementOf<"create-rls-policy">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSecurityAdmin(context);
  const name = policyName(statement.name, context);
  await context.lock(`name:rls policy ${name}`, "exclusive");
  if (context.catalogue.policy(name) !== undefined)
    throw new SqlError(`RLS policy "${name}" already exists`, { sqlState: "42710" });
  const columns = statement.columns.map((node) => ({
    name: fold(node.name, context),
    type: resolveType(node.type, "column"),
  }));
  const twice = columns.find((column, index) => columns.findIndex((other) => other.name === column.name) < index);
  if (twice !== undefined) throw new SqlError(`column "${twice.name}" specified more than once`, { sqlState: "42701" });
  const alias = statement.alias === undefined ? {} : { alias: fold(statement.alias, context) };
  const oid = context.database.nextOid();
  await keep({ kind: "rls policy", oid, name, columns, ...alias }, statement.using, context);
  return done("CREATE RLS POLICY");
}

/** ALTER RLS POLICY: another condition, for all relations that the policy is attached to. Source: r_ALTER_RLS_POLICY. */
export async function alterPolicy(
  statement: StatementOf<"alter-rls-policy">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSecurityAdmin(context);
  const policy = await takePolicy(statement.name, context);
  await keep(policy, statement.using, context);
  return done("ALTER RLS POLICY");
}

/** DROP RLS POLICY; CASCADE detaches it first. Source: r_DROP_RLS_POLICY. */
export async function dropPolicy(
  statement: StatementOf<"drop-rls-policy">,
  context: StatementContext,
): Promise<StatementResult> {
  demandSecurityAdmin(context);
  const name = policyName(statement.name, context);
  if (statement.ifExists && context.catalogue.policy(name) === undefined) return done("DROP RLS POLICY");
  const policy = await takePolicy(statement.name, context);
  const targets = context.catalogue.relations.filter((relation) => isAttached(policy, relation));
  if (targets.length > 0 && !statement.cascade)
    throw new SqlError(`cannot drop RLS policy ${name} because it is attached to relation ${targets[0]!.name}`, {
      sqlState: "2BP01",
    });
  for (const target of targets) await context.lock(target.oid, "exclusive");
  await context.begin();
  await context.change(...withoutPolicy(policy, context.catalogue));
  await context.drop(policy.oid);
  return done("DROP RLS POLICY");
}

const isAttached = (policy: RlsPolicyObject, { rowSecurity }: RelationObject) =>
  rowSecurity?.attached.some((one) => one.policy === policy.oid) === true;

/** The relations that a policy is attached to or may look up, without it. */
function withoutPolicy(policy: RlsPolicyObject, catalogue: Catalogue): readonly RelationObject[] {
  return catalogue.relations.flatMap((relation) => {
    const { rowSecurity, grants } = relation;
    if (!isAttached(policy, relation) && grants?.some(({ to }) => to === policy.oid) !== true) return [];
    const attached = rowSecurity?.attached.filter((one) => one.policy !== policy.oid);
    return [
      {
        ...relation,
        ...(grants === undefined ? {} : { grants: grants.filter(({ to }) => to !== policy.oid) }),
        ...(rowSecurity === undefined ? {} : { rowSecurity: { ...rowSecurity, attached: attached ?? [] } }),
      },
    ];
  });
}

/** The policy of this name, locked for a change of it or of what it is attached to. */
export async function takePolicy(name: QualifiedName, context: StatementContext): Promise<RlsPolicyObject> {
  const folded = policyName(name, context);
  await context.lock(`name:rls policy ${folded}`, "exclusive");
  return mustFindPolicy(folded, context);
}

/** Throws unless the user is a superuser or has the role sys:secadmin. */
export function demandSecurityAdmin(context: StatementContext): void {
  if (!isSecurityAdmin(context.user))
    throw new SqlError("permission denied: superuser or sys:secadmin is required", { sqlState: "42501" });
}

/** `policy`, or `database.policy` of this database. */
function policyName(name: QualifiedName, context: StatementContext): string {
  const [database, policy] = name.length === 1 ? [undefined, name[0]!] : [name[0]!, name[1]!];
  if (database !== undefined && fold(database, context) !== context.catalogue.database.name)
    throw new SqlError("RLS policies of other databases are not built in the local Redshift", { sqlState: "0A000" });
  return foldName(policy, context.nameSettings);
}

type PolicyHead = Pick<RlsPolicyObject, "kind" | "oid" | "name" | "columns" | "alias">;

/** Binds the condition, and keeps the policy with it. */
async function keep(head: PolicyHead, using: PolicyCondition, context: StatementContext): Promise<void> {
  const columns = head.columns.map((column) => ({ ...column, sql: "NULL" }));
  const { found } = await context.prepare(
    (bind) => bindCondition(using.expression, head, columns, forCheck(bind)),
    "name",
  );
  for (const lookup of found) checkLookup(lookup, head, context);
  await context.begin();
  await context.change({
    ...head,
    sql: using.text,
    settings: context.nameSettings,
    references: referencesOf(found),
    modifiedBy: context.user.name,
    modifiedAt: context.database.now(),
  });
}

const systemSchemas: ReadonlySet<string> = new Set(["pg_catalog", "information_schema"]);

/** A context that refuses system relations, and in which every setting has a value: those of a policy are its readers'. */
function forCheck(bind: BindContext): BindContext {
  return {
    ...bind,
    facts: { ...bind.facts, settings: { get: () => "", set: () => undefined } },
    findRelation(name) {
      const source = bind.findRelation(name);
      if (source.schema !== undefined && systemSchemas.has(source.schema))
        throw badLookup(source.name, "catalog tables");
      return source;
    },
  };
}

const badLookup = (name: string, what: string) =>
  new SqlError(`relation "${name}" cannot be used in an RLS policy: ${what} are not supported`, { sqlState: "0A000" });

/** Source of what cannot be a lookup table: r_CREATE_RLS_POLICY, t_rls_object_dependency. */
function checkLookup({ oid, kind, name }: FoundRelation, policy: PolicyHead, context: StatementContext): void {
  if (kind === "function") return;
  if (kind === "stream") throw badLookup(name, "external tables");
  if (kind === "view") throw badLookup(name, "views");
  const relation = context.catalogue.get(oid);
  if (relation === undefined || !isRelation(relation)) throw badLookup(name, "temporary tables");
  const isTarget = relation.rowSecurity?.attached.some((one) => one.policy !== policy.oid) === true;
  if (isTarget || relation.rowSecurity?.isOn === true) throw badLookup(name, "relations with RLS policies");
}
