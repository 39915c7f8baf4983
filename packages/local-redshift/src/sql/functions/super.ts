import { quoteText, type Bound } from "../bound.ts";
import { castTo, coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { isMoment, plainTypeText, types, type SqlType } from "../sql-type.ts";
import { superComposed, superJson, superKind, superOf, superText, superValue } from "../super-value.ts";
import { noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { text, bool, int4, int8 } = types;

function superArgument(call: FunctionCall, index = 0): Bound {
  const arg = call.args[index];
  if (arg === undefined) throw noSuch(call);
  if (arg.type.name !== "super" && arg.constant !== null) throw noSuch(call);
  return coerce(arg, types.super);
}

/** Any value as SUPER. Throws as OBJECT does for dates and times, which SUPER does not hold. Source: DG r_object_function. */
function madeSuper(call: FunctionCall, arg: Bound): string {
  if (isMoment(arg.type) || arg.type.name === "time" || arg.type.name === "timetz")
    throw new SqlError(`${call.name.toUpperCase()} could not convert type ${plainTypeText(arg.type)} to super`, {
      sqlState: "42846",
    });
  return superValue(castTo(arg, types.super));
}

/** A JSON array of DuckDB's text; NULL is its null. */
const listed = (values: readonly string[]) =>
  `('[' || ${values.map((value) => `coalesce(CAST(${value} AS VARCHAR), 'null')`).join(" || ',' || ")} || ']')`;

/** Bytes of a stream come with their JSON already read, see the refresher; all else goes through functions of our own. */
const jsonParse: FunctionBinder = (call) => {
  const arg = call.args[0];
  if (arg === undefined || call.args.length > 1) throw noSuch(call);
  if (arg.parsed !== undefined) return superOf(arg.parsed.value);
  if (arg.type.name === "super") return arg;
  const options = quoteText(call.context.superModes.parseOptions);
  if (arg.type.name === "varbyte") return superOf(`CAST(millrace_super_parse_bytes(${arg.sql}, ${options}) AS JSON)`);
  return superOf(`CAST(millrace_super_parse(${coerce(arg, text).sql}, ${options}) AS JSON)`);
};

/**
 * True for what JSON_PARSE takes, so false for a repeated attribute and for a string over 65,535 bytes (the latter UNCONFIRMED).
 */
const canJsonParse: FunctionBinder = (call) => {
  const arg = call.args[0];
  if (arg === undefined || call.args.length > 1) throw noSuch(call);
  if (arg.parsed !== undefined) return { sql: arg.parsed.valid, type: bool };
  const options = quoteText(call.context.superModes.parseOptions);
  if (arg.type.name === "varbyte") return { sql: `millrace_super_can_parse_bytes(${arg.sql}, ${options})`, type: bool };
  return { sql: `millrace_super_can_parse(${coerce(arg, text).sql}, ${options})`, type: bool };
};

/** False for all other values, null included. Source: DG r_is_array and its neighbours. */
const isKind =
  (...kinds: readonly string[]): FunctionBinder =>
  (call) => ({
    sql: `coalesce(${superKind(superArgument(call))} IN (${kinds.map((kind) => `'${kind}'`).join(", ")}), false)`,
    type: bool,
  });

const isWithin =
  (duck: string): FunctionBinder =>
  (call) => {
    const value = superArgument(call);
    const fits = `TRY_CAST(${superText(value)} AS ${duck}) IS NOT NULL`;
    return {
      sql: `(CASE WHEN ${superKind(value)} IN ('UBIGINT', 'BIGINT') THEN ${fits} ELSE false END)`,
      type: bool,
    };
  };

/** Strings of ASCII characters only, since CHAR holds no others. */
const isChar: FunctionBinder = (call) => {
  const value = superArgument(call);
  const content = superText(value);
  return {
    sql: `(CASE WHEN ${superKind(value)} = 'VARCHAR' THEN strlen(${content}) = length(${content}) ELSE false END)`,
    type: bool,
  };
};

const typeWords =
  "CASE %s WHEN 'BOOLEAN' THEN 'boolean' WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'NULL' THEN 'null' WHEN 'UBIGINT' THEN 'number' WHEN 'BIGINT' THEN 'number' WHEN 'DOUBLE' THEN 'number' WHEN 'FLOAT' THEN 'number' END";

const jsonTypeof: FunctionBinder = (call) => {
  const kind = superKind(superArgument(call));
  return { sql: `(${typeWords.split("%s").join(kind)})`, type: { name: "varchar", length: 16 }, typeOf: { kind } };
};

/** NULL shows as `null`. What is longer than a VARCHAR is an error. Source: DG JSON_SERIALIZE; the error's text is UNCONFIRMED. */
const jsonSerialize: FunctionBinder = (call) => {
  const json = superJson(superArgument(call));
  const tooLong = `error('ERROR: value too long for type character varying(65535)')`;
  return {
    sql: `(CASE WHEN strlen(${json}) > 65535 THEN ${tooLong} ELSE coalesce(${json}, 'null') END)`,
    type: text,
  };
};

const jsonSerializeToVarbyte: FunctionBinder = (call) => ({
  sql: `encode(coalesce(${superJson(superArgument(call))}, 'null'))`,
  type: { name: "varbyte", length: 16_777_216 },
});

const arrayLength: FunctionBinder = (call) => {
  const value = superArgument(call);
  return {
    sql: `(CASE WHEN ${superKind(value)} = 'ARRAY' THEN CAST(json_array_length(${superValue(value)}) AS BIGINT) END)`,
    type: int8,
  };
};

const makeArray: FunctionBinder = (call) =>
  superComposed(call.args.length === 0 ? "'[]'" : listed(call.args.map((arg) => madeSuper(call, arg))));

const makeObject: FunctionBinder = (call) => {
  if (call.args.length % 2 !== 0) throw noSuch(call);
  const parts = call.args.map((arg, index) =>
    index % 2 === 1 ? madeSuper(call, arg) : superValue(castTo(coerce(arg, text), types.super)),
  );
  return superOf(`CAST(millrace_super_object(${parts.length === 0 ? "'[]'" : listed(parts)}) AS JSON)`);
};

/** `object_transform(input KEEP … SET …)`; the parser puts the number of paths to keep before them. Source: DG r_object_transform_function. */
const objectTransform: FunctionBinder = (call) => {
  const [input, count, ...rest] = call.args;
  if (input === undefined || count?.constant == null) throw noSuch(call);
  const keep = Number(count.constant);
  const paths = rest.flatMap((arg, index) => (index < keep || (index - keep) % 2 === 0 ? [pathOf(arg)] : []));
  const values = rest.flatMap((arg, index) =>
    index >= keep && (index - keep) % 2 === 1 ? [madeSuper(call, arg)] : [],
  );
  const spec = quoteText(JSON.stringify([paths.slice(0, keep), paths.slice(keep)]));
  const list = values.length === 0 ? "'[]'" : listed(values);
  return superOf(
    `CAST(millrace_object_transform(${superValue(coerce(input, types.super))}, ${spec}, ${list}) AS JSON)`,
  );
};

/** `"a"."b"` as names. */
function pathOf(arg: Bound): string[] {
  const names: string[] = [];
  let rest = arg.constant ?? "";
  while (rest.startsWith('"')) {
    const end = rest.indexOf('"', 1);
    if (end < 0) break;
    names.push(rest.slice(1, end));
    rest = rest.slice(end + 1);
    if (rest === "") return names;
    if (!rest.startsWith('."')) break;
    rest = rest.slice(1);
  }
  throw new SqlError(`OBJECT_TRANSFORM path has to be a constant of quoted names with dots between them`, {
    sqlState: "22023",
  });
}

const splitToArray: FunctionBinder = (call) => {
  const [source, delimiter] = call.args;
  if (source === undefined || call.args.length > 2) throw noSuch(call);
  const by = delimiter === undefined ? "','" : coerce(delimiter, text).sql;
  return superOf(`CAST(millrace_split_to_array(${coerce(source, text).sql}, ${by}) AS JSON)`);
};

/** Size in JSON; functionally OCTET_LENGTH(JSON_SERIALIZE(x)) without its limit. Source: DG r_json_size. */
const jsonSize: FunctionBinder = (call) => ({
  sql: `CAST(strlen(${superJson(superArgument(call))}) AS INTEGER)`,
  type: int4,
});

/** A function of SUPER arguments only, that gives SUPER unless `result` says otherwise; NULL when one of them is. */
const ofSupers =
  (name: string, count: number, result: SqlType = types.super): FunctionBinder =>
  (call) => {
    if (call.args.length !== count) throw noSuch(call);
    const args = call.args.map((_, index) => superValue(superArgument(call, index)));
    return given(`millrace_${name}(${args.join(", ")})`, result);
  };

const given = (sql: string, type: SqlType): Bound =>
  type.name === "super" ? superOf(`CAST(${sql} AS JSON)`) : { sql, type };

/** `f(array, value [, null_match])`; the default of the last is a setting. Source: DG array_contains, array_position, array_positions. */
const arraySearch =
  (result: SqlType): FunctionBinder =>
  (call) => {
    const [, value, nullMatch] = call.args;
    if (value === undefined || call.args.length > 3) throw noSuch(call);
    const wanted = `coalesce(CAST(${madeSuper(call, value)} AS VARCHAR), 'null')`;
    const match = nullMatch === undefined ? String(call.context.superModes.findsNulls) : coerce(nullMatch, bool).sql;
    return given(`millrace_${call.name}(${superValue(superArgument(call))}, ${wanted}, ${match})`, result);
  };

/** `f(array1, array2 [, distinct])`. Source: DG array_except, array_intersection. */
const arrayMatch: FunctionBinder = (call) => {
  if (call.args.length > 3) throw noSuch(call);
  const arrays = `${superValue(superArgument(call))}, ${superValue(superArgument(call, 1))}`;
  const distinct = call.args[2] === undefined ? "false" : coerce(call.args[2], bool).sql;
  return given(`millrace_${call.name}(${arrays}, ${distinct})`, types.super);
};

/** `array_sort(array [, ascending [, nulls_first]])`; NULLs are last in ascending order and first in descending. Source: DG array_sort. */
const arraySort: FunctionBinder = (call) => {
  const [, ascending, nullsFirst] = call.args;
  if (call.args.length > 3) throw noSuch(call);
  const up = ascending === undefined ? "true" : coerce(ascending, bool).sql;
  const first = nullsFirst === undefined ? `(NOT ${up})` : coerce(nullsFirst, bool).sql;
  return given(`millrace_array_sort(${superValue(superArgument(call))}, ${up}, ${first})`, types.super);
};

const subarray: FunctionBinder = (call) => {
  const [, start, length] = call.args;
  if (start === undefined || length === undefined || call.args.length > 3) throw noSuch(call);
  const range = `${coerce(start, int8).sql}, ${coerce(length, int8).sql}`;
  return given(`millrace_subarray(${superValue(superArgument(call))}, ${range})`, types.super);
};

const rename =
  (upper: boolean): FunctionBinder =>
  (call) => {
    if (call.args.length !== 1) throw noSuch(call);
    return given(`millrace_rename_attributes(${superValue(superArgument(call))}, ${upper})`, types.super);
  };

/** Functions on numbers that keep a SUPER argument's dynamic type; NULL for what is no number. Source: DG operators-functions. */
export const superMathFunctions: Readonly<Record<string, FunctionBinder>> = {
  abs: changed("abs"),
  ceil: changed("ceil"),
  ceiling: changed("ceil"),
  floor: changed("floor"),
  round: changed("round"),
  sign: changed("sign"),
  trunc: changed("trunc"),
};

function changed(name: string): FunctionBinder {
  return (call) => {
    if (call.args.length !== 1) throw noSuch(call);
    return superChanged(name, call.args[0]!);
  };
}

/** One of the functions of `changeNumber` on a SUPER expression. */
export function superChanged(name: string, value: Bound): Bound {
  return superOf(`CAST(millrace_super_change('${name}', ${superValue(value)}) AS JSON)`);
}

/** Functions on SUPER, and those that make one; JSON in text is in `json.ts`. */
export const superFunctions: Readonly<Record<string, FunctionBinder>> = {
  array: makeArray,
  array_concat: ofSupers("array_concat", 2),
  array_contains: arraySearch(bool),
  array_distinct: ofSupers("array_distinct", 1),
  array_except: arrayMatch,
  array_flatten: ofSupers("array_flatten", 1),
  array_intersection: arrayMatch,
  array_position: arraySearch(int4),
  array_positions: arraySearch(types.super),
  array_sort: arraySort,
  array_union: ofSupers("array_union", 2),
  arrays_overlap: ofSupers("arrays_overlap", 2, bool),
  can_json_parse: canJsonParse,
  decimal_precision: ofSupers("super_precision", 1, int4),
  decimal_scale: ofSupers("super_scale", 1, int4),
  get_array_length: arrayLength,
  is_array: isKind("ARRAY"),
  is_bigint: isWithin("BIGINT"),
  is_boolean: isKind("BOOLEAN"),
  is_char: isChar,
  is_decimal: isKind("UBIGINT", "BIGINT", "DOUBLE"),
  is_float: isKind("FLOAT"),
  is_integer: isWithin("INTEGER"),
  is_large_string_enabled: (call) => ({
    sql: String(call.context.superModes.parseOptions.includes("l")),
    type: bool,
  }),
  is_object: isKind("OBJECT"),
  is_scalar: isKind("UBIGINT", "BIGINT", "DOUBLE", "FLOAT", "BOOLEAN", "VARCHAR"),
  is_smallint: isWithin("SMALLINT"),
  is_varchar: isKind("VARCHAR"),
  json_parse: jsonParse,
  json_serialize: jsonSerialize,
  json_serialize_to_varbyte: jsonSerializeToVarbyte,
  json_size: jsonSize,
  json_typeof: jsonTypeof,
  lower_attribute_names: rename(false),
  object: makeObject,
  object_transform: objectTransform,
  split_to_array: splitToArray,
  subarray,
  upper_attribute_names: rename(true),
};
