import type { Bound } from "./bound.ts";
import { readConstant } from "./raise.ts";
import { SqlError } from "./sql-error.ts";
import { types, type SqlType } from "./sql-type.ts";
import { readInterval, type Interval } from "./values/read-interval.ts";
import { readMoment, type MomentKind } from "./values/read-moment.ts";

/**
 * Text as a date, a time or a timestamp. A constant is read here; all else by DuckDB where it is in the form that both read alike, and
 * by our own reader otherwise.
 */
export function textToMoment(text: Bound, type: SqlType & { readonly name: MomentKind }, lenient: boolean): string {
  const kind = type.name;
  if (text.constant != null) {
    const constant = text.constant;
    try {
      return fromMicros(String(readConstant(() => readMoment(constant, kind), "22007")), kind);
    } catch (error) {
      if (lenient && error instanceof SqlError) return `CAST(NULL AS ${duckWords[kind]})`;
      throw error;
    }
  }
  const { sql } = text;
  if (lenient) return `TRY_CAST(${sql} AS ${duckWords[kind]})`;
  const own = fromMicros(`millrace_read_${kind}(${sql})`, kind);
  const test = plainForm[kind];
  if (test === undefined) return own;
  return `coalesce(CASE WHEN ${test(sql)} THEN TRY_CAST(${sql} AS ${duckWords[kind]}) END, ${own})`;
}

const duckWords = { date: "DATE", time: "TIME", timetz: "TIMETZ", timestamp: "TIMESTAMP", timestamptz: "TIMESTAMPTZ" };

/** Tests for `2024-01-31` with a time behind it; a zone after a TIMESTAMP is ignored by Redshift and not by DuckDB. */
const plainForm: Partial<Record<MomentKind, (sql: string) => string>> = {
  date: (sql) => `(length(${sql}) = 10 AND substring(${sql}, 5, 1) = '-')`,
  timestamp: (sql) =>
    `(substring(${sql}, 5, 1) = '-' AND strpos(substring(${sql}, 11), '-') = 0 AND strpos(${sql}, '+') = 0)`,
  timestamptz: (sql) => `regexp_full_match(${sql}, '\\d{4}-[-0-9:.+ TZ]*')`,
};

function fromMicros(micros: string, kind: MomentKind): string {
  switch (kind) {
    case "date":
      return `CAST(make_timestamp(${micros}) AS DATE)`;
    case "time":
      return `CAST(make_timestamp(${micros}) AS TIME)`;
    case "timetz":
      return `CAST(CAST(make_timestamp(${micros}) AS TIME) AS TIMETZ)`;
    case "timestamp":
      return `make_timestamp(${micros})`;
    case "timestamptz":
      return `timezone('UTC', make_timestamp(${micros}))`;
  }
}

/** Text as an interval; a number alone is of `unit`, by default seconds. */
export function textToInterval(text: Bound, unit?: string): Bound {
  const { constant } = text;
  if (constant == null)
    throw new SqlError("an interval of text that is not a constant is not built in the local Redshift");
  return intervalOf(readConstant(() => readInterval(constant, unit), "22007"));
}

function intervalOf({ months, days, micros }: Interval): Bound {
  const sql = `(to_months(${months}) + to_days(${days}) + to_microseconds(${micros}))`;
  return { sql, type: types.interval, label: "interval" };
}

export const isMomentKind = (type: SqlType): type is SqlType & { readonly name: MomentKind } => type.name in duckWords;
