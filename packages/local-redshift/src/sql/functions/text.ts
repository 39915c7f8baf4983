import { quoteText, type Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { types, varchar, type SqlType } from "../sql-type.ts";
import { constantOf, define, noSuch, type FunctionBinder } from "./function-binder.ts";

const { text, int4, int8, varbyte, bool } = types;

const sameLength = (args: readonly Bound[]): SqlType => varchar(args[0]?.type.length ?? 65_535);
const unary = (name: string): FunctionBinder => define([text], sameLength, (a) => `${name}(${a})`);

const length: FunctionBinder = (call) => {
  if (call.args.length === 1 && call.args[0]!.type.name === "varbyte")
    return { sql: `CAST(octet_length(${call.args[0]!.sql}) AS INTEGER)`, type: int4 };
  return define([text], int4, (a) => `CAST(length(${a}) AS INTEGER)`)(call);
};

const octetLength: FunctionBinder = (call) =>
  call.args[0]?.type.name === "varbyte"
    ? length(call)
    : define([text], int4, (a) => `CAST(strlen(${a}) AS INTEGER)`)(call);

/** Positions before the first character count, and cut the length: `substring('caterpillar', 0, 4)` is `cat`. */
const substring: FunctionBinder = (call) => {
  const start = Number(call.args[1]?.constant ?? 0);
  const write = (a: string, from: string, count?: string) => {
    if (start >= 1) return count === undefined ? `substring(${a}, ${from})` : `substring(${a}, ${from}, ${count})`;
    if (count === undefined) return `substring(${a}, greatest(${from}, 1))`;
    return `substring(${a}, greatest(${from}, 1), greatest(${count} + least(${from} - 1, 0), 0))`;
  };
  return define([text, int8, int8], sameLength, (a, from, count) => write(a!, from!, count), 1)(call);
};

const trimWith = (name: string): FunctionBinder =>
  define([text, text], sameLength, (a, characters) => `${name}(${a}, ${characters ?? "' '"})`, 1);

const pad = (name: string): FunctionBinder =>
  define([text, int4, text], text, (a, count, fill) => `${name}(${a}, ${count}, ${fill ?? "' '"})`, 1);

const concat: FunctionBinder = define([text, text], text, (a, b) => `(${a} || ${b})`);

/** `regexp_substr(text, pattern [, position [, occurrence [, parameters]]])`; no match gives an empty string. */
const regexpSubstr: FunctionBinder = (call) => {
  const position = Number(call.args[2]?.constant ?? 1);
  const occurrence = Number(call.args[3]?.constant ?? 1);
  const options = call.args[4] === undefined ? "" : constantOf(call, 4);
  const group = options.includes("e") ? 1 : 0;
  const flag = options.includes("i") ? "i" : "c";
  return define(
    [text, text, int4, int4, text],
    sameLength,
    (a, pattern) => {
      const source = position === 1 ? a : `substring(${a}, ${position})`;
      if (occurrence === 1) return `regexp_extract(${source}, ${pattern}, ${group}, '${flag}')`;
      return `coalesce(list_extract(regexp_extract_all(${source}, ${pattern}, ${group}, '${flag}'), ${occurrence}), '')`;
    },
    3,
  )(call);
};

/** `regexp_replace(text, pattern [, replacement [, position [, parameters]]])`; `$1` names a group. */
const regexpReplace: FunctionBinder = (call) => {
  if (call.args.length > 3 && Number(call.args[3]!.constant) !== 1)
    throw new SqlError("regexp_replace from a position other than 1 is not built in the local Redshift");
  const flags = call.args[4] !== undefined && constantOf(call, 4).includes("i") ? "gi" : "g";
  const replacement = call.args[2]?.constant ?? "";
  const written =
    call.args[2] === undefined || call.args[2].constant != null
      ? quoteText(replacement.replaceAll("\\", "\\\\").replaceAll("$", "\\"))
      : coerce(call.args[2], text).sql;
  return define(
    [text, text, text, int4, text],
    text,
    (a, b) => `regexp_replace(${a}, ${b}, ${written}, '${flags}')`,
    3,
  )(call);
};

const sha2: FunctionBinder = (call) => {
  const bits = constantOf(call, 1);
  if (bits !== "256" && bits !== "0") throw new SqlError(`sha2 with ${bits} bits is not built in the local Redshift`);
  return define([text, int4], varchar(128), (a) => `sha256(${a})`)(call);
};

const fromVarbyte: FunctionBinder = (call) => {
  const format = constantOf(call, 1).toLowerCase();
  if (format === "utf-8" || format === "utf8") return define([varbyte, text], text, (a) => `decode(${a})`)(call);
  if (format === "hex") return define([varbyte, text], text, (a) => `lower(hex(${a}))`)(call);
  if (format === "base64") return define([varbyte, text], text, (a) => `to_base64(${a})`)(call);
  throw new SqlError(`from_varbyte with format ${format} is not built in the local Redshift`);
};

const toVarbyte: FunctionBinder = (call) => {
  const format = constantOf(call, 1).toLowerCase();
  if (format === "utf-8" || format === "utf8") return define([text, text], varbyte, (a) => `encode(${a})`)(call);
  if (format === "hex") return define([text, text], varbyte, (a) => `unhex(${a})`)(call);
  if (format === "base64") return define([text, text], varbyte, (a) => `from_base64(${a})`)(call);
  throw new SqlError(`to_varbyte with format ${format} is not built in the local Redshift`);
};

const toHex: FunctionBinder = (call) => {
  const first = call.args[0];
  if (first === undefined) throw noSuch(call);
  return { sql: `lower(hex(${first.type.name === "varbyte" ? first.sql : coerce(first, int8).sql}))`, type: text };
};

/** Functions on text and bytes. */
export const textFunctions: Readonly<Record<string, FunctionBinder>> = {
  ascii: define([text], int4, (a) => `CAST(ascii(${a}) AS INTEGER)`),
  btrim: trimWith("trim"),
  char_length: length,
  character_length: length,
  charindex: define([text, text], int4, (part, a) => `CAST(strpos(${a}, ${part}) AS INTEGER)`),
  chr: define([int4], varchar(4), (a) => `chr(${a})`),
  concat,
  from_hex: define([text], varbyte, (a) => `unhex(${a})`),
  from_varbyte: fromVarbyte,
  func_sha1: define([text], varchar(40), (a) => `sha1(${a})`),
  initcap: define([text], sameLength, (a) => `millrace_initcap(${a})`),
  is_utf8: define([varbyte], bool, (a) => `millrace_is_utf8(${a})`),
  left: define([text, int4], sameLength, (a, count) => `left(${a}, ${count})`),
  len: length,
  length,
  lower: unary("lower"),
  lpad: pad("lpad"),
  ltrim: trimWith("ltrim"),
  md5: define([text], varchar(32), (a) => `md5(${a})`),
  octet_length: octetLength,
  quote_ident: define([text], text, (a) => `('"' || replace(${a}, '"', '""') || '"')`),
  quote_literal: define([text], text, (a) => `('''' || replace(${a}, '''', '''''') || '''')`),
  regexp_count: define([text, text], int4, (a, b) => `CAST(len(regexp_extract_all(${a}, ${b})) AS INTEGER)`),
  regexp_instr: define(
    [text, text],
    int4,
    (a, b) =>
      `CAST(CASE WHEN regexp_matches(${a}, ${b}) THEN strpos(${a}, regexp_extract(${a}, ${b})) ELSE 0 END AS INTEGER)`,
  ),
  regexp_replace: regexpReplace,
  regexp_substr: regexpSubstr,
  repeat: define([text, int4], text, (a, count) => `repeat(${a}, ${count})`),
  replace: define([text, text, text], text, (a, b, c) => `replace(${a}, ${b}, ${c})`),
  replicate: define([text, int4], text, (a, count) => `repeat(${a}, ${count})`),
  reverse: unary("reverse"),
  right: define([text, int4], sameLength, (a, count) => `right(${a}, ${count})`),
  rpad: pad("rpad"),
  rtrim: trimWith("rtrim"),
  sha: define([text], varchar(40), (a) => `sha1(${a})`),
  sha1: define([text], varchar(40), (a) => `sha1(${a})`),
  sha2,
  split_part: define([text, text, int4], sameLength, (a, b, c) => `split_part(${a}, ${b}, ${c})`),
  strpos: define([text, text], int4, (a, part) => `CAST(strpos(${a}, ${part}) AS INTEGER)`),
  substr: substring,
  substring,
  textlen: length,
  to_hex: toHex,
  to_varbyte: toVarbyte,
  translate: define([text, text, text], sameLength, (a, b, c) => `translate(${a}, ${b}, ${c})`),
  trim: trimWith("trim"),
  upper: unary("upper"),
};
