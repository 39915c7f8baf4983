import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeTZValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { SqlType } from "../sql/sql-type.ts";
import { showInterval } from "../sql/values/read-interval.ts";
import type { CellValue } from "./database.ts";

/** A value of DuckDB as a cell of Redshift's type. Formats: MG data-api, pass-sql-statements. */
export function cellValue(value: DuckDBValue, type: SqlType): CellValue {
  if (value === null) return null;
  if (typeof value === "string") {
    if (type.name === "bpchar") return value.padEnd(type.length ?? 0);
    return type.name === "super" ? superCell(value) : value;
  }
  if (typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (type.name === "float4") return shortest(value);
    return type.name === "int8" ? BigInt(Math.trunc(value)) : value;
  }
  if (typeof value === "bigint")
    return type.name === "int8" ? value : type.name === "numeric" ? String(value) : Number(value);
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBTimestampValue) return momentText(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${momentText(value.micros)}+00`;
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimeValue || value instanceof DuckDBTimeTZValue) return value.toString();
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString("hex");
  if (value instanceof DuckDBIntervalValue)
    return showInterval({ months: value.months, days: value.days, micros: Number(value.micros) });
  return String(value);
}

/** A REAL with as few digits as tell it from its neighbours. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const shown = Number(value.toPrecision(digits));
    if (Math.fround(shown) === value) return shown;
  }
  return value;
}

/** JSON null shows as NULL; a blank before the text is for us alone, see super-document.ts. */
const superCell = (text: string) => (text === "null" ? null : text.trimStart());

/** `2022-02-22 00:00:00.0`: trailing zeros cut, at least one digit of the fraction. */
function momentText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString();
  let digits = String(fraction).padStart(6, "0");
  while (digits.length > 1 && digits.endsWith("0")) digits = digits.slice(0, -1);
  return `${seconds.slice(0, -5).replace("T", " ")}.${digits}`;
}
