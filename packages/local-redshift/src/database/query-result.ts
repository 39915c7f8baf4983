import type { DuckDBConnection } from "@duckdb/node-api";
import type { BoundQuery } from "../sql/bind-query.ts";
import type { OutputColumn } from "../sql/bound.ts";
import { precisionOf, scaleOf } from "../sql/sql-type.ts";
import { cellValue } from "./cell-value.ts";
import type { Column, StatementResult } from "./database.ts";

/** Runs a bound query and gives its rows as Redshift would. */
export async function runQuery(connection: DuckDBConnection, query: BoundQuery): Promise<StatementResult> {
  const reader = await connection.runAndReadAll(query.render());
  const { columns } = query;
  const rows = reader
    .getRows()
    .map((row) => columns.map((column, index) => cellValue(row[index] ?? null, column.type)));
  return { columns: columns.map(resultColumn), rows, rowCount: rows.length, kind: "SELECT" };
}

/** Column metadata of an output column. */
export function resultColumn(column: OutputColumn): Column {
  return {
    name: column.name,
    label: column.name,
    typeName: column.type.name === "unknown" ? "varchar" : column.type.name,
    precision: precisionOf(column.type),
    scale: scaleOf(column.type),
    length: 0,
    nullable: column.origin?.nullable ?? true,
    schemaName: column.origin?.schema ?? "",
    tableName: column.origin?.table ?? "",
  };
}

/** The result of a statement without rows. */
export function done(kind: string, rowCount = -1): StatementResult {
  return { columns: undefined, rows: [], rowCount, kind };
}
