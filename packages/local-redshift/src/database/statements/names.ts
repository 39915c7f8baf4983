import { foldName } from "../../sql/bind-context.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { NamePart, QualifiedName } from "../../sql/tree.ts";
import type { CatalogueObject, RelationObject } from "../catalogue-object.ts";
import { searchSchemas } from "../relation-lookup.ts";
import type { StatementContext } from "../statement-context.ts";

/** A name as its folded parts. */
export function foldParts(name: QualifiedName, context: StatementContext): readonly string[] {
  return name.map((part) => foldName(part, context.nameSettings));
}

export const fold = (part: NamePart, context: StatementContext) => foldName(part, context.nameSettings);

/** Where a new relation goes: its schema, which must exist and be no external one, and its name. */
export function newName(name: QualifiedName, context: StatementContext): { schema: string; name: string } {
  const parts = foldParts(name, context);
  const schema = parts.at(-2) ?? currentSchema(context);
  const found = context.catalogue.schema(schema);
  if (found === undefined) throw new SqlError(`schema "${schema}" does not exist`, { sqlState: "3F000" });
  if (found.kinesis !== undefined)
    throw new SqlError(`cannot create a relation in external schema "${schema}"`, { sqlState: "42809" });
  return { schema, name: parts.at(-1)! };
}

/** The first schema of the search path that there is. */
function currentSchema(context: StatementContext): string {
  const schemas = searchSchemas(context.nameSettings.searchPath, context.user.name);
  return schemas.find((schema) => context.catalogue.schema(schema) !== undefined) ?? "public";
}

/** Takes a name for a new relation to the end of the transaction; throws when it is taken. */
export async function reserveName(schema: string, name: string, context: StatementContext): Promise<void> {
  await context.lock(`name:${schema}.${name}`, "exclusive");
  const taken = context.catalogue.relation(schema, name) ?? context.database.catalogue.relation(schema, name);
  if (taken !== undefined) throw new SqlError(`relation "${name}" already exists`, { sqlState: "42P07" });
}

/** Only the owner and superusers change what an object is. */
export function checkOwner(object: CatalogueObject, context: StatementContext): void {
  if (context.user.superuser || object.owner === context.user.name) return;
  const what = object.kind === "schema" || object.kind === "procedure" ? object.kind : "relation";
  throw new SqlError(`must be owner of ${what} ${object.name}`, { sqlState: "42501" });
}

export function noRelation(name: QualifiedName): SqlError {
  return new SqlError(`relation "${name.map((part) => part.text.toLowerCase()).join(".")}" does not exist`, {
    sqlState: "42P01",
  });
}

/** A relation to be changed, locked; throws when there is none. */
export async function mustFind(
  name: QualifiedName,
  mode: "write" | "exclusive",
  context: StatementContext,
): Promise<RelationObject> {
  const found = await context.target(foldParts(name, context), mode);
  if (found === undefined) throw noRelation(name);
  return found;
}
