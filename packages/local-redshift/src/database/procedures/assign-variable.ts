import { foldName } from "../../sql/bind-context.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { QualifiedName } from "../../sql/tree.ts";
import { convert } from "./evaluate.ts";
import { contextOf, type Running } from "./running.ts";
import type { Value, Variable } from "./variables.ts";

/** Gives the columns of a row to variables, or the whole row to a record. */
export async function assignRow(
  targets: readonly QualifiedName[],
  row: ReadonlyMap<string, Value>,
  running: Running,
): Promise<void> {
  const only = targets.length === 1 ? findTarget(targets[0]!, running) : undefined;
  if (only?.variable.kind === "record" && only.field === undefined) {
    only.variable.fields = row;
    return;
  }
  const values = [...row.values()];
  if (values.length !== targets.length)
    throw new SqlError(`the query gives ${values.length} columns for ${targets.length} variables`, {
      sqlState: "42601",
    });
  for (const [index, target] of targets.entries()) await assignTo(target, values[index]!, running);
}

/** The variable that a name in a statement stands for, and the field of a record. */
export function findTarget(name: QualifiedName, running: Running): { variable: Variable; field: string | undefined } {
  const names = name.map((part) => foldName(part, running.outer.nameSettings));
  const found = running.variables.find(names);
  const field = found && names[found.used];
  if (found === undefined || (field !== undefined && found.variable.kind === "scalar"))
    throw new SqlError(`"${names.join(".")}" is not a known variable`, { sqlState: "42601" });
  return { variable: found.variable, field };
}

/** Gives a variable, or a field of a record, a value. */
export async function assignTo(target: QualifiedName, value: Value, running: Running): Promise<void> {
  const { variable, field } = findTarget(target, running);
  if (variable.kind === "scalar") {
    if (variable.constant) throw new SqlError(`"${variable.name}" is declared CONSTANT`, { sqlState: "22005" });
    const converted = await convert(value, variable.type, contextOf(running));
    if (variable.notNull) refuseNull(variable.name, converted);
    variable.value = converted;
    return;
  }
  const old = field === undefined ? undefined : variable.fields?.get(field);
  if (field === undefined || old === undefined)
    throw new SqlError(`record "${variable.name}" has no field "${field ?? ""}"`, { sqlState: "42703" });
  variable.fields = new Map([...variable.fields!, [field, await convert(value, old.type, contextOf(running))]]);
}

/** Throws for NULL. */
export function refuseNull(name: string, value: Value): void {
  if (value.raw === null)
    throw new SqlError(`null value cannot be assigned to variable "${name}" declared NOT NULL`, { sqlState: "22004" });
}
