import { foldName } from "../../sql/bind-context.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { NamePart, QualifiedName } from "../../sql/tree.ts";
import type { OwnedObject, RelationObject } from "../catalogue-object.ts";
import { demand, hasPrivilege, isOwner, notOwner } from "../rights/check.ts";
import type { Privilege } from "../rights/privilege.ts";
import type { LockMode } from "../locks.ts";
import { searchSchemas } from "../relation-lookup.ts";
import type { StatementContext } from "../statement-context.ts";

/** A name as its folded parts. */
export function foldParts(name: QualifiedName, context: StatementContext): readonly string[] {
  return name.map((part) => foldName(part, context.nameSettings));
}

export const fold = (part: NamePart, context: StatementContext) => foldName(part, context.nameSettings);

/**
 * Where a new relation goes: its schema, which must exist and be no external one, and its name. The user has to have CREATE on the schema,
 * or a role with the system privilege for such relations.
 */
export function newName(
  name: QualifiedName,
  system: "create table" | "create or replace view" | "create or replace procedure" | "create or replace function",
  context: StatementContext,
): { schema: string; name: string } {
  const parts = foldParts(name, context);
  const schema = parts.at(-2) ?? currentSchema(context);
  const found = context.catalogue.schema(schema);
  if (found === undefined) throw new SqlError(`schema "${schema}" does not exist`, { sqlState: "3F000" });
  if (found.kinesis !== undefined)
    throw new SqlError(`cannot create a relation in external schema "${schema}"`, { sqlState: "42809" });
  if (!context.user.system.has(system)) demand(context.user, found, "create");
  return { schema, name: parts.at(-1)! };
}

/** The first schema of the search path that there is. */
function currentSchema(context: StatementContext): string {
  const schemas = searchSchemas(context.nameSettings.searchPath, context.user.name);
  const isUsable = (name: string) => {
    const schema = context.catalogue.schema(name);
    return schema !== undefined && hasPrivilege(context.user, schema, "usage");
  };
  return schemas.find(isUsable) ?? "public";
}

/** Takes a name for a new relation to the end of the transaction; throws when it is taken. */
export async function reserveName(schema: string, name: string, context: StatementContext): Promise<void> {
  await context.lock(`name:${schema}.${name}`, "exclusive");
  const committed = context.database.catalogue.relation(schema, name);
  const isFreed = committed !== undefined && context.hasChanged(committed.oid);
  const taken = context.catalogue.relation(schema, name) ?? (isFreed ? undefined : committed);
  if (taken !== undefined) throw new SqlError(`relation "${name}" already exists`, { sqlState: "42P07" });
}

/** What lets others than the owner do something to an object: a privilege on it, or the system privilege of a role. */
interface Alternative {
  readonly privilege?: Privilege;
  readonly system?: string;
}

/** Only the owner and superusers change what an object is, and who was given the right to. */
export function checkOwner(object: OwnedObject, context: StatementContext, alternative: Alternative = {}): void {
  const who = context.user;
  const { privilege, system } = alternative;
  if (isOwner(who, object) || (system !== undefined && who.system.has(system))) return;
  if (privilege !== undefined && hasPrivilege(who, object, privilege)) return;
  throw notOwner(object);
}

export function noRelation(name: QualifiedName): SqlError {
  return new SqlError(`relation "${name.map((part) => part.text.toLowerCase()).join(".")}" does not exist`, {
    sqlState: "42P01",
  });
}

/** A relation to be changed, locked; throws when there is none. */
export async function mustFind(
  name: QualifiedName,
  mode: LockMode,
  context: StatementContext,
): Promise<RelationObject> {
  const found = await context.target(foldParts(name, context), mode);
  if (found === undefined) throw noRelation(name);
  return found;
}
