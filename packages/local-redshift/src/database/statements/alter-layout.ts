import { SqlError } from "../../sql/sql-error.ts";
import type { LayoutChange } from "../../sql/tree.ts";
import type { KeptAttributes, TableObject } from "../catalogue-object.ts";
import type { StatementContext } from "../statement-context.ts";
import { without } from "../without.ts";
import { effectiveEncoding, isEncoding } from "./encodings.ts";
import { fold } from "./names.ts";
import { checkKeys } from "./table-keys.ts";

/**
 * ALTER COLUMN … ENCODE, DISTSTYLE, DISTKEY and SORTKEY: kept, without effect. The rules are those of r_ALTER_TABLE, which has no texts
 * (UNCONFIRMED).
 */
export function changeLayout(
  table: TableObject,
  changes: readonly LayoutChange[],
  context: StatementContext,
): TableObject {
  const columns = changes.flatMap((change) => (change.kind === "encode" ? [fold(change.column, context)] : []));
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new SqlError(`column "${twice}" is altered twice`, { sqlState: "42701" });
  const changed = changes.reduce((before, change) => changeOne(before, change, context), table);
  checkKeys(changed.columns, changed.attributes);
  return changed;
}

function changeOne(table: TableObject, change: LayoutChange, context: StatementContext): TableObject {
  switch (change.kind) {
    case "encode":
      return encode(table, fold(change.column, context), change.encoding);
    case "encode-auto":
      return table;
    case "distribution": {
      refuseInterleaved(table, "the distribution");
      if (table.temporary === true && (change.style === "all" || change.style === "even"))
        throw new SqlError("ALTER DISTSTYLE is not supported for a temporary table", { sqlState: "0A000" });
      const rest = without(without(table.attributes, "distKey"), "distStyle") as KeptAttributes;
      const key = change.key === undefined ? {} : { distKey: fold(change.key, context) };
      return { ...table, attributes: { ...rest, distStyle: change.style, ...key } };
    }
    case "sort": {
      if (change.keys === "auto") return table;
      const rest = without(table.attributes, "sortStyle") as KeptAttributes;
      const sortKeys = change.keys === "none" ? [] : change.keys.map((key) => fold(key, context));
      return { ...table, attributes: { ...rest, sortKeys } };
    }
  }
}

function encode(table: TableObject, name: string, encoding: string): TableObject {
  refuseInterleaved(table, "the encoding of a column");
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined)
    throw new SqlError(`column "${name}" of relation "${table.name}" does not exist`, { sqlState: "42703" });
  if (!isEncoding(encoding)) throw new SqlError(`encoding "${encoding}" is not valid`, { sqlState: "22023" });
  if (effectiveEncoding(column, table.attributes) === encoding)
    throw new SqlError(
      `cannot alter column "${name}" of relation "${table.name}", target column encoding should be different`,
      { sqlState: "0A000" },
    );
  return {
    ...table,
    columns: table.columns.map((other) => (other === column ? { ...column, encode: encoding } : other)),
  };
}

function refuseInterleaved(table: TableObject, what: string): void {
  if (table.attributes.sortStyle === "interleaved")
    throw new SqlError(`cannot alter ${what} of a table with an interleaved sort key`, { sqlState: "0A000" });
}
