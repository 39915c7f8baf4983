import { quoteText } from "../bound.ts";
import { coerce } from "../cast.ts";
import { types, varchar, type SqlType } from "../sql-type.ts";
import { atTimeZone, fromUtc, toUtc } from "../time-zone.ts";
import { asTimestamp } from "./date.ts";
import { noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { date, timestamp, timestamptz } = types;

/** The times that functions tell: of the statement, or of the transaction's start. Source: Database Developer Guide, Date_functions_header. */
const statementTime = (call: FunctionCall) => call.context.facts.statementTime;
const transactionTime = (call: FunctionCall) => call.context.facts.transactionTime;

const now = (millis: (call: FunctionCall) => number, type: SqlType, label?: string): FunctionBinder => {
  return (call) => {
    if (call.args.length > 0) throw noSuch(call);
    const at = new Date(millis(call)).toISOString().replace("T", " ").replace("Z", "");
    const word = { date: "DATE", timestamp: "TIMESTAMP", timestamptz: "TIMESTAMPTZ" }[type.name as "date"];
    const literal = type.name === "timestamptz" ? `${at}+00` : type.name === "date" ? at.slice(0, 10) : at;
    return { sql: `${word} ${quoteText(literal)}`, type, ...(label === undefined ? {} : { label }) };
  };
};

/** `Thu Sep 19 22:53:50.333525 2013 UTC`. Source: Database Developer Guide, r_TIMEOFDAY_function. */
const timeOfDay: FunctionBinder = (call) => {
  if (call.args.length > 0) throw noSuch(call);
  const [, day, month, year] = new Date(statementTime(call)).toUTCString().replace(",", "").split(" ") as string[];
  const at = new Date(statementTime(call));
  const weekday = at.toUTCString().slice(0, 3);
  const time = `${at.toISOString().slice(11, 23)}000`;
  return { sql: quoteText(`${weekday} ${month} ${day} ${time} ${year} UTC`), type: varchar(64) };
};

/** `convert_timezone([source,] target, timestamp)`. */
const convertTimezone: FunctionBinder = (call) => {
  const [first, second, third] = call.args;
  if (first === undefined || second === undefined || call.args.length > 3) throw noSuch(call);
  const [target, value] = third === undefined ? [first, second] : [second, third];
  const source = asTimestamp(coerce(value, value.type.name === "timestamptz" ? timestamptz : timestamp));
  const utc = third === undefined ? source : toUtc(source, first);
  return { sql: fromUtc(utc, target), type: timestamp };
};

const timezone: FunctionBinder = (call) => {
  const [zone, value] = call.args;
  if (zone === undefined || value === undefined || call.args.length > 2) throw noSuch(call);
  return atTimeZone(value.type.name === "timestamptz" ? value : coerce(value, timestamp), zone);
};

/** Functions that tell the time, and that turn it from zone to zone. */
export const clockFunctions: Readonly<Record<string, FunctionBinder>> = {
  convert_timezone: convertTimezone,
  current_date: now(transactionTime, date, "date"),
  current_timestamp: now(transactionTime, timestamptz),
  getdate: now(statementTime, timestamp),
  localtimestamp: now(transactionTime, timestamp),
  now: now(transactionTime, timestamptz),
  sysdate: now(transactionTime, timestamp, "timestamp"),
  timeofday: timeOfDay,
  timezone,
};
