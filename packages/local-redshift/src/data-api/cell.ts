import type { CellValue, Column } from "../database/database.ts";

const textTypes: ReadonlySet<string> = new Set(["numeric", "varbyte", "super", "varchar", "bpchar"]);
const floatTypes: ReadonlySet<string> = new Set(["float4", "float8"]);

/**
 * A cell as a member of the Field union, written as JSON text so that an int8 keeps every digit: whole numbers are `longValue`,
 * floats `doubleValue`, booleans `booleanValue`, decimals, dates, SUPER and all else `stringValue`. Source: Redshift management
 * guide, data-api.
 */
export function writeField(cell: CellValue, column: Column): string {
  if (cell === null) return '{"isNull":true}';
  if (typeof cell === "boolean") return `{"booleanValue":${cell}}`;
  if (typeof cell === "string") return `{"stringValue":${JSON.stringify(cell)}}`;
  if (textTypes.has(column.typeName)) return `{"stringValue":"${cell}"}`;
  if (typeof cell === "bigint") return `{"longValue":${cell}}`;
  if (!Number.isFinite(cell)) return `{"doubleValue":"${cell}"}`;
  const isFloat = floatTypes.has(column.typeName) || !Number.isInteger(cell);
  return isFloat ? `{"doubleValue":${cell}}` : `{"longValue":${cell}}`;
}

/** A cell as CSV text: NULL is empty, and what holds a comma, a quote or a line break is quoted. */
export function writeCsvCell(cell: CellValue): string {
  if (cell === null) return "";
  // UNCONFIRMED: how AWS writes a boolean in CSV.
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Bytes of a cell's text. */
export function cellBytes(cell: CellValue): number {
  if (cell === null) return 0;
  return typeof cell === "string" ? Buffer.byteLength(cell) : String(cell).length;
}
