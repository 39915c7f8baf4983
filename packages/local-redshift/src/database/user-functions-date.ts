import { BIGINT, BOOLEAN, VARCHAR, type DuckDBValue } from "@duckdb/node-api";
import { formatMoment, parseMoment } from "../sql/to-char.ts";
import { readMoment } from "../sql/values/read-moment.ts";
import { findTimeZone, fromUtc, toUtc } from "../sql/values/time-zone.ts";
import type { UserFunction } from "./user-functions.ts";

const zoned =
  (shift: typeof toUtc) =>
  (zone: DuckDBValue | undefined, micros: DuckDBValue | undefined): bigint =>
    shift(findTimeZone(zone as string), micros as bigint);

/** Functions on dates and times. */
export const dateFunctions: readonly UserFunction[] = [
  ...(["date", "time", "timetz", "timestamp", "timestamptz"] as const).map((kind): UserFunction => ({
    name: `millrace_read_${kind}`,
    parameters: [VARCHAR],
    result: BIGINT,
    call: (text) => readMoment(text as string, kind),
  })),
  { name: "millrace_zone_to_utc", parameters: [VARCHAR, BIGINT], result: BIGINT, call: zoned(toUtc) },
  { name: "millrace_zone_from_utc", parameters: [VARCHAR, BIGINT], result: BIGINT, call: zoned(fromUtc) },
  {
    name: "millrace_to_char",
    parameters: [BIGINT, VARCHAR],
    result: VARCHAR,
    call: (micros, pattern) => formatMoment(micros as bigint, pattern as string),
  },
  {
    name: "millrace_to_timestamp",
    parameters: [VARCHAR, VARCHAR, BOOLEAN],
    result: BIGINT,
    call: (text, pattern, strict) => parseMoment(text as string, pattern as string, strict as boolean),
  },
];
