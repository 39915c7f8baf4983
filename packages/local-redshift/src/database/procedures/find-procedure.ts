import type { ArgumentNode } from "../../sql/procedures/procedure-tree.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { isMoment, isNumber, isText, plainTypeText, resolveType, type SqlType } from "../../sql/sql-type.ts";
import type { QualifiedName } from "../../sql/tree.ts";
import type { ProcedureArgument, ProcedureObject } from "../catalogue-object.ts";
import { searchSchemas } from "../relation-lookup.ts";
import type { StatementContext } from "../statement-context.ts";
import { foldParts } from "../statements/names.ts";

/** The arguments that a call gives, and that tell procedures of one name apart. */
export function inputsOf({ args }: { readonly args: readonly ProcedureArgument[] }): readonly ProcedureArgument[] {
  return args.filter((arg) => arg.mode !== "out");
}

/** `integer, character varying`. */
export function signatureOf(procedure: { readonly args: readonly ProcedureArgument[] }): string {
  return signatureText(inputsOf(procedure).map((arg) => arg.type));
}

const signatureText = (types: readonly SqlType[]) => types.map(plainTypeText).join(", ");

/** The types of arguments as written, those that are given alone. */
function signatureOfNodes(args: readonly ArgumentNode[]): string {
  return signatureText(args.filter((arg) => arg.mode !== "out").map((arg) => resolveType(arg.type, "variable")));
}

/** Procedures of a name: in its schema, or in the first schema of the search path that has some. */
function proceduresNamed(name: QualifiedName, context: StatementContext): readonly ProcedureObject[] {
  const parts = foldParts(name, context);
  const [text, schema] = [parts.at(-1)!, parts.at(-2)];
  const schemas = schema === undefined ? searchSchemas(context.nameSettings.searchPath, context.user.name) : [schema];
  const named = context.catalogue.procedures.filter((procedure) => procedure.name === text);
  for (const candidate of schemas) {
    const found = named.filter((procedure) => procedure.schema === candidate);
    if (found.length > 0) return found;
  }
  return [];
}

/** The procedure of a name and, when they are given, of these argument types. Throws when there is none, or not one alone. */
export function findProcedure(
  name: QualifiedName,
  args: readonly ArgumentNode[] | undefined,
  context: StatementContext,
): ProcedureObject {
  const named = proceduresNamed(name, context);
  const signature = args === undefined ? undefined : signatureOfNodes(args);
  const found = named.filter((procedure) => signature === undefined || signatureOf(procedure) === signature);
  const [first, second] = found;
  if (first === undefined) throw noProcedure(name, signature ?? "", context);
  if (second !== undefined) throw new SqlError(`procedure name "${first.name}" is not unique`, { sqlState: "42725" });
  return first;
}

/** The procedure that a call means: the one with as many arguments whose types fit best. */
export function chooseProcedure(
  name: QualifiedName,
  given: readonly SqlType[],
  context: StatementContext,
): ProcedureObject {
  const ranked = proceduresNamed(name, context)
    .map((procedure) => ({ procedure, rank: rankOf(inputsOf(procedure), given) }))
    .filter(({ rank }) => rank >= 0)
    .toSorted((a, b) => b.rank - a.rank);
  const [first, second] = ranked;
  if (first === undefined) throw noProcedure(name, given.map(shown).join(", "), context);
  if (second !== undefined && second.rank === first.rank)
    throw new SqlError(`procedure ${first.procedure.name}(${given.map(shown).join(", ")}) is not unique`, {
      sqlState: "42725",
    });
  return first.procedure;
}

const shown = (type: SqlType) => (type.name === "unknown" ? "unknown" : plainTypeText(type));

/** How many types are the same; -1 when some cannot be converted. */
function rankOf(inputs: readonly ProcedureArgument[], given: readonly SqlType[]): number {
  if (inputs.length !== given.length) return -1;
  if (!inputs.every((input, index) => fits(given[index]!, input.type))) return -1;
  return inputs.filter((input, index) => input.type.name === given[index]!.name).length;
}

function fits(from: SqlType, to: SqlType): boolean {
  if (from.name === "unknown" || from.name === to.name) return true;
  if (isNumber(from)) return isNumber(to) || isText(to);
  if (isText(from)) return isText(to);
  if (isMoment(from)) return isMoment(to) || isText(to);
  return to.name === "super";
}

function noProcedure(name: QualifiedName, signature: string, context: StatementContext): SqlError {
  return new SqlError(`procedure ${foldParts(name, context).join(".")}(${signature}) does not exist`, {
    sqlState: "42883",
  });
}
