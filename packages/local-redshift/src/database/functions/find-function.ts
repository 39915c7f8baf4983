import type { BindContext, UserFunction } from "../../sql/bind-context.ts";
import { parseFunctionBody } from "../../sql/parse-create-function.ts";
import type { ArgumentNode } from "../../sql/procedures/procedure-tree.ts";
import { isMoment, isNumber, isText, plainTypeText, resolveType, type SqlType } from "../../sql/sql-type.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { QualifiedName, TypeNode } from "../../sql/tree.ts";
import type { Catalogue } from "../catalogue.ts";
import type { FunctionObject, ProcedureObject } from "../catalogue-object.ts";
import { findProcedure, signatureOf } from "../procedures/find-procedure.ts";
import { searchSchemas } from "../relation-lookup.ts";
import { demand } from "../rights/check.ts";
import type { Identity } from "../rights/identity.ts";
import type { StatementContext } from "../statement-context.ts";
import { foldParts } from "../statements/names.ts";

/** `integer, character varying`. */
export const functionSignature = ({ args }: Pick<FunctionObject, "args">) => args.map(plainTypeText).join(", ");

/** The types that tell routines of one name apart. */
export const routineSignature = (routine: ProcedureObject | FunctionObject) =>
  routine.kind === "function" ? functionSignature(routine) : signatureOf(routine);

/** The function of a name and of exactly these argument types. Throws when there is none. */
export function findFunction(
  name: QualifiedName,
  nodes: readonly TypeNode[],
  context: StatementContext,
): FunctionObject {
  const args = nodes.map((node) => resolveType(node, "cast"));
  const signature = functionSignature({ args });
  const parts = foldParts(name, context);
  const schemas = searchSchemas(context.nameSettings.searchPath, context.user.name);
  const found = functionsNamed(parts, schemas, context.catalogue).find((one) => functionSignature(one) === signature);
  if (found === undefined)
    throw new SqlError(`function ${parts.join(".")}(${signature}) does not exist`, { sqlState: "42883" });
  return found;
}

/** The function or procedure of a name and of these arguments. Throws when there is none. */
export function findRoutine(
  kind: "function" | "procedure",
  name: QualifiedName,
  args: readonly ArgumentNode[],
  context: StatementContext,
): ProcedureObject | FunctionObject {
  if (kind === "procedure") return findProcedure(name, args, context);
  const types = args.map((arg) => arg.type);
  return findFunction(name, types, context);
}

/** What a call in a query means: the function whose argument types fit best. */
export function calledFunction(
  name: readonly string[],
  given: readonly SqlType[],
  searchPath: readonly string[],
  catalogue: Catalogue,
): FunctionObject | undefined {
  const [best] = functionsNamed(name, searchPath, catalogue)
    .map((one) => ({ one, rank: rankOf(one.args, given) }))
    .filter(({ rank }) => rank >= 0)
    .toSorted((a, b) => b.rank - a.rank);
  return best?.one;
}

/** A function for the binder. Throws for a reader without EXECUTE on it. */
export function callable(called: FunctionObject, reader: Identity | undefined): UserFunction {
  if (reader !== undefined) demand(reader, called, "execute");
  const { name, args, body, returns } = called;
  return { name, args, returns, expression: parseFunctionBody(body) };
}

/** What a view keeps of a call beside the function's oid: no name of a relation looks like it. */
export const callText = (name: readonly string[], given: readonly SqlType[]) =>
  `${name.join(".")}(${given.map(plainTypeText).join(", ")})`;

/** The function that a call of a view meant when the view was made, as it is now. */
export function pinnedFunction(
  { references }: { readonly references: readonly (readonly [name: string, oid: number])[] },
  call: string,
  catalogue: Catalogue,
): FunctionObject | undefined {
  const oid = references.find(([reference]) => reference === call)?.[1];
  const found = oid === undefined ? undefined : catalogue.get(oid);
  return found?.kind === "function" ? found : undefined;
}

/** Finds functions for the query of a materialized view, whose owner's rights are checked elsewhere. */
export function callsOf(
  view: Parameters<typeof pinnedFunction>[0],
  bind: BindContext,
  catalogue: Catalogue,
): NonNullable<BindContext["findFunction"]> {
  return (name, args, isInside) => {
    const pinned = isInside === true ? undefined : pinnedFunction(view, callText(name, args), catalogue);
    return pinned === undefined ? bind.findFunction?.(name, args, isInside) : callable(pinned, undefined);
  };
}

/** Functions of a name: in its schema, or in those of the search path, the first schema's first. */
function functionsNamed(
  parts: readonly string[],
  searchPath: readonly string[],
  catalogue: Catalogue,
): readonly FunctionObject[] {
  const [name, schema] = [parts.at(-1), parts.at(-2)];
  const schemas = schema === undefined ? searchPath : [schema];
  return schemas.flatMap((candidate) =>
    catalogue.functions.filter((one) => one.name === name && one.schema === candidate),
  );
}

/** How many types are the same; -1 when some cannot be converted. */
function rankOf(args: readonly SqlType[], given: readonly SqlType[]): number {
  if (args.length !== given.length || !args.every((arg, index) => fits(given[index]!, arg))) return -1;
  return args.filter((arg, index) => arg.name === given[index]!.name).length;
}

function fits(from: SqlType, to: SqlType): boolean {
  if (from.name === "unknown" || from.name === to.name || to.name === "super") return true;
  if (isNumber(from)) return isNumber(to);
  if (isMoment(from)) return isMoment(to);
  return isText(from) && isText(to);
}
