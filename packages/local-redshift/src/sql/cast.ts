import { quoteText, type Bound } from "./bound.ts";
import { raiseText } from "./raise.ts";
import { SqlError } from "./sql-error.ts";
import {
  duckType,
  isFloat,
  isInteger,
  isMoment,
  isNumber,
  isText,
  maxVarcharBytes,
  plainTypeText,
  types,
  type SqlType,
} from "./sql-type.ts";
import { isMomentKind, textToInterval, textToMoment } from "./text-to-moment.ts";
import { readZonedTime } from "./values/read-moment.ts";
import { superKind, superOf, superScalar, superValue } from "./super-value.ts";

/**
 * An expression as another type, as `::` or CAST asks for. Text longer than the type is cut.
 * Throws SqlError where Redshift has no such cast.
 */
export function castTo(bound: Bound, type: SqlType, lenient = false): Bound {
  const target = type.name === "varchar" && type.length === maxVarcharBytes ? fitText(bound) : type;
  const label = bound.label ?? labelOf(type);
  if (bound.type.name === "super") return { sql: fromSuper(bound, target), type: target, label };
  if (type.name === "super") return { ...superOf(toSuper(bound)), label };
  if (bound.constant === null) return { sql: `CAST(NULL AS ${duckType(target)})`, type: target, constant: null, label };
  if (!canCast(bound.type, type))
    throw new SqlError(`cannot cast type ${plainTypeText(bound.type)} to ${plainTypeText(type)}`, {
      sqlState: "42846",
    });
  const sql = castSql(bound, target, lenient);
  if (type.name !== "timetz" || bound.constant === undefined || lenient) return { sql, type: target, label };
  return { sql, type: target, label, zoned: readZonedTime(bound.constant) };
}

/** An unnamed cast is called by its type, as on PostgreSQL; of a column it keeps the column's name. */
function labelOf(type: SqlType): string {
  return type.name;
}

function fitText(bound: Bound): SqlType {
  if (isText(bound.type)) return { name: "varchar", length: bound.type.length ?? maxVarcharBytes };
  return types.text;
}

function fromSuper(bound: Bound, type: SqlType): string {
  if (type.name === "super") return superValue(bound);
  const scalar = superScalar(bound, type, duckType(type));
  return cut(bound.isStrict === true ? failing(bound, scalar, type) : scalar, type, undefined);
}

/** With `cast_super_null_on_error` off. The text is UNCONFIRMED. */
function failing(bound: Bound, scalar: string, type: SqlType): string {
  const message = quoteText(`ERROR: Invalid cast of SUPER value to ${plainTypeText(type)}`);
  return `(CASE WHEN ${superKind(bound)} <> 'NULL' AND (${scalar}) IS NULL THEN error(${message}) ELSE ${scalar} END)`;
}

function toSuper(bound: Bound): string {
  const { type } = bound;
  if (bound.constant === null) return "CAST(NULL AS JSON)";
  if (type.name === "unknown") return `to_json(CAST(${bound.sql} AS VARCHAR))`;
  if (isFloat(type)) return `CAST(millrace_super_float(CAST(${bound.sql} AS VARCHAR)) AS JSON)`;
  if (type.name === "numeric") return `CAST(millrace_super_number(CAST(${bound.sql} AS VARCHAR)) AS JSON)`;
  if (isNumber(type) || isText(type) || type.name === "bool") return `to_json(${bound.sql})`;
  throw new SqlError(`cannot cast type ${plainTypeText(type)} to super`, { sqlState: "42846" });
}

function canCast(from: SqlType, to: SqlType): boolean {
  if (from.name === "bool" && isText(to)) return false;
  if (from.name === "unknown" || from.name === to.name || isText(to)) return from.name !== "varbyte" || !isMoment(to);
  if (isText(from)) return true;
  if (isNumber(from)) return isNumber(to) || to.name === "bool";
  if (from.name === "bool") return isNumber(to);
  if (isMoment(from)) return isMoment(to) || to.name === "time" || to.name === "timetz";
  if (from.name === "timetz") return to.name === "time";
  return from.name === "time" && (to.name === "interval" || to.name === "timetz");
}

function castSql(bound: Bound, type: SqlType, lenient: boolean): string {
  const operator = lenient ? "TRY_CAST" : "CAST";
  if (bound.type.name === "varbyte" && isText(type)) return cut(`decode(${bound.sql})`, type, undefined);
  if (type.name === "varbyte" && bound.type.name !== "varbyte") return `encode(CAST(${bound.sql} AS VARCHAR))`;
  if (type.name === "bpchar") return cut(withoutBlanks({ ...bound, sql: toText(bound) }), type, undefined);
  if (isText(type)) return cut(toText(bound), type, bound.type);
  if (isText(bound.type) || bound.type.name === "unknown") {
    if (isMomentKind(type)) return textToMoment(bound, type, lenient);
    if (type.name === "interval") return textToInterval(bound).sql;
  }
  if (type.name === "timestamptz" && isMoment(bound.type) && bound.type.name !== "timestamptz")
    return `timezone('UTC', CAST(${bound.sql} AS TIMESTAMP))`;
  if (bound.type.name === "timestamptz" && type.name === "timestamp") return `timezone('UTC', ${bound.sql})`;
  if ((isText(bound.type) || bound.type.name === "unknown") && isNumber(type))
    return textToNumber(bound, type, operator);
  if ((isText(bound.type) || bound.type.name === "unknown") && type.name === "bool") return textToBool(bound, lenient);
  return `${operator}(${bound.sql} AS ${duckType(type)})`;
}

/** Whole numbers are read without a point or an exponent, which DuckDB would round. */
function textToNumber(bound: Bound, type: SqlType, operator: string): string {
  const text = `trim(${bound.sql})`;
  const read = `${operator}(${text} AS ${duckType(type)})`;
  if (!isInteger(type)) return read;
  if (bound.constant != null) {
    if (/^\s*[+-]?\d+\s*$/.test(bound.constant)) return read;
    if (operator === "CAST") throw invalidNumber(bound.constant, type);
  }
  const message = `'invalid input syntax for ${plainTypeText(type)}: "' || ${bound.sql} || '"'`;
  const otherwise = operator === "CAST" ? ` WHEN ${bound.sql} IS NOT NULL THEN ${raiseText(message)}` : "";
  return `(CASE WHEN regexp_full_match(${text}, '[+-]?\\d+') THEN ${read}${otherwise} END)`;
}

/** Source: Database Developer Guide, r_Boolean_type. */
function textToBool(bound: Bound, lenient: boolean): string {
  const text = `lower(trim(${bound.sql}))`;
  const message = `'invalid input syntax for type boolean: "' || ${bound.sql} || '"'`;
  const otherwise = lenient ? "" : ` WHEN ${bound.sql} IS NOT NULL THEN ${raiseText(message)}`;
  return `(CASE WHEN ${text} IN ('t', 'true', 'y', 'yes', '1') THEN true WHEN ${text} IN ('f', 'false', 'n', 'no', '0') THEN false${otherwise} END)`;
}

/** Text without the blanks behind it, as CHAR is stored. */
export function withoutBlanks(text: Bound): string {
  if (text.constant == null) return `rtrim(${text.sql}, ' ')`;
  return text.constant.endsWith(" ") ? `rtrim(${text.sql}, ' ')` : text.sql;
}

function toText(bound: Bound): string {
  if (bound.type.name === "bpchar") return withoutBlanks(bound);
  if (isText(bound.type)) return bound.sql;
  const text = `CAST(${bound.sql} AS VARCHAR)`;
  if (bound.type.name === "interval") return `replace(${text}, 'month', 'mon')`;
  if (isFloat(bound.type)) return floatText(bound);
  return text;
}

/** 15 digits of a DOUBLE PRECISION and 6 of a REAL, as PostgreSQL 8 shows them. */
function floatText(bound: Bound): string {
  const digits = bound.type.name === "float4" ? 6 : 15;
  const special = `WHEN isnan(${bound.sql}) THEN 'NaN' WHEN isinf(${bound.sql}) THEN CASE WHEN ${bound.sql} > 0 THEN 'Infinity' ELSE '-Infinity' END`;
  return `(CASE ${special} ELSE format('{:.${digits}g}', ${bound.sql}) END)`;
}

/** Bounds text by its length in bytes. Text of several bytes a character is cut by characters, so to somewhat more (close). */
function cut(sql: string, type: SqlType, from: SqlType | undefined): string {
  if (!isText(type) || type.length === undefined || type.length >= maxVarcharBytes) return sql;
  if (from !== undefined && isText(from) && (from.length ?? maxVarcharBytes) <= type.length) return sql;
  return `(CASE WHEN strlen(${sql}) <= ${type.length} THEN ${sql} ELSE left(${sql}, ${type.length}) END)`;
}

/**
 * An expression where a value of `type` is wanted, converted as Redshift does without being asked.
 * `what` names the place in the error.
 */
export function coerce(bound: Bound, type: SqlType, what = "expression"): Bound {
  if (bound.type.name === "super" && type.name === "super") return bound;
  if (bound.type.name === type.name && type.name !== "numeric") return bound;
  if (bound.type.name === "unknown") return literalAs(bound, type);
  if (isText(bound.type) && isText(type)) return bound;
  if (isNumber(bound.type) && type.name === "bool") throw mismatch(bound.type, type, what);
  if (bound.type.name === "bool" && isNumber(type)) throw mismatch(bound.type, type, what);
  return castTo(bound, type);
}

function mismatch(from: SqlType, to: SqlType, what: string): SqlError {
  return new SqlError(`${what} is of type ${plainTypeText(from)} but ${plainTypeText(to)} is wanted`, {
    sqlState: "42804",
  });
}

function literalAs(bound: Bound, type: SqlType): Bound {
  if (bound.constant === null || bound.constant === undefined) return castTo(bound, type);
  if (isText(type)) return { ...bound, type: { name: "varchar", length: byteLength(bound.constant) } };
  if (isNumber(type) && !isNumberText(bound.constant)) throw invalidNumber(bound.constant, type);
  return { ...castTo(bound, type), constant: bound.constant };
}

const byteLength = (text: string) => Math.max(1, Buffer.byteLength(text));

function isNumberText(text: string): boolean {
  return text.trim() !== "" && !Number.isNaN(Number(text)) && !text.includes("x");
}

function invalidNumber(text: string, type: SqlType): SqlError {
  return new SqlError(`invalid input syntax for ${plainTypeText(type)}: "${text}"`, { sqlState: "22P02" });
}

/** An unknown literal as text; anything else as it is. */
export function settle(bound: Bound): Bound {
  if (bound.type.name !== "unknown") return bound;
  if (bound.constant === null) return { ...bound, sql: "CAST(NULL AS VARCHAR)", type: { name: "varchar", length: 1 } };
  return { ...bound, type: { name: "varchar", length: byteLength(bound.constant ?? "") } };
}

/** A string literal of DuckDB with the type still open. */
export function unknownLiteral(text: string): Bound {
  if (text.includes("\u0000"))
    throw new SqlError('invalid byte sequence for encoding "UTF8": 0x00', { sqlState: "22021" });
  return { sql: quoteText(text), type: types.unknown, constant: text };
}
