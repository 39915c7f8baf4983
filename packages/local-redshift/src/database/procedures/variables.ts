import type { DuckDBValue } from "@duckdb/node-api";
import { quoteText, type Bound } from "../../sql/bound.ts";
import type { VariableNode } from "../../sql/procedures/procedure-tree.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { duckType, type SqlType } from "../../sql/sql-type.ts";
import { superOf } from "../../sql/super-value.ts";

/** A value that a variable has. */
export interface Value {
  /** As DuckDB gave it. */
  readonly raw: DuckDBValue;
  readonly type: SqlType;
}

/** A variable with a type, or a record that takes the shape of what it is given; a record without fields has none yet. */
export type Variable =
  | {
      readonly kind: "scalar";
      readonly name: string;
      readonly type: SqlType;
      readonly constant: boolean;
      readonly notNull: boolean;
      value: Value;
      /** The query of a cursor that was declared with one. */
      readonly cursor?: VariableNode["cursor"];
    }
  | { readonly kind: "record"; readonly name: string; fields: ReadonlyMap<string, Value> | undefined };

/** The variables of a block, and those of the blocks around it. */
export class Variables {
  readonly #around: Variables | undefined;
  readonly #label: string | undefined;
  readonly #own = new Map<string, Variable>();

  constructor(around?: Variables, label?: string) {
    this.#around = around;
    this.#label = label;
  }

  /** Adds a variable, under its own name or another; throws when the block has that name. */
  declare(variable: Variable, name = variable.name): void {
    if (this.#own.has(name)) throw new SqlError(`duplicate declaration of "${name}"`, { sqlState: "42601" });
    this.#own.set(name, variable);
  }

  /** The variable that a name begins with, and how many of the names say so: two when a block's label stands before it. */
  find(names: readonly string[]): { readonly variable: Variable; readonly used: number } | undefined {
    const own = this.#own.get(names[0]!);
    if (own !== undefined) return { variable: own, used: 1 };
    const labelled = names.length > 1 && names[0] === this.#label ? this.#own.get(names[1]!) : undefined;
    if (labelled !== undefined) return { variable: labelled, used: 2 };
    return this.#around?.find(names);
  }

  /** What a name in a statement stands for, when it is a variable. */
  bind(names: readonly string[]): { readonly bound: Bound; readonly used: number } | undefined {
    const found = this.find(names);
    if (found === undefined) return undefined;
    const { variable, used } = found;
    if (variable.kind === "scalar") return { bound: boundOf(variable.value, variable.name), used };
    const field = names[used];
    if (variable.fields === undefined)
      throw new SqlError(`record "${variable.name}" is not assigned yet`, { sqlState: "55000" });
    const value = field === undefined ? undefined : variable.fields.get(field);
    if (field === undefined || value === undefined)
      throw new SqlError(`record "${variable.name}" has no field "${field ?? ""}"`, { sqlState: "42703" });
    return { bound: boundOf(value, field), used: used + 1 };
  }
}

/** A value as an expression. */
export function boundOf(value: Value, label: string): Bound {
  const sql = literalOf(value);
  return value.type.name === "super" ? { ...superOf(sql), label } : { sql, type: value.type, label };
}

/** A value in DuckDB's text. */
function literalOf({ raw, type }: Value): string {
  const text = raw === null ? "NULL" : quoteText(String(raw));
  return `CAST(${text} AS ${duckType(type)})`;
}

/** NULL of a type. */
export const nullOf = (type: SqlType): Value => ({ raw: null, type });
