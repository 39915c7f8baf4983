import { quoteText, type Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { isMoment, types, varchar, type SqlType } from "../sql-type.ts";
import { constantOf, define, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { int4, int8, text, date, timestamp, timestamptz, float8 } = types;

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
    ["microsecond", "microseconds", "us", "usec", "usecs", "microsec", "microsecs", "microsecon"],
    ["epoch"],
    ["timezone"],
  ].flatMap((names) => names.map((name) => [name, names[0]!])),
);

function partOf(call: FunctionCall, index = 0): string {
  const written = constantOf(call, index).toLowerCase();
  const part = dateParts[written];
  if (part === undefined) throw new SqlError(`timestamp units "${written}" not recognized`, { sqlState: "22023" });
  return part;
}

/** A moment argument: text is read as a timestamp. */
function moment(call: FunctionCall, index: number): Bound {
  const arg = call.args[index];
  if (arg === undefined) throw noSuch(call);
  if (isMoment(arg.type)) return arg;
  return coerce(arg, timestamp);
}

/** As DuckDB's TIMESTAMP, in UTC. */
const asTimestamp = (bound: Bound) => coerce(bound, timestamp).sql;

const now = (millis: (call: FunctionCall) => number, type: SqlType, label?: string): FunctionBinder => {
  return (call) => {
    const at = new Date(millis(call)).toISOString().replace("T", " ").replace("Z", "");
    const word = { date: "DATE", timestamp: "TIMESTAMP", timestamptz: "TIMESTAMPTZ" }[type.name as "date"];
    const literal = type.name === "timestamptz" ? `${at}+00` : type.name === "date" ? at.slice(0, 10) : at;
    return { sql: `${word} ${quoteText(literal)}`, type, ...(label === undefined ? {} : { label }) };
  };
};

const statementTime = (call: FunctionCall) => call.context.facts.statementTime;
const transactionTime = (call: FunctionCall) => call.context.facts.transactionTime;

/** Counts the boundaries between two moments. */
const dateDiff: FunctionBinder = (call) => {
  const part = partOf(call);
  const [from, to] = [asTimestamp(moment(call, 1)), asTimestamp(moment(call, 2))];
  if (part === "week") return { sql: `date_diff('day', ${sunday(from)}, ${sunday(to)}) // 7`, type: int8 };
  return { sql: `date_diff('${part}', ${from}, ${to})`, type: int8 };
};

/** Weeks are counted at Sundays by DATEDIFF. Source: Database Developer Guide, r_DATEDIFF_function. */
const sunday = (sql: string) => `(date_trunc('week', ${sql} + INTERVAL 1 DAY) - INTERVAL 1 DAY)`;

const intervalOf: Readonly<Record<string, string>> = {
  millennium: "to_millennia",
  century: "to_centuries",
  decade: "to_decades",
  year: "to_years",
  quarter: "to_quarters",
  month: "to_months",
  week: "to_weeks",
  day: "to_days",
  hour: "to_hours",
  minute: "to_minutes",
  second: "to_seconds",
  millisecond: "to_milliseconds",
  microsecond: "to_microseconds",
};

const dateAdd: FunctionBinder = (call) => {
  const maker = intervalOf[partOf(call)];
  const count = call.args[1];
  if (maker === undefined || count === undefined) throw noSuch(call);
  const value = moment(call, 2);
  const type = value.type.name === "timestamptz" ? timestamptz : timestamp;
  return { sql: `CAST(${value.sql} + ${maker}(CAST(${coerce(count, int8).sql} AS INTEGER)) AS ${type.name})`, type };
};

const dateTrunc: FunctionBinder = (call) => {
  const part = partOf(call);
  const value = moment(call, 1);
  const type = value.type.name === "timestamptz" ? timestamptz : timestamp;
  return { sql: `CAST(date_trunc('${part}', ${coerce(value, type).sql}) AS ${type.name})`, type };
};

const datePart: FunctionBinder = (call) => {
  const part = partOf(call);
  const value = call.args[1];
  if (value === undefined) throw noSuch(call);
  const source = value.type.name === "interval" || value.type.name === "time" ? value : moment(call, 1);
  if (part === "epoch" && source.type.name === "interval")
    return { sql: `CAST(date_part('epoch', ${source.sql}) AS BIGINT)`, type: int8 };
  if (part === "epoch") return { sql: `CAST(floor(date_part('epoch', ${asTimestamp(source)})) AS BIGINT)`, type: int8 };
  if (part === "millisecond" || part === "microsecond")
    return {
      sql: `CAST(date_part('${part}', ${source.sql}) % ${part === "millisecond" ? 1000 : 1_000_000} AS INTEGER)`,
      type: int4,
    };
  return { sql: `CAST(date_part('${part}', ${source.sql}) AS INTEGER)`, type: int4 };
};

/** Text by a pattern; numbers are not built. */
const toChar: FunctionBinder = (call) => {
  const value = call.args[0];
  if (value === undefined || call.args[1] === undefined) throw noSuch(call);
  if (!isMoment(value.type) && value.type.name !== "unknown")
    throw new SqlError("to_char of anything but dates and timestamps is not built in the local Redshift");
  return {
    sql: `millrace_to_char(epoch_us(${asTimestamp(moment(call, 0))}), ${coerce(call.args[1], text).sql})`,
    type: varchar(256),
  };
};

const parsed =
  (type: SqlType): FunctionBinder =>
  (call) => {
    const [value, pattern] = [coerce(call.args[0] ?? missing(call), text), coerce(call.args[1] ?? missing(call), text)];
    const micros = `make_timestamp(millrace_to_timestamp(${value.sql}, ${pattern.sql}))`;
    if (type.name === "date") return { sql: `CAST(${micros} AS DATE)`, type };
    return { sql: `timezone('UTC', ${micros})`, type };
  };

/** `convert_timezone([source,] target, timestamp)`. */
const convertTimezone: FunctionBinder = (call) => {
  const value = asTimestamp(moment(call, call.args.length - 1));
  const target = coerce(call.args.at(-2) ?? missing(call), text).sql;
  const source = call.args.length === 3 ? coerce(call.args[0]!, text).sql : "'UTC'";
  return { sql: `timezone(${target}, timezone(${source}, ${value}))`, type: timestamp };
};

const missing = (call: FunctionCall): never => {
  throw noSuch(call);
};

/** Functions on dates and times. */
export const dateFunctions: Readonly<Record<string, FunctionBinder>> = {
  add_months: define([timestamp, int4], timestamp, (a, count) => `(${a} + to_months(${count}))`),
  convert_timezone: convertTimezone,
  current_date: now(transactionTime, date, "date"),
  current_timestamp: now(transactionTime, timestamptz),
  date: define([timestamp], date, (a) => `CAST(${a} AS DATE)`),
  date_add: dateAdd,
  date_diff: dateDiff,
  date_part: datePart,
  date_trunc: dateTrunc,
  dateadd: dateAdd,
  datediff: dateDiff,
  datepart: datePart,
  getdate: now(statementTime, timestamp),
  last_day: define([timestamp], date, (a) => `last_day(${a})`),
  localtimestamp: now(transactionTime, timestamp),
  months_between: define(
    [timestamp, timestamp],
    float8,
    (a, b) => `(date_diff('month', ${b}, ${a}) + (day(${a}) - day(${b})) / 31.0)`,
  ),
  now: now(transactionTime, timestamptz),
  sysdate: now(transactionTime, timestamp),
  to_char: toChar,
  to_date: parsed(date),
  to_timestamp: parsed(timestamptz),
};
