import { quoteName, quoteText } from "../../sql/bound.ts";
import { duckType, type SqlType } from "../../sql/sql-type.ts";
import type { Cell, SystemView } from "./system-view.ts";

/**
 * Rows of a system view as a relation in DuckDB's text. They travel as one JSON text, which DuckDB reads much faster than as many literals;
 * values become their types only in the columns that a query reads. CHAR is padded with blanks, as Redshift's logs are.
 */
export function relationText({ columns, counted }: SystemView, rows: readonly (readonly Cell[])[]): string {
  const items = columns.map(([name, type], index) => `${valueText(`r[${index + 1}]`, type)} AS ${quoteName(name)}`);
  const json = quoteText(JSON.stringify(rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))))));
  const read = `SELECT ${items.join(", ")} FROM (SELECT unnest(from_json(${json}, '[["VARCHAR"]]')) AS r)`;
  if (counted === undefined) return `(${read})`;
  const count = `(SELECT sum(estimated_size) FROM duckdb_tables() WHERE table_name = 't' || s.${quoteName(counted.oid)})`;
  const blocks = `CAST(ceil(${count} * s.${quoteName(counted.blocks)} / 1048576) AS BIGINT) AS ${quoteName(counted.blocks)}`;
  const replaced = [...counted.columns.map((name) => `${count} AS ${quoteName(name)}`), blocks].join(", ");
  return `(SELECT * REPLACE (${replaced}) FROM (${read}) AS s WHERE ${count} > 0)`;
}

function valueText(cell: string, type: SqlType): string {
  if (type.name === "bpchar") return `rpad(left(${cell}, ${type.length}), ${type.length}, ' ')`;
  return type.name === "varchar" ? cell : `CAST(${cell} AS ${duckType(type)})`;
}
