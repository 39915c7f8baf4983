import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { types } from "../sql-type.ts";
import { constantOf, define, noSuch, type FunctionBinder } from "./function-binder.ts";

const { text, int4, int8, varbyte, bool } = types;

/** DuckDB text of bytes as text, by format. `base64` is not in the documents, and kept since it does no harm. */
const writers: Readonly<Record<string, (bytes: string) => string>> = {
  base64: (a) => `to_base64(${a})`,
  binary: (a) => `replace(CAST(CAST(${a} AS BIT) AS VARCHAR), ' ', '')`,
  hex: (a) => `lower(hex(${a}))`,
  utf8: (a) => `decode(${a})`,
};

/** DuckDB text of text as bytes, by format. An odd number of hexadecimal digits gets a zero before it. */
const readers: Readonly<Record<string, (text: string) => string>> = {
  base64: (a) => `from_base64(${a})`,
  binary: (a) => `millrace_bytes_of_bits(${a})`,
  hex: (a) => `unhex(CASE WHEN length(${a}) % 2 = 1 THEN '0' || ${a} ELSE ${a} END)`,
  utf8: (a) => `encode(${a})`,
};

/** The format that a call names. Source: Database Developer Guide, r_FROM_VARBYTE, r_TO_VARBYTE. */
function formatOf<Value>(call: Parameters<FunctionBinder>[0], formats: Readonly<Record<string, Value>>): Value {
  const written = constantOf(call, 1).toLowerCase();
  const format = formats[written === "utf-8" ? "utf8" : written];
  if (format === undefined)
    throw new SqlError(`${call.name} with format ${written} is not built in the local Redshift`);
  return format;
}

const fromVarbyte: FunctionBinder = (call) => define([varbyte, text], text, formatOf(call, writers))(call);
const toVarbyte: FunctionBinder = (call) => define([text, text], varbyte, formatOf(call, readers))(call);

const toHex: FunctionBinder = (call) => {
  const first = call.args[0];
  if (first === undefined || call.args.length > 1) throw noSuch(call);
  return { sql: `lower(hex(${first.type.name === "varbyte" ? first.sql : coerce(first, int8).sql}))`, type: text };
};

/** Functions on bytes. */
export const varbyteFunctions: Readonly<Record<string, FunctionBinder>> = {
  from_hex: define([text], varbyte, readers["hex"]!),
  from_varbyte: fromVarbyte,
  getbit: define([varbyte, int4], int4, (a, index) => `millrace_getbit(${a}, ${index})`),
  is_utf8: define([varbyte], bool, (a) => `millrace_is_utf8(${a})`),
  to_hex: toHex,
  to_varbyte: toVarbyte,
};
