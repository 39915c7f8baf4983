import { quoteName } from "../../sql/bound.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { maxVarcharBytes, resolveType, typeText } from "../../sql/sql-type.ts";
import type { NamePart, TypeNode } from "../../sql/tree.ts";
import { storageName, type CatalogueColumn, type TableObject } from "../catalogue-object.ts";
import { readRows } from "../duck.ts";
import { refuseColumnChange } from "../row-security/dependencies.ts";
import type { StatementContext } from "../statement-context.ts";
import { keepTable } from "./keep-table.ts";
import { fold } from "./names.ts";

/**
 * ALTER COLUMN … TYPE: another size of a VARCHAR. The rules are those of r_ALTER_TABLE; texts without a source of their own are
 * UNCONFIRMED.
 */
export async function changeColumnType(
  table: TableObject,
  { column: part, type: node }: { readonly column: NamePart; readonly type: TypeNode },
  context: StatementContext,
): Promise<void> {
  const name = fold(part, context);
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined)
    throw new SqlError(`column "${name}" of relation "${table.name}" does not exist`, { sqlState: "42703" });
  refuseColumnChange(table, name, "alter type of", context.catalogue);
  const type = resolveType(node, "column");
  const refuse = (why: string) =>
    new SqlError(`cannot alter column "${name}" of relation "${table.name}", ${why}`, { sqlState: "0A000" });
  if (column.type.name !== "varchar" || type.name !== "varchar")
    throw refuse("only the size of a VARCHAR can be changed");
  if (column.type.length === type.length) throw refuse("target column size should be different");
  checkColumn(column, table, refuse);
  checkViews(table, context);
  const shrinks = (type.length ?? maxVarcharBytes) < (column.type.length ?? maxVarcharBytes);
  // Source of the text, and of that a larger size is fine: jazzband/django-redshift-backend#96. The page refuses both.
  if (shrinks && column.default !== undefined)
    throw new SqlError("cannot decrease a VARCHAR column size with default value", { sqlState: "0A000" });
  if (shrinks && (await longest(table, name, context)) > (type.length ?? maxVarcharBytes))
    throw refuse(`its longest value is more than ${typeText(type)} holds`);
  const columns = table.columns.map((other) => (other === column ? { ...column, type } : other));
  await keepTable({ ...table, columns }, context);
}

const fixedEncodings: ReadonlySet<string> = new Set(["bytedict", "runlength", "text255", "text32k"]);

function checkColumn(column: CatalogueColumn, table: TableObject, refuse: (why: string) => SqlError): void {
  if (column.encode !== undefined && fixedEncodings.has(column.encode))
    throw refuse(`its compression encoding is ${column.encode.toUpperCase()}`);
  const constraint = table.constraints?.find(({ columns }) => columns.includes(column.name));
  if (constraint !== undefined) throw refuse(`it is part of constraint "${constraint.name}"`);
  const { sortKeys, distKey } = table.attributes;
  // Source of the text: estuary/connectors#4893.
  if (sortKeys.includes(column.name) || distKey === column.name)
    throw new SqlError("found unexpected dependency for column", { sqlState: "XX000" });
}

/** Which columns a view uses is not kept, so any view holds up the change of any column (stricter than Redshift). */
function checkViews(table: TableObject, context: StatementContext): void {
  if (context.catalogue.dependentsOf(table.oid).length > 0)
    throw new SqlError("cannot alter type of a column used by a view or rule", { sqlState: "0A000" });
}

/** Bytes of the longest text in a column. */
async function longest(table: TableObject, name: string, context: StatementContext): Promise<number> {
  const [row] = await readRows(context.connection, `SELECT MAX(strlen(${quoteName(name)})) FROM ${storageName(table)}`);
  return Number(row![0] ?? 0);
}
