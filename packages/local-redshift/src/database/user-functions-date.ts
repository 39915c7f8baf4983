import { BIGINT, BOOLEAN, VARCHAR } from "@duckdb/node-api";
import { formatMoment, parseMoment } from "../sql/to-char.ts";
import { readMoment } from "../sql/values/read-moment.ts";
import { findTimeZone, fromUtc, toUtc } from "../sql/values/time-zone.ts";
import { userFunction, type UserFunction } from "./user-function.ts";

/** Functions on dates and times. */
export const dateFunctions: readonly UserFunction[] = [
  ...(["date", "time", "timetz", "timestamp", "timestamptz"] as const).map((kind) =>
    userFunction(`read_${kind}`, [VARCHAR], BIGINT, (text) => readMoment(text, kind)),
  ),
  userFunction("zone_to_utc", [VARCHAR, BIGINT], BIGINT, (zone, micros) => toUtc(findTimeZone(zone), micros)),
  userFunction("zone_from_utc", [VARCHAR, BIGINT], BIGINT, (zone, micros) => fromUtc(findTimeZone(zone), micros)),
  userFunction("to_char", [BIGINT, VARCHAR], VARCHAR, formatMoment),
  userFunction("to_timestamp", [VARCHAR, VARCHAR, BOOLEAN], BIGINT, parseMoment),
];
