import { SqlError } from "../sql-error.ts";
import { constantOf, type FunctionCall } from "./function-binder.ts";

/** Names of date parts, and DuckDB's word for each. Source: Database Developer Guide, r_Dateparts_for_datetime_functions. */
const dateParts: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ["millennium", "millennia", "mil", "mils"],
    ["century", "centuries", "c", "cent", "cents"],
    ["decade", "decades", "dec", "decs"],
    ["year", "years", "y", "yr", "yrs"],
    ["quarter", "quarters", "qtr", "qtrs"],
    ["month", "months", "mon", "mons"],
    ["week", "weeks", "w"],
    ["dow", "dayofweek", "dw", "weekday"],
    ["doy", "dayofyear", "dy", "yearday"],
    ["day", "days", "d"],
    ["hour", "hours", "h", "hr", "hrs"],
    ["minute", "minutes", "m", "min", "mins"],
    ["second", "seconds", "s", "sec", "secs"],
    [
      "millisecond",
      "milliseconds",
      "ms",
      "msec",
      "msecs",
      "msecond",
      "mseconds",
      "millisec",
      "millisecs",
      "millisecon",
    ],
    [
      "microsecond",
      "microseconds",
      "us",
      "usec",
      "usecs",
      "usecond",
      "useconds",
      "microsec",
      "microsecs",
      "microsecon",
    ],
    ["epoch"],
    ["timezone"],
    ["timezone_hour"],
    ["timezone_minute"],
  ].flatMap((names) => names.map((name) => [name, names[0]!])),
);

/** The date part that an argument names. Throws for a name that is none. */
export function partOf(call: FunctionCall, index = 0): string {
  const written = constantOf(call, index).toLowerCase();
  const part = dateParts[written];
  if (part === undefined) throw new SqlError(`timestamp units "${written}" not recognized`, { sqlState: "22023" });
  return part;
}
