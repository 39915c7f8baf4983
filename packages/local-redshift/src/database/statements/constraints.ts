import { SqlError } from "../../sql/sql-error.ts";
import type { ConstraintNode, NamePart } from "../../sql/tree.ts";
import type { CatalogueColumn, TableConstraint } from "../catalogue-object.ts";
import type { StatementContext } from "../statement-context.ts";
import { asTable } from "./change-rows.ts";
import { fold, mustFind } from "./names.ts";

/** What constraints are made for. */
interface Constrained {
  readonly oid: number;
  readonly name: string;
  readonly columns: readonly CatalogueColumn[];
  readonly constraints?: readonly TableConstraint[];
}

/** The constraints of a table with those of a statement; the texts of what is wrong are PostgreSQL's. */
export async function withConstraints(
  nodes: readonly ConstraintNode[],
  table: Constrained,
  context: StatementContext,
): Promise<readonly TableConstraint[]> {
  const all = [...(table.constraints ?? [])];
  for (const node of nodes) all.push(await constraintOf(node, { ...table, constraints: all }, context));
  return all;
}

async function constraintOf(
  node: ConstraintNode,
  table: Constrained,
  context: StatementContext,
): Promise<TableConstraint> {
  const { kind } = node;
  const columns = columnNames(node.columns, table, context);
  const others = table.constraints ?? [];
  if (kind === "primary key" && others.some((other) => other.kind === kind))
    throw new SqlError(`multiple primary keys for table "${table.name}" are not allowed`, { sqlState: "42P16" });
  const name =
    node.name === undefined ? freeName(defaultName(kind, table.name, columns), others) : fold(node.name, context);
  if (others.some((other) => other.name === name))
    throw new SqlError(`constraint "${name}" for relation "${table.name}" already exists`, { sqlState: "42710" });
  if (node.references === undefined) return { name, kind, columns };
  return { name, kind, columns, references: await referenceOf(node.references, columns.length, table, context) };
}

function columnNames(parts: readonly NamePart[], table: Constrained, context: StatementContext): readonly string[] {
  return parts.map((part) => {
    const name = fold(part, context);
    if (!table.columns.some((column) => column.name === name))
      throw new SqlError(`column "${name}" named in key does not exist`, { sqlState: "42703" });
    return name;
  });
}

/** The names that PostgreSQL gives: `t_pkey`, `t_a_key`, `t_a_fkey`. */
function defaultName(kind: TableConstraint["kind"], table: string, columns: readonly string[]): string {
  if (kind === "primary key") return `${table}_pkey`;
  return `${table}_${columns[0]}_${kind === "unique" ? "key" : "fkey"}`;
}

function freeName(name: string, others: readonly TableConstraint[]): string {
  const isTaken = (candidate: string) => others.some((other) => other.name === candidate);
  let free = name;
  for (let count = 1; isTaken(free); count += 1) free = `${name}${count}`;
  return free;
}

/** The columns must be those of a primary key or a unique constraint. Source: Database Developer Guide, r_CREATE_TABLE_NEW. */
async function referenceOf(
  { table: name, columns: parts }: NonNullable<ConstraintNode["references"]>,
  count: number,
  from: Constrained,
  context: StatementContext,
): Promise<NonNullable<TableConstraint["references"]>> {
  const isOwn = name.length === 1 && fold(name[0]!, context) === from.name;
  const table = isOwn ? from : asTable(await mustFind(name, "share", context));
  const keys = table.constraints?.filter(({ kind }) => kind !== "foreign key") ?? [];
  const primary = keys.find(({ kind }) => kind === "primary key")?.columns;
  const columns = parts.length === 0 ? primary : columnNames(parts, table, context);
  if (columns === undefined)
    throw new SqlError(`there is no primary key for referenced table "${table.name}"`, { sqlState: "42704" });
  const isKey = keys.some((key) => key.columns.toSorted().join() === columns.toSorted().join());
  if (!isKey || columns.length !== count)
    throw new SqlError(`there is no unique constraint matching given keys for referenced table "${table.name}"`, {
      sqlState: "42830",
    });
  return { oid: table.oid, columns };
}

/** Constraints after a column has another name. */
export function renamedInConstraints(
  constraints: readonly TableConstraint[] | undefined,
  name: string,
  to: string,
): { constraints?: readonly TableConstraint[] } {
  if (constraints === undefined) return {};
  const renamed = (columns: readonly string[]) => columns.map((column) => (column === name ? to : column));
  return { constraints: constraints.map((one) => ({ ...one, columns: renamed(one.columns) })) };
}
