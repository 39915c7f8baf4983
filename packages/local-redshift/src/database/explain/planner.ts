import { foldName, type BindContext } from "../../sql/bind-context.ts";
import type { SqlType } from "../../sql/sql-type.ts";
import type { Expression, NamePart } from "../../sql/tree.ts";
import type { KeptAttributes } from "../catalogue-object.ts";
import { visit } from "../kept-view-rules.ts";
import type { PlanNode } from "./plan-node.ts";

/** What planning asks. */
export interface Planner {
  /** Looks names up; inside of a view with the settings of the view. */
  readonly bind: BindContext;
  /** Rows that a table of DuckDB has. */
  countRows(sql: string): Promise<number>;
  /** How a table or materialized view is stored. */
  attributesOf(schema: string, name: string): KeptAttributes | undefined;
  /** Queries of WITH by their names. */
  readonly ctes: ReadonlyMap<string, Derived>;
}

/** A query that another reads. */
export interface Derived {
  readonly plan: PlanNode;
  /** Names of its columns; absent when a star hides them. */
  readonly columns: ReadonlySet<string> | undefined;
}

/** One relation of FROM, or several that are joined. */
export interface Side {
  readonly aliases: ReadonlySet<string>;
  readonly plan: PlanNode;
  /** The table whose rows these are, as far as their distribution is known. */
  readonly attributes: KeptAttributes | undefined;
}

/** A relation of FROM as names see it. */
export interface Leaf {
  readonly alias: string;
  /** Absent when they are not known. */
  readonly columns: ReadonlySet<string> | undefined;
}

export const fold = (part: NamePart, { bind }: Planner) => foldName(part, bind.settings);

/** The parts of a condition that all have to hold. */
export function conjunctsOf(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== "binary" || condition.operator !== "and") return [condition];
  return [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)];
}

/** The relations whose columns an expression names. */
export function ownersOf(expression: Expression, leaves: readonly Leaf[], planner: Planner): ReadonlySet<string> {
  const owners = new Set<string>();
  visit(expression, (node) => {
    if (node.kind !== "name") return;
    const first = fold(node.parts[0]!, planner);
    const owner =
      leaves.find((leaf) => node.parts.length > 1 && leaf.alias === first) ??
      leaves.find((leaf) => leaf.columns?.has(first) === true) ??
      leaves.find((leaf) => leaf.columns === undefined);
    if (owner !== undefined) owners.add(owner.alias);
  });
  return owners;
}

/** How much of the rows a condition is taken to leave: PostgreSQL's guesses for a table without statistics. */
export function selectivity(condition: Expression): number {
  if (condition.kind === "binary" && condition.operator === "=") return 0.005;
  if (condition.kind === "is" && condition.test === "null") return condition.negated ? 0.995 : 0.005;
  if (condition.kind === "binary" && condition.operator === "or")
    return Math.min(1, selectivity(condition.left) + selectivity(condition.right));
  return 1 / 3;
}

/** The fewest rows a step is taken to have is one. */
export const atLeastOne = (rows: number) => Math.max(1, Math.round(rows));

/** Bytes of a value; of text what PostgreSQL takes without statistics, at most 32. */
export function widthOf(type: SqlType): number {
  const fixed: Partial<Record<SqlType["name"], number>> = { bool: 1, int2: 2, int4: 4, float4: 4, date: 4 };
  if (type.name === "numeric") return (type.precision ?? 18) > 18 ? 16 : 8;
  if (type.name === "varchar" || type.name === "bpchar") return Math.min(32, type.length ?? 32);
  return fixed[type.name] ?? (type.name === "super" || type.name === "varbyte" ? 32 : 8);
}
