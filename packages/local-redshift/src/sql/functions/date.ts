import type { Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { isMoment, plainTypeText, types, type SqlType } from "../sql-type.ts";
import { partOf } from "./date-part.ts";
import { define, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { int4, int8, date, time, timestamp, timestamptz, float8 } = types;

const isTime = (type: SqlType) => type.name === "time" || type.name === "timetz";

/** An argument as a moment or a time of day; text is read as a timestamp. */
function momentArgument(call: FunctionCall, index: number): Bound {
  const arg = call.args[index];
  if (arg === undefined) throw noSuch(call);
  return isMoment(arg.type) || isTime(arg.type) ? arg : coerce(arg, timestamp);
}

/** As DuckDB's TIMESTAMP in UTC; times of day are on the first day of 1970. */
export function asTimestamp(bound: Bound): string {
  if (isTime(bound.type)) return `(DATE '1970-01-01' + CAST(${bound.sql} AS TIME))`;
  return coerce(bound, timestamp).sql;
}

/** Source for which parts a time of day has: Database Developer Guide, r_DATEADD_function. */
function refuseDayParts(value: Bound, part: string): void {
  const ofTime = ["hour", "minute", "second", "millisecond", "microsecond", "epoch", "timezone"];
  if (isTime(value.type) && !ofTime.includes(part))
    throw new SqlError(`"${plainTypeText(value.type)}" units "${part}" not recognized`, { sqlState: "22023" });
}

/** Counts the boundaries between two moments. */
const dateDiff: FunctionBinder = (call) => {
  if (call.args.length !== 3) throw noSuch(call);
  const part = partOf(call);
  const [a, b] = [momentArgument(call, 1), momentArgument(call, 2)];
  refuseDayParts(a, part);
  const [from, to] = [asTimestamp(a), asTimestamp(b)];
  const label = { type: int8, label: "date_diff" };
  if (part === "week") return { sql: `(date_diff('day', ${sunday(from)}, ${sunday(to)}) // 7)`, ...label };
  if (part === "century" || part === "millennium") {
    const years = part === "century" ? 100 : 1000;
    const unit = (sql: string) => `((year(${sql}) + ${years - 1}) // ${years})`;
    return { sql: `CAST(${unit(to)} - ${unit(from)} AS BIGINT)`, ...label };
  }
  return { sql: `date_diff('${part}', ${from}, ${to})`, ...label };
};

/** Weeks are counted at Sundays by DATEDIFF. Source: Database Developer Guide, r_DATEDIFF_function. */
const sunday = (sql: string) => `(date_trunc('week', ${sql} + INTERVAL 1 DAY) - INTERVAL 1 DAY)`;

const intervalOf: Readonly<Record<string, (count: string) => string>> = {
  quarter: (count) => `to_quarters(${count})`,
  month: (count) => `to_months(${count})`,
  week: (count) => `to_weeks(${count})`,
  day: (count) => `to_days(${count})`,
  hour: (count) => `to_hours(${count})`,
  minute: (count) => `to_minutes(${count})`,
  second: (count) => `to_seconds(${count})`,
  millisecond: (count) => `to_microseconds(${count} * 1000)`,
  microsecond: (count) => `to_microseconds(${count})`,
};

const yearsOf: Readonly<Record<string, number>> = { year: 1, decade: 10, century: 100, millennium: 1000 };

const dateAdd: FunctionBinder = (call) => {
  const part = partOf(call);
  const count = call.args[1];
  if (count === undefined || call.args.length !== 3) throw noSuch(call);
  const value = momentArgument(call, 2);
  refuseDayParts(value, part);
  const type = isTime(value.type) || value.type.name === "timestamptz" ? value.type : timestamp;
  return { sql: `CAST(${added(call, part, value, coerce(count, int8).sql)} AS ${type.name})`, type, label: "date_add" };
};

function added(call: FunctionCall, part: string, value: Bound, count: string): string {
  const years = yearsOf[part];
  if (years !== undefined) {
    const more = `to_years(CAST(${count} * ${years} AS INTEGER))`;
    const start = value.type.name === "timestamptz" ? value.sql : asTimestamp(value);
    // 29 February and a year is 1 March. Source: Database Developer Guide, r_DATEADD_function.
    return `CASE WHEN month(${start}) = 2 AND day(${start}) = 29 THEN ${start} - to_days(1) + ${more} + to_days(1) ELSE ${start} + ${more} END`;
  }
  const maker = intervalOf[part];
  if (maker === undefined) throw noSuch(call);
  const whole = ["quarter", "month", "week", "day"].includes(part) ? `CAST(${count} AS INTEGER)` : count;
  return `${value.type.name === "date" ? asTimestamp(value) : value.sql} + ${maker(whole)}`;
}

/** Centuries and millennia begin with the year 1. Source: Database Developer Guide, r_DATE_TRUNC. */
const dateTrunc: FunctionBinder = (call) => {
  const part = partOf(call);
  if (call.args.length !== 2) throw noSuch(call);
  const value = momentArgument(call, 1);
  if (isTime(value.type)) throw noSuch(call);
  const type = value.type.name === "timestamptz" ? timestamptz : timestamp;
  const source = coerce(value, type).sql;
  const years = part === "century" ? 100 : part === "millennium" ? 1000 : undefined;
  if (years !== undefined) {
    const first = `CAST((year(${source}) - 1) // ${years} * ${years} + 1 AS BIGINT)`;
    return { sql: `CAST(make_date(${first}, 1, 1) AS ${type.name})`, type };
  }
  return { sql: `CAST(date_trunc('${part}', ${source}) AS ${type.name})`, type };
};

/** The value of a date part, without the parts above it. */
function partText(call: FunctionCall, part: string, value: Bound): string {
  if (part.startsWith("timezone")) {
    if (value.type.name !== "timestamptz" && value.type.name !== "timetz") throw noSuch(call);
    return "0";
  }
  if (value.type.name === "interval") {
    if (part === "millisecond" || part === "microsecond")
      return `(date_part('${part}', ${value.sql}) % ${part === "millisecond" ? 1000 : 1_000_000})`;
    return `date_part('${part}', ${value.sql})`;
  }
  refuseDayParts(value, part);
  const source = asTimestamp(value);
  if (part === "decade") return `(year(${source}) // 10 + 1)`;
  if (part === "epoch") return `floor(date_part('epoch', ${source}))`;
  if (part === "millisecond") return `(date_part('millisecond', ${source}) % 1000)`;
  if (part === "microsecond") return `(date_part('microsecond', ${source}) % 1000000)`;
  return `date_part('${part}', ${source})`;
}

function sourceArgument(call: FunctionCall): Bound {
  if (call.args.length !== 2) throw noSuch(call);
  return call.args[1]!.type.name === "interval" ? call.args[1]! : momentArgument(call, 1);
}

/** `EXTRACT(part FROM source)`: whole numbers, DOUBLE PRECISION of a TIMESTAMPTZ. Source: Database Developer Guide, r_EXTRACT_function. */
const extract: FunctionBinder = (call) => {
  const part = partOf(call);
  const given = sourceArgument(call);
  if (given.zoned !== undefined && part.startsWith("timezone")) return zonePart(part, given.zoned.offsetSeconds);
  const value = part === "epoch" ? given : asWritten(given);
  const type = value.type.name === "timestamptz" ? float8 : part === "epoch" ? int8 : int4;
  const text = part === "second" ? `floor(${partText(call, part, value)})` : partText(call, part, value);
  const duck = { float8: "DOUBLE", int8: "BIGINT", int4: "INTEGER" }[type.name as "int4"];
  return { sql: `CAST(${text} AS ${duck})`, type, label: "date_part" };
};

/** A literal with a zone is not converted to UTC before its parts are taken. Source: Database Developer Guide, r_EXTRACT_function. */
function asWritten(value: Bound): Bound {
  if (value.zoned === undefined) return value;
  return { sql: `CAST(make_timestamp(${value.zoned.localMicros}) AS TIME)`, type: time };
}

/** Part of how far a zone is ahead of UTC: all of it in seconds, whole hours, or the minutes beside them. */
function zonePart(part: string, offsetSeconds: number): Bound {
  const minutes = Math.trunc(offsetSeconds / 60);
  const values: Readonly<Record<string, number>> = {
    timezone: offsetSeconds,
    timezone_hour: Math.trunc(minutes / 60),
    timezone_minute: minutes % 60,
  };
  return { sql: `CAST(${values[part]} AS INTEGER)`, type: int4, label: "date_part" };
}

/** `DATE_PART(part, source)`: seconds come with their fraction. Source: Database Developer Guide, r_DATE_PART_function. */
const datePart: FunctionBinder = (call) => {
  const part = partOf(call);
  const value = sourceArgument(call);
  const text =
    part === "second" && value.type.name !== "interval"
      ? `(date_part('microsecond', ${asTimestamp(value)}) / 1000000)`
      : partText(call, part, value);
  return { sql: `CAST(${text} AS DOUBLE)`, type: float8, label: "pgdate_part" };
};

const isLastDay = (sql: string) => `(CAST(${sql} AS DATE) = last_day(${sql}))`;

/** The last day of a month stays the last. Source: Database Developer Guide, r_ADD_MONTHS. */
const addMonths = define([timestamp, int4], timestamp, (a, count) => {
  const moved = `(${a} + to_months(${count}))`;
  return `(CASE WHEN ${isLastDay(a!)} THEN ${moved} + (last_day(${moved}) - CAST(${moved} AS DATE)) * INTERVAL 1 DAY ELSE ${moved} END)`;
});

/** Whole for the same day of the month or two last ones; the rest counts in months of 31 days. Source: DG r_MONTHS_BETWEEN_function. */
const monthsBetween = define([timestamp, timestamp], float8, (a, b) => {
  const months = `date_diff('month', ${b}, ${a})`;
  const time = (sql: string) => `(epoch(${sql}) - epoch(date_trunc('day', ${sql}))) / 86400.0`;
  const rest = `(day(${a}) - day(${b}) + ${time(a!)} - ${time(b!)}) / 31.0`;
  return `CAST(CASE WHEN day(${a}) = day(${b}) OR (${isLastDay(a!)} AND ${isLastDay(b!)}) THEN ${months} ELSE ${months} + ${rest} END AS DOUBLE)`;
});

/** Days by their names and short forms, Sunday first. Source: Database Developer Guide, r_NEXT_DAY. */
const weekdays: readonly string[] = [
  "su sun sunday",
  "m mo mon monday",
  "tu tue tues tuesday",
  "w we wed wednesday",
  "th thu thur thurs thursday",
  "f fr fri friday",
  "sa sat saturday",
];

const nextDay: FunctionBinder = (call) => {
  const name = call.args[1];
  if (name === undefined) throw noSuch(call);
  const written = coerce(name, types.text).sql;
  const cases = weekdays.map(
    (names, day) =>
      `WHEN lower(${written}) IN (${names
        .split(" ")
        .map((word) => `'${word}'`)
        .join(", ")}) THEN ${day}`,
  );
  const wanted = `(CASE ${cases.join(" ")} WHEN ${written} IS NOT NULL THEN error('ERROR: Not a valid weekday: ' || ${written}) END)`;
  return define(
    [timestamp, types.text],
    date,
    (a) => `CAST(CAST(${a} AS DATE) + CAST((${wanted} - dayofweek(${a}) + 6) % 7 + 1 AS INTEGER) AS DATE)`,
  )(call);
};

const compared = (left: SqlType, right: SqlType): FunctionBinder =>
  define(
    [left, right],
    int4,
    (a, b) => `CAST(CASE WHEN ${a} = ${b} THEN 0 WHEN ${a} > ${b} THEN 1 WHEN ${a} < ${b} THEN -1 END AS INTEGER)`,
  );

/** Functions on dates and times. */
export const dateFunctions: Readonly<Record<string, FunctionBinder>> = {
  add_months: addMonths,
  date: define([timestamp], date, (a) => `CAST(${a} AS DATE)`),
  date_add: dateAdd,
  date_cmp: compared(date, date),
  date_cmp_timestamp: compared(timestamp, timestamp),
  date_cmp_timestamptz: compared(timestamptz, timestamptz),
  date_diff: dateDiff,
  date_part: datePart,
  date_part_year: define([date], int4, (a) => `CAST(year(${a}) AS INTEGER)`),
  date_trunc: dateTrunc,
  dateadd: dateAdd,
  datediff: dateDiff,
  datepart: datePart,
  extract,
  interval_cmp: compared(types.interval, types.interval),
  last_day: define([timestamp], date, (a) => `last_day(${a})`),
  months_between: monthsBetween,
  next_day: nextDay,
  pgdate_part: datePart,
  timestamp_cmp: compared(timestamp, timestamp),
  timestamp_cmp_date: compared(timestamp, timestamp),
  timestamp_cmp_timestamptz: compared(timestamptz, timestamptz),
  timestamptz_cmp: compared(timestamptz, timestamptz),
  timestamptz_cmp_date: compared(timestamptz, timestamptz),
  timestamptz_cmp_timestamp: compared(timestamptz, timestamptz),
};
