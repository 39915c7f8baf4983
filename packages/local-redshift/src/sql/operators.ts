import { quoteText, type Bound } from "./bound.ts";
import { coerce, settle } from "./cast.ts";
import { raise } from "./raise.ts";
import { SqlError } from "./sql-error.ts";
import {
  asNumeric,
  commonType,
  duckType,
  isFloat,
  isInteger,
  isMoment,
  isNumber,
  isText,
  numeric,
  plainTypeText,
  types,
  type SqlType,
} from "./sql-type.ts";
import { calculateSuper } from "./super-arithmetic.ts";
import { compareSuper } from "./super-comparison.ts";

/** A binary operator on two expressions. Throws `operator does not exist` for types that it does not take. */
export function applyOperator(operator: string, left: Bound, right: Bound): Bound {
  switch (operator) {
    case "and":
    case "or":
      return {
        sql: `(${asCondition(left, operator)} ${operator.toUpperCase()} ${asCondition(right, operator)})`,
        type: types.bool,
      };
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { sql: compare(operator, left, right), type: types.bool };
    case "||":
      return concatenate(left, right);
    case "~":
    case "~*":
    case "!~":
    case "!~*":
      return matchPattern(operator, left, right);
    default:
      return calculate(operator, left, right);
  }
}

/** An expression as a condition of WHERE, AND and their like. */
export function asCondition(bound: Bound, place: string): string {
  if (bound.type.name === "bool") return bound.sql;
  if (bound.type.name === "unknown") return coerce(bound, types.bool).sql;
  throw new SqlError(`argument of ${place.toUpperCase()} must be type boolean, not type ${plainTypeText(bound.type)}`, {
    sqlState: "42804",
  });
}

/** The comparison of two expressions as DuckDB text. */
export function compare(operator: string, left: Bound, right: Bound): string {
  if (left.type.name === "super" || right.type.name === "super") return compareSuper(operator, left, right);
  if (left.typeOf !== undefined && right.constant != null && (operator === "=" || operator === "<>"))
    return compareType(operator, left.typeOf, right.constant);
  const [a, b] = alike(operator, left, right);
  if (!isText(a.type) || !isText(b.type)) return `(${a.sql} ${operator} ${b.sql})`;
  if ((operator === "=" || operator === "<>") && a.origin !== undefined && isTrimmed(b))
    return equalsConstant(operator, a.sql, b);
  return `(${trimmed(a)} ${operator} ${trimmed(b)})`;
}

/** Text without the blanks behind it, which do not count in comparisons. Source: Database Developer Guide, r_Character_types. */
export function trimmed(text: Bound): string {
  return !isText(text.type) || isTrimmed(text) ? text.sql : `rtrim(${text.sql}, ' ')`;
}

const isTrimmed = (bound: Bound) => bound.constant != null && !bound.constant.endsWith(" ");

/** A column next to a constant is trimmed only where it begins with the constant and a blank: the rest is a plain comparison. */
function equalsConstant(operator: string, column: string, constant: Bound): string {
  const blank = quoteText(`${constant.constant!} `);
  const same = `(${column} = ${constant.sql} OR (starts_with(${column}, ${blank}) AND rtrim(${column}, ' ') = ${constant.sql}))`;
  return operator === "=" ? same : `(NOT ${same})`;
}

/** Rows are alike when all their fields are; of others the first fields that differ decide. */
export function compareRows(operator: string, left: readonly Bound[], right: readonly Bound[]): Bound {
  if (left.length !== right.length)
    throw new SqlError("unequal number of entries in row expressions", { sqlState: "42601" });
  const pairs = left.map((field, index) => [field, right[index]!] as const);
  if (operator === "=" || operator === "<>") {
    const sql = pairs.map(([a, b]) => compare(operator, a, b)).join(operator === "=" ? " AND " : " OR ");
    return { sql: `(${sql})`, type: types.bool };
  }
  const [last, ...before] = pairs.toReversed();
  const sql = before.reduce(
    (rest, [a, b]) => `(${compare(operator[0]!, a, b)} OR (${compare("=", a, b)} AND ${rest}))`,
    compare(operator, ...last!),
  );
  return { sql, type: types.bool };
}

/** Words of JSON_TYPEOF, and DuckDB's for the same. */
const kindsOf: Readonly<Record<string, string>> = {
  array: "'ARRAY'",
  boolean: "'BOOLEAN'",
  null: "'NULL'",
  number: "'UBIGINT', 'BIGINT', 'DOUBLE'",
  object: "'OBJECT'",
  string: "'VARCHAR'",
};

/** JSON_TYPEOF next to a constant needs no words made. */
function compareType(operator: string, typeOf: NonNullable<Bound["typeOf"]>, word: string): string {
  const kinds = kindsOf[word] ?? "''";
  const { kind, missing } = typeOf;
  if (missing === undefined) return `(${kind} ${operator === "=" ? "" : "NOT "}IN (${kinds}))`;
  const same =
    missing === word ? `(${kind} IS NULL OR ${kind} IN (${kinds}))` : `coalesce(${kind} IN (${kinds}), false)`;
  return operator === "=" ? same : `(NOT ${same})`;
}

/** Both sides as the type they have in common; text next to a number or a moment is read as one. */
function alike(operator: string, left: Bound, right: Bound): [Bound, Bound] {
  const common = commonType(left.type, right.type);
  if (common !== undefined && common.name !== "unknown") return [coerce(left, common), coerce(right, common)];
  if (common !== undefined) return [settle(left), settle(right)];
  if (isText(left.type) && (isNumber(right.type) || isMoment(right.type))) return [coerce(left, right.type), right];
  if (isText(right.type) && (isNumber(left.type) || isMoment(left.type))) return [left, coerce(right, left.type)];
  throw noOperator(operator, left, right);
}

function noOperator(operator: string, left: Bound, right: Bound): SqlError {
  return new SqlError(`operator does not exist: ${plainTypeText(left.type)} ${operator} ${plainTypeText(right.type)}`, {
    sqlState: "42883",
  });
}

function concatenate(left: Bound, right: Bound): Bound {
  if (left.type.name === "varbyte" && right.type.name === "varbyte")
    return { sql: `(${left.sql} || ${right.sql})`, type: left.type };
  if (left.type.name === "varbyte" || right.type.name === "varbyte") throw noOperator("||", left, right);
  const [a, b] = [coerce(left, types.text), coerce(right, types.text)];
  const length = (a.type.length ?? 65_535) + (b.type.length ?? 65_535);
  const [x, y] = [a, b].map((side) => (side.type.name === "bpchar" ? `rtrim(${side.sql}, ' ')` : side.sql));
  return { sql: `(${x} || ${y})`, type: { name: "varchar", length: Math.min(length, 65_535) } };
}

/** POSIX patterns, by DuckDB's RE2: without look-around and back references (close). */
function matchPattern(operator: string, left: Bound, right: Bound): Bound {
  const flags = operator.endsWith("*") ? ", 'i'" : "";
  const match = `regexp_matches(${coerce(left, types.text).sql}, ${coerce(right, types.text).sql}${flags})`;
  return { sql: operator.startsWith("!") ? `(NOT ${match})` : match, type: types.bool };
}

function calculate(operator: string, left: Bound, right: Bound): Bound {
  if (left.type.name === "super" || right.type.name === "super") return calculateSuper(operator, left, right);
  const bytes = calculateBytes(operator, left, right);
  if (bytes !== undefined) return bytes;
  const moment = calculateMoment(operator, left, right);
  if (moment !== undefined) return moment;
  const [a, b] = asNumbers(operator, left, right);
  switch (operator) {
    case "+":
    case "-":
    case "*":
      return arithmetic(operator, a, b);
    case "/":
      return divide(a, b);
    case "%":
      return remainder(a, b);
    case "^":
      return { sql: `pow(${a.sql}, ${b.sql})`, type: types.float8 };
    case "&":
    case "|":
    case "<<":
    case ">>":
      return { sql: `(${a.sql} ${operator} ${b.sql})`, type: commonType(a.type, b.type)! };
    case "#":
      return { sql: `xor(${a.sql}, ${b.sql})`, type: commonType(a.type, b.type)! };
  }
  throw noOperator(operator, left, right);
}

const byteOperators: Readonly<Record<string, string>> = { "&": "and", "|": "or", "#": "xor" };

/** Source: Database Developer Guide, r_VARBYTE_OPERATORS. */
function calculateBytes(operator: string, left: Bound, right: Bound): Bound | undefined {
  if (left.type.name !== "varbyte" || right.type.name !== "varbyte") return undefined;
  if (operator === "+") return concatenate(left, right);
  const name = byteOperators[operator];
  if (name === undefined) return undefined;
  return { sql: `millrace_bytes_${name}(${left.sql}, ${right.sql})`, type: left.type };
}

function asNumbers(operator: string, left: Bound, right: Bound): [Bound, Bound] {
  const a = left.type.name === "unknown" ? coerce(left, isNumber(right.type) ? right.type : types.int4) : left;
  const b = right.type.name === "unknown" ? coerce(right, isNumber(left.type) ? left.type : types.int4) : right;
  if (!isNumber(a.type) || !isNumber(b.type)) throw noOperator(operator, left, right);
  return [a, b];
}

function arithmetic(operator: string, a: Bound, b: Bound): Bound {
  const sql = `(${a.sql} ${operator} ${b.sql})`;
  if (isFloat(a.type) || isFloat(b.type)) return { sql: `CAST(${sql} AS DOUBLE)`, type: types.float8 };
  if (isInteger(a.type) && isInteger(b.type)) {
    const type = commonType(a.type, b.type)!;
    return { sql, type };
  }
  const type = operator === "*" ? productType(a.type, b.type) : sumType(a.type, b.type);
  return { sql: `CAST(${sql} AS ${duckType(type)})`, type };
}

/** Source for precision and scale of results: Database Developer Guide, r_numeric_computations201. */
function sumType(left: SqlType, right: SqlType): SqlType {
  const [a, b] = [asNumeric(left), asNumeric(right)];
  const scale = Math.max(a.scale!, b.scale!);
  const precision = Math.max(a.precision! - a.scale!, b.precision! - b.scale!) + 1 + scale;
  return bounded(precision, scale, scale);
}

function productType(left: SqlType, right: SqlType): SqlType {
  const [a, b] = [asNumeric(left), asNumeric(right)];
  return bounded(a.precision! + b.precision! + 1, a.scale! + b.scale!, Math.max(a.scale!, b.scale!));
}

function quotientType(left: SqlType, right: SqlType): SqlType {
  const [a, b] = [asNumeric(left), asNumeric(right)];
  const scale = Math.max(4, a.scale! + b.precision! - b.scale! + 1);
  return bounded(a.precision! - a.scale! + b.scale! + scale, scale, 4);
}

function bounded(precision: number, scale: number, leastScale: number): SqlType {
  if (precision <= 38) return numeric(precision, scale);
  return numeric(38, Math.max(Math.min(leastScale, 38), scale - (precision - 38)));
}

function divide(a: Bound, b: Bound): Bound {
  const guard = guardZero(b);
  if (isInteger(a.type) && isInteger(b.type)) {
    const type = commonType(a.type, b.type)!;
    return { sql: `CAST(${guard(`${a.sql} // ${b.sql}`)} AS ${duckType(type)})`, type };
  }
  if (isFloat(a.type) || isFloat(b.type))
    return { sql: guard(`CAST(${a.sql} AS DOUBLE) / ${b.sql}`), type: types.float8 };
  const type = quotientType(a.type, b.type);
  return { sql: `CAST(${guard(`${a.sql} / ${b.sql}`)} AS ${duckType(type)})`, type };
}

function remainder(a: Bound, b: Bound): Bound {
  const type = commonType(a.type, b.type)!;
  return { sql: `CAST(${guardZero(b)(`${a.sql} % ${b.sql}`)} AS ${duckType(type)})`, type };
}

/** DuckDB gives NULL or infinity for a division by zero, Redshift an error. */
function guardZero(divisor: Bound): (sql: string) => string {
  if (divisor.constant != null && Number(divisor.constant) !== 0) return (sql) => `(${sql})`;
  return (sql) => `CASE WHEN ${divisor.sql} = 0 THEN ${raise("division by zero")} ELSE (${sql}) END`;
}

const isTime = (type: SqlType) => type.name === "time" || type.name === "timetz";

function calculateMoment(operator: string, left: Bound, right: Bound): Bound | undefined {
  const [l, r] = [left.type, right.type];
  if (operator === "+" && isMoment(r) && !isMoment(l)) return calculateMoment("+", right, left);
  if (operator === "+" && isTime(r) && l.name === "interval") return calculateMoment("+", right, left);
  if (l.name === "interval" || (r.name === "interval" && operator === "*"))
    return calculateInterval(operator, left, right);
  if (isTime(l)) return calculateTime(operator, left, right);
  if (!isMoment(l) || (operator !== "+" && operator !== "-")) return undefined;
  if (isInteger(r) && l.name === "date")
    return { sql: `CAST(${left.sql} ${operator} CAST(${right.sql} AS INTEGER) AS DATE)`, type: types.date };
  if (r.name === "interval")
    return {
      sql: `(${left.sql} ${operator} ${right.sql})`,
      type: l.name === "timestamptz" ? types.timestamptz : types.timestamp,
    };
  if (operator === "+" && l.name === "date" && r.name === "time")
    return { sql: `(${left.sql} + ${right.sql})`, type: types.timestamp };
  if (operator === "+" && l.name === "date" && r.name === "timetz")
    return { sql: `timezone('UTC', ${left.sql} + CAST(${right.sql} AS TIME))`, type: types.timestamptz };
  if (operator === "-" && (isMoment(r) || r.name === "unknown")) return difference(left, right);
  return undefined;
}

function calculateInterval(operator: string, left: Bound, right: Bound): Bound | undefined {
  const [l, r] = [left.type, right.type];
  if (l.name === "interval" && r.name === "interval" && (operator === "+" || operator === "-"))
    return { sql: `(${left.sql} ${operator} ${right.sql})`, type: types.interval };
  const [interval, factor] = l.name === "interval" ? [left, right] : [right, left];
  if ((operator !== "*" && operator !== "/") || !isNumber(factor.type)) throw noOperator(operator, left, right);
  const count = isInteger(factor.type) && operator === "*" ? factor.sql : `CAST(${factor.sql} AS DOUBLE)`;
  return { sql: `(${interval.sql} ${operator} ${count})`, type: types.interval };
}

function calculateTime(operator: string, left: Bound, right: Bound): Bound | undefined {
  if (right.type.name === "interval" && (operator === "+" || operator === "-"))
    return { sql: `(${left.sql} ${operator} ${right.sql})`, type: left.type };
  if (operator === "-" && left.type.name === "time" && right.type.name === "time")
    return { sql: `(CAST(${left.sql} AS INTERVAL) - CAST(${right.sql} AS INTERVAL))`, type: types.interval };
  return undefined;
}

function difference(left: Bound, right: Bound): Bound {
  const other = right.type.name === "unknown" ? coerce(right, left.type) : right;
  if (left.type.name === "date" && other.type.name === "date")
    return { sql: `CAST(${left.sql} - ${other.sql} AS INTEGER)`, type: types.int4 };
  const common = commonType(left.type, other.type)!;
  return { sql: `(${coerce(left, common).sql} - ${coerce(other, common).sql})`, type: types.interval };
}
