import { quoteText, type Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { isMoment, isNumber, numeric, types, varchar } from "../sql-type.ts";
import { digitsOf } from "../values/number-format.ts";
import { readTeradataFormat } from "../values/teradata-format.ts";
import { asTimestamp } from "./date.ts";
import { constantOf, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { text, bool, date, timestamp, timestamptz, int4 } = types;

/** `to_char(moment or number, pattern)`. */
const toChar: FunctionBinder = (call) => {
  const [value, pattern] = call.args;
  if (value === undefined || pattern === undefined || call.args.length > 2) throw noSuch(call);
  const written = coerce(pattern, text).sql;
  const type = varchar(256);
  if (isNumber(value.type)) return { sql: `millrace_number_to_char(CAST(${value.sql} AS VARCHAR), ${written})`, type };
  if (!isMoment(value.type) && value.type.name !== "unknown")
    throw new SqlError("to_char of anything but numbers, dates and timestamps is not built in the local Redshift");
  return { sql: `millrace_to_char(epoch_us(${asTimestamp(coerce(value, timestamp))}), ${written})`, type };
};

/** `to_date(text, pattern [, is_strict])` and `to_timestamp`. */
const parsed =
  (name: "date" | "timestamptz"): FunctionBinder =>
  (call) => {
    const [value, pattern, strict] = call.args;
    if (value === undefined || pattern === undefined || call.args.length > 3) throw noSuch(call);
    const isStrict = strict === undefined ? "false" : coerce(strict, bool).sql;
    const micros = `make_timestamp(millrace_to_timestamp(${coerce(value, text).sql}, ${coerce(pattern, text).sql}, ${isStrict}))`;
    if (name === "date") return { sql: `CAST(${micros} AS DATE)`, type: date };
    return { sql: `timezone('UTC', ${micros})`, type: timestamptz };
  };

/** The pattern, which has to be a constant, gives the result's precision and scale. Source: Database Developer Guide, r_TO_NUMBER. */
const toNumber: FunctionBinder = (call) => {
  const [value] = call.args;
  if (value === undefined || call.args.length !== 2) throw noSuch(call);
  const pattern = constantOf(call, 1);
  const { whole, fraction } = digitsOf(pattern);
  const type = numeric(Math.min(38, Math.max(1, whole + fraction)), Math.min(37, fraction));
  const read = `millrace_to_number(${coerce(value, text).sql}, ${coerce(call.args[1]!, text).sql})`;
  return { sql: `CAST(${read} AS DECIMAL(${type.precision},${type.scale}))`, type };
};

/** Text to convert, read by a format where there is one, and the arguments after both. */
function alternative(call: FunctionCall): { readonly source: string; readonly options: readonly Bound[] } {
  const [value, format] = call.args;
  if (value === undefined) throw noSuch(call);
  const source = coerce(value, text).sql;
  if (format === undefined || isNumber(format.type)) return { source, options: call.args.slice(1) };
  const pattern = constantOf(call, 1);
  if (readTeradataFormat(pattern) === undefined)
    throw new SqlError(`invalid format "${pattern}"`, { sqlState: "22023" });
  return { source: `millrace_teradata_number(${source}, ${quoteText(pattern)})`, options: call.args.slice(2) };
}

const textToInt: FunctionBinder = (call) => {
  const { source, options } = alternative(call);
  if (options.length > 0) throw noSuch(call);
  return { sql: `CAST(millrace_text_to_number(${source}, -1) AS INTEGER)`, type: int4 };
};

const textToNumeric: FunctionBinder = (call) => {
  const { source, options } = alternative(call);
  if (options.length !== 0 && options.length !== 2) throw noSuch(call);
  const first = call.args.length - 2;
  const [precision, scale] =
    options.length === 0 ? [38, 0] : [Number(constantOf(call, first)), Number(constantOf(call, first + 1))];
  const type = numeric(precision, scale);
  return { sql: `CAST(millrace_text_to_number(${source}, ${scale}) AS DECIMAL(${precision},${scale}))`, type };
};

/** Functions between text and other types, by patterns. */
export const formatFunctions: Readonly<Record<string, FunctionBinder>> = {
  text_to_int_alt: textToInt,
  text_to_numeric_alt: textToNumeric,
  to_char: toChar,
  to_date: parsed("date"),
  to_number: toNumber,
  to_timestamp: parsed("timestamptz"),
};
