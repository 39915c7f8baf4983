import type { Bound } from "../bound.ts";
import { applyOperator } from "../operators.ts";
import { raise } from "../raise.ts";
import { SqlError } from "../sql-error.ts";
import { types, varchar, type SqlType } from "../sql-type.ts";
import { constantOf, define, noSuch, type FunctionBinder } from "./function-binder.ts";

const { text, int4, int8, varbyte } = types;

const sameLength = (args: readonly Bound[]): SqlType => varchar(args[0]?.type.length ?? 65_535);
const unary = (name: string): FunctionBinder => define([text], sameLength, (a) => `${name}(${a})`);

/** Length in characters or bytes; the trailing blanks of CHAR do not count. Source: Database Developer Guide, r_LEN. */
const lengthBy =
  (name: "length" | "strlen"): FunctionBinder =>
  (call) => {
    const first = call.args[0];
    if (first?.type.name === "varbyte" && call.args.length === 1)
      return { sql: `CAST(octet_length(${first.sql}) AS INTEGER)`, type: int4 };
    const blank = first?.type.name === "bpchar";
    return define([text], int4, (a) => `CAST(${name}(${blank ? `rtrim(${a}, ' ')` : a}) AS INTEGER)`)(call);
  };

const length = lengthBy("length");

/** Positions before the first character count, and cut the length: `substring('caterpillar', 0, 4)` is `cat`. */
const substring: FunctionBinder = (call) => {
  if (call.args[0]?.type.name === "varbyte") return substringOfBytes(call);
  const start = Number(call.args[1]?.constant ?? 0);
  const write = (a: string, from: string, count?: string) => {
    if (start >= 1) return count === undefined ? `substring(${a}, ${from})` : `substring(${a}, ${from}, ${count})`;
    if (count === undefined) return `substring(${a}, greatest(${from}, 1))`;
    return `substring(${a}, greatest(${from}, 1), greatest(${count} + least(${from} - 1, 0), 0))`;
  };
  const guarded = (a: string, from: string, count?: string) => {
    if (count === undefined || Number(call.args[2]?.constant ?? -1) >= 0) return write(a, from, count);
    return `(CASE WHEN ${count} < 0 THEN ${raise("negative substring length not allowed")} ELSE ${write(a, from, count)} END)`;
  };
  return define([text, int8, int8], sameLength, (a, from, count) => guarded(a!, from!, count), 1)(call);
};

const substringOfBytes = define(
  [varbyte, int8, int8],
  varbyte,
  (a, from, count) =>
    `array_slice(${a}, greatest(${from}, 1), ${count === undefined ? "-1" : `greatest(${from} + ${count} - 1, 0)`})`,
  1,
);

const trimWith = (name: string): FunctionBinder =>
  define([text, text], sameLength, (a, characters) => `${name}(${a}, ${characters ?? "' '"})`, 1);

/** A negative length gives nothing, an empty fill pads nothing. */
const pad = (name: string): FunctionBinder =>
  define(
    [text, int4, text],
    text,
    (a, count, fill) => {
      if (fill === undefined) return `${name}(${a}, ${count}, ' ')`;
      return `(CASE WHEN ${fill} = '' THEN left(${a}, greatest(${count}, 0)) ELSE ${name}(${a}, ${count}, nullif(${fill}, '')) END)`;
    },
    1,
  );

const concat: FunctionBinder = (call) => {
  const [left, right] = call.args;
  if (left === undefined || right === undefined || call.args.length > 2) throw noSuch(call);
  return applyOperator("||", left, right);
};

/** Text as a name: quoted only where it would not be one otherwise. Source: Database Developer Guide, r_QUOTE_IDENT. */
const quoteIdent = define(
  [text],
  text,
  (a) =>
    `(CASE WHEN regexp_full_match(${a}, '[a-z_][a-z0-9_$]*') THEN ${a} ELSE '"' || replace(${a}, '"', '""') || '"' END)`,
);

/** Single quotes and backslashes are doubled. Source: Database Developer Guide, r_QUOTE_LITERAL. */
const quoteLiteral = define(
  [text],
  text,
  (a) => `('''' || replace(replace(${a}, '\\', '\\\\'), '''', '''''') || '''')`,
);

const splitPart = define(
  [text, text, int4],
  sameLength,
  (a, delimiter, part) =>
    `(CASE WHEN ${part} < 1 THEN ${raise("field position must be greater than zero")} ELSE split_part(${a}, ${delimiter}, ${part}) END)`,
);

/** Byte by byte: -1, 0 or 1. Source: Database Developer Guide, r_BPCHARCMP. */
const compareText = define(
  [text, text],
  int4,
  (a, b) =>
    `CAST(CASE WHEN encode(${a}) = encode(${b}) THEN 0 WHEN encode(${a}) > encode(${b}) THEN 1 WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN -1 END AS INTEGER)`,
);

/** Case stops counting in comparisons of what `case_insensitive` is given. Source: Database Developer Guide, r_COLLATE. */
const collate: FunctionBinder = (call) => {
  const name = constantOf(call, 1).toLowerCase();
  if (name !== "case_insensitive" && name !== "case_sensitive")
    throw new SqlError(`collation "${name}" is not supported`, { sqlState: "42704" });
  const suffix = name === "case_insensitive" ? " COLLATE NOCASE" : "";
  return define([text, text], sameLength, (a) => `(${a}${suffix})`)(call);
};

/** Functions on text. */
export const textFunctions: Readonly<Record<string, FunctionBinder>> = {
  ascii: define([text], int4, (a) => `CAST(CASE WHEN ${a} = '' THEN 0 ELSE ascii(${a}) END AS INTEGER)`),
  bpcharcmp: compareText,
  btrim: trimWith("trim"),
  bttext_pattern_cmp: compareText,
  char_length: length,
  character_length: length,
  charindex: define([text, text], int4, (part, a) => `CAST(strpos(${a}, ${part}) AS INTEGER)`),
  chr: define([int4], varchar(4), (a) => `(CASE WHEN ${a} BETWEEN 1 AND 127 THEN chr(${a}) END)`),
  collate,
  concat,
  difference: define([text, text], int4, (a, b) => `millrace_soundex_difference(${a}, ${b})`),
  initcap: define([text], sameLength, (a) => `millrace_initcap(${a})`),
  left: define([text, int4], sameLength, (a, count) => `left(${a}, ${count})`),
  len: length,
  length,
  lower: unary("lower"),
  lpad: pad("lpad"),
  ltrim: trimWith("ltrim"),
  octet_length: lengthBy("strlen"),
  octetindex: define(
    [text, text],
    int4,
    (part, a) =>
      `CAST(CASE WHEN strpos(${a}, ${part}) = 0 THEN 0 ELSE strlen(left(${a}, strpos(${a}, ${part}) - 1)) + 1 END AS INTEGER)`,
  ),
  quote_ident: quoteIdent,
  quote_literal: quoteLiteral,
  repeat: define([text, int4], text, (a, count) => `repeat(${a}, ${count})`),
  replace: define([text, text, text], text, (a, b, c) => `replace(${a}, ${b}, ${c})`),
  replicate: define([text, int4], text, (a, count) => `repeat(${a}, ${count})`),
  reverse: unary("reverse"),
  right: define([text, int4], sameLength, (a, count) => `right(${a}, ${count})`),
  rpad: pad("rpad"),
  rtrim: trimWith("rtrim"),
  soundex: define([text], varchar(4), (a) => `millrace_soundex(${a})`),
  split_part: splitPart,
  strpos: define([text, text], int4, (a, part) => `CAST(strpos(${a}, ${part}) AS INTEGER)`),
  strtol: define([text, int4], int8, (a, base) => `millrace_strtol(${a}, ${base})`),
  substr: substring,
  substring,
  textlen: length,
  translate: define([text, text, text], sameLength, (a, b, c) => `translate(${a}, ${b}, ${c})`),
  trim: trimWith("trim"),
  upper: unary("upper"),
};
