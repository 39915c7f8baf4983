import type { Bound } from "../bound.ts";
import { castTo, coerce } from "../cast.ts";
import { types } from "../sql-type.ts";
import { superKind, superOf, superText, superValue } from "../super-value.ts";
import { noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { text, bool, int8 } = types;

function superArgument(call: FunctionCall, index = 0): Bound {
  const arg = call.args[index];
  if (arg === undefined) throw noSuch(call);
  if (arg.type.name !== "super" && arg.constant !== null) throw noSuch(call);
  return coerce(arg, types.super);
}

/** Bytes of a stream come with their JSON already read, see the refresher; all else goes through functions of our own. */
const jsonParse: FunctionBinder = (call) => {
  const arg = call.args[0];
  if (arg === undefined || call.args.length > 1) throw noSuch(call);
  if (arg.parsed !== undefined) return superOf(arg.parsed.value);
  if (arg.type.name === "super") return arg;
  if (arg.type.name === "varbyte") return superOf(`CAST(millrace_json_parse_bytes(${arg.sql}) AS JSON)`);
  return superOf(`CAST(millrace_json_parse(${coerce(arg, text).sql}) AS JSON)`);
};

/**
 * True for what JSON_PARSE takes, so false for a repeated attribute and for a string over 65,535 bytes (the latter UNCONFIRMED).
 */
const canJsonParse: FunctionBinder = (call) => {
  const arg = call.args[0];
  if (arg === undefined || call.args.length > 1) throw noSuch(call);
  if (arg.parsed !== undefined) return { sql: arg.parsed.valid, type: bool };
  if (arg.type.name === "varbyte") return { sql: `millrace_can_json_parse_bytes(${arg.sql})`, type: bool };
  return { sql: `millrace_can_json_parse(${coerce(arg, text).sql})`, type: bool };
};

const isKind =
  (...kinds: readonly string[]): FunctionBinder =>
  (call) => ({
    sql: `(${superKind(superArgument(call))} IN (${kinds.map((kind) => `'${kind}'`).join(", ")}))`,
    type: bool,
  });

const isWithin =
  (duck: string): FunctionBinder =>
  (call) => {
    const value = superArgument(call);
    const fits = `TRY_CAST(${superText(value)} AS ${duck}) IS NOT NULL`;
    return {
      sql: `(CASE WHEN ${superKind(value)} IN ('UBIGINT', 'BIGINT') THEN ${fits} WHEN ${superKind(value)} IS NOT NULL THEN false END)`,
      type: bool,
    };
  };

const typeWords =
  "CASE %s WHEN 'BOOLEAN' THEN 'boolean' WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'NULL' THEN 'null' WHEN 'UBIGINT' THEN 'number' WHEN 'BIGINT' THEN 'number' WHEN 'DOUBLE' THEN 'number' END";

const jsonTypeof: FunctionBinder = (call) => {
  const kind = superKind(superArgument(call));
  return { sql: `(${typeWords.split("%s").join(kind)})`, type: { name: "varchar", length: 16 }, typeOf: { kind } };
};

/** NULL shows as `null`. Source: Database Developer Guide, JSON_SERIALIZE. */
const jsonSerialize: FunctionBinder = (call) => ({
  sql: `coalesce(CAST(${superValue(superArgument(call))} AS VARCHAR), 'null')`,
  type: text,
});

const arrayLength: FunctionBinder = (call) => {
  const value = superArgument(call);
  return {
    sql: `(CASE WHEN ${superKind(value)} = 'ARRAY' THEN CAST(json_array_length(${superValue(value)}) AS BIGINT) END)`,
    type: int8,
  };
};

const makeArray: FunctionBinder = (call) => {
  const items = call.args.map((arg) => superValue(castTo(arg, types.super)));
  return superOf(`json_array(${items.map((item) => `coalesce(${item}, CAST('null' AS JSON))`).join(", ")})`);
};

/** Functions on SUPER, and those that make one; JSON in text is in `json.ts`. */
export const superFunctions: Readonly<Record<string, FunctionBinder>> = {
  array: makeArray,
  can_json_parse: canJsonParse,
  get_array_length: arrayLength,
  is_array: isKind("ARRAY"),
  is_bigint: isWithin("BIGINT"),
  is_boolean: isKind("BOOLEAN"),
  is_decimal: isKind("UBIGINT", "BIGINT", "DOUBLE"),
  is_float: isKind("DOUBLE"),
  is_integer: isWithin("INTEGER"),
  is_object: isKind("OBJECT"),
  is_scalar: isKind("UBIGINT", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR"),
  is_smallint: isWithin("SMALLINT"),
  is_varchar: isKind("VARCHAR"),
  json_parse: jsonParse,
  json_serialize: jsonSerialize,
  json_size: (call) => ({
    sql: `CAST(strlen(CAST(${superValue(superArgument(call))} AS VARCHAR)) AS BIGINT)`,
    type: int8,
  }),
  json_typeof: jsonTypeof,
};
