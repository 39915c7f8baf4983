import type { UserFunction } from "../../sql/bind-context.ts";
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

/** What a call in a query means, for a reader who has to have EXECUTE on it: the function whose argument types fit best. */
export function calledFunction(
  name: readonly string[],
  given: readonly SqlType[],
  searchPath: readonly string[],
  catalogue: Catalogue,
  reader: Identity | undefined,
): UserFunction | undefined {
  const [best] = functionsNamed(name, searchPath, catalogue)
    .map((one) => ({ one, rank: rankOf(one.args, given) }))
    .filter(({ rank }) => rank >= 0)
    .toSorted((a, b) => b.rank - a.rank);
  if (best === undefined) return undefined;
  if (reader !== undefined) demand(reader, best.one, "execute");
  const { args, body, returns } = best.one;
  return { name: best.one.name, args, returns, expression: parseFunctionBody(body) };
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
