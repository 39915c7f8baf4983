import { SqlError } from "./sql-error.ts";
import type { TypeNode } from "./tree.ts";

/** Redshift's types by the names that its drivers give them; `unknown` is a literal whose type the context decides. */
export type TypeName =
  | "bool"
  | "int2"
  | "int4"
  | "int8"
  | "float4"
  | "float8"
  | "numeric"
  | "varchar"
  | "bpchar"
  | "date"
  | "time"
  | "timetz"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "super"
  | "varbyte"
  | "refcursor"
  | "unknown";

/** A type with its length in bytes, or its precision and scale. */
export interface SqlType {
  readonly name: TypeName;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** Longest VARCHAR. Source: Database Developer Guide, r_Character_types. */
export const maxVarcharBytes = 65_535;
/** VARBYTE without a length. Source: Database Developer Guide, r_VARBYTE_type. */
const defaultVarbyteBytes = 64_000;

export const types = {
  bool: { name: "bool" },
  int2: { name: "int2" },
  int4: { name: "int4" },
  int8: { name: "int8" },
  float4: { name: "float4" },
  float8: { name: "float8" },
  text: { name: "varchar", length: maxVarcharBytes },
  date: { name: "date" },
  time: { name: "time" },
  timetz: { name: "timetz" },
  timestamp: { name: "timestamp" },
  timestamptz: { name: "timestamptz" },
  interval: { name: "interval" },
  super: { name: "super" },
  varbyte: { name: "varbyte", length: defaultVarbyteBytes },
  refcursor: { name: "refcursor" },
  unknown: { name: "unknown" },
} as const satisfies Record<string, SqlType>;

export const varchar = (length: number): SqlType => ({ name: "varchar", length: Math.min(length, maxVarcharBytes) });
export const numeric = (precision: number, scale: number): SqlType => ({ name: "numeric", precision, scale });

const typeNames: Readonly<Record<string, TypeName>> = {
  bool: "bool",
  boolean: "bool",
  smallint: "int2",
  int2: "int2",
  int: "int4",
  integer: "int4",
  int4: "int4",
  bigint: "int8",
  int8: "int8",
  real: "float4",
  float4: "float4",
  "double precision": "float8",
  float: "float8",
  float8: "float8",
  decimal: "numeric",
  numeric: "numeric",
  char: "bpchar",
  character: "bpchar",
  nchar: "bpchar",
  bpchar: "bpchar",
  varchar: "varchar",
  "character varying": "varchar",
  nvarchar: "varchar",
  text: "varchar",
  name: "varchar",
  oid: "int8",
  date: "date",
  time: "time",
  timetz: "timetz",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  super: "super",
  varbyte: "varbyte",
  varbinary: "varbyte",
  binary: "varbyte",
  refcursor: "refcursor",
};

/**
 * The type that a name stands for. A VARCHAR without a length has 256 bytes in a column and as many as it needs in a cast.
 * Throws for a name that is none, for lengths out of bounds, and for REFCURSOR where there is no variable or argument of a procedure.
 */
export function resolveType(node: TypeNode, use: "column" | "cast" | "variable"): SqlType {
  const name = typeNames[node.name];
  if (name === undefined || (name === "refcursor" && use !== "variable"))
    throw new SqlError(`type "${node.name}" does not exist`, { sqlState: "42704" });
  if (name === "numeric") return resolveNumeric(node);
  if (name === "varchar") {
    const length = node.modifiers[0] ?? (node.name === "name" ? 128 : use === "column" ? 256 : "max");
    return checkLength("varchar", length === "max" ? maxVarcharBytes : length, maxVarcharBytes);
  }
  if (name === "bpchar") {
    const length = node.modifiers[0] ?? (node.name === "bpchar" ? 256 : 1);
    return checkLength("bpchar", length === "max" ? 4096 : length, 4096);
  }
  if (name === "varbyte") {
    const length = node.modifiers[0] ?? defaultVarbyteBytes;
    return checkLength("varbyte", length === "max" ? 1_024_000 : length, 16_777_216);
  }
  return { name };
}

function resolveNumeric(node: TypeNode): SqlType {
  const [precision = 18, scale = 0] = node.modifiers;
  if (precision === "max" || scale === "max" || precision < 1 || precision > 38)
    throw new SqlError(`DECIMAL precision ${precision} must be between 1 and 38`, { sqlState: "22023" });
  if (scale < 0 || scale > precision)
    throw new SqlError(`DECIMAL scale ${scale} must be between 0 and precision ${precision}`, { sqlState: "22023" });
  return numeric(precision, scale);
}

function checkLength(name: "varchar" | "bpchar" | "varbyte", length: number, most: number): SqlType {
  const shown = { varchar: "varchar", bpchar: "char", varbyte: "varbyte" }[name];
  if (length < 1) throw new SqlError(`length for type ${shown} must be at least 1`, { sqlState: "22023" });
  if (length > most) throw new SqlError(`length for type ${shown} cannot exceed ${most}`, { sqlState: "22023" });
  return { name, length };
}

/** The DuckDB type that holds values of this type. */
export function duckType(type: SqlType): string {
  switch (type.name) {
    case "numeric":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "bool":
      return "BOOLEAN";
    case "int2":
      return "SMALLINT";
    case "int4":
      return "INTEGER";
    case "int8":
      return "BIGINT";
    case "float4":
      return "FLOAT";
    case "float8":
      return "DOUBLE";
    case "date":
      return "DATE";
    case "time":
      return "TIME";
    case "timetz":
      return "TIMETZ";
    case "timestamp":
      return "TIMESTAMP";
    case "timestamptz":
      return "TIMESTAMPTZ";
    case "interval":
      return "INTERVAL";
    case "super":
      return "JSON";
    case "varbyte":
      return "BLOB";
    default:
      return "VARCHAR";
  }
}

/** The type as error messages write it: `character varying(64)`. */
export function typeText(type: SqlType): string {
  switch (type.name) {
    case "varchar":
      return type.length === undefined ? "character varying" : `character varying(${type.length})`;
    case "bpchar":
      return type.length === undefined ? "character" : `character(${type.length})`;
    case "numeric":
      return `numeric(${type.precision},${type.scale})`;
    default:
      return plainTypeText(type);
  }
}

/** The type without lengths: `character varying`. */
export function plainTypeText(type: SqlType): string {
  const texts: Partial<Record<TypeName, string>> = {
    bool: "boolean",
    int2: "smallint",
    int4: "integer",
    int8: "bigint",
    float4: "real",
    float8: "double precision",
    varchar: "character varying",
    bpchar: "character",
    timestamp: "timestamp without time zone",
    timestamptz: "timestamp with time zone",
    time: "time without time zone",
    timetz: "time with time zone",
    varbyte: "binary varying",
    unknown: '"unknown"',
  };
  return texts[type.name] ?? type.name;
}

/** Precision as column metadata tells it. Source for int4, int8, int2, timestamp: MG data-api-calling-cli-get-statement-result. */
export function precisionOf(type: SqlType): number {
  const fixed: Partial<Record<TypeName, number>> = {
    bool: 1,
    int2: 5,
    int4: 10,
    int8: 19,
    float4: 8,
    float8: 17,
    date: 13,
    time: 15,
    timetz: 21,
    timestamp: 29,
    timestamptz: 35,
    interval: 49,
    super: 2_147_483_647,
  };
  return fixed[type.name] ?? type.precision ?? type.length ?? 0;
}

/** Digits after the point, as column metadata tells it. */
export function scaleOf(type: SqlType): number {
  const fixed: Partial<Record<TypeName, number>> = {
    float4: 8,
    float8: 17,
    time: 6,
    timetz: 6,
    timestamp: 6,
    timestamptz: 6,
  };
  return fixed[type.name] ?? type.scale ?? 0;
}

const integerTypes: ReadonlySet<TypeName> = new Set(["int2", "int4", "int8"]);
const numberTypes: ReadonlySet<TypeName> = new Set(["int2", "int4", "int8", "numeric", "float4", "float8"]);

export const isInteger = (type: SqlType) => integerTypes.has(type.name);
export const isNumber = (type: SqlType) => numberTypes.has(type.name);
export const isFloat = (type: SqlType) => type.name === "float4" || type.name === "float8";
export const isText = (type: SqlType) => type.name === "varchar" || type.name === "bpchar";
export const isMoment = (type: SqlType) =>
  type.name === "date" || type.name === "timestamp" || type.name === "timestamptz";

/** An integer type as the NUMERIC that holds all its values. */
export function asNumeric(type: SqlType): SqlType {
  if (type.name === "int2") return numeric(5, 0);
  if (type.name === "int4") return numeric(10, 0);
  if (type.name === "int8") return numeric(19, 0);
  return type;
}

/** The type that two types become where one is asked for (CASE, UNION, comparison); `undefined` when there is none. */
export function commonType(left: SqlType, right: SqlType): SqlType | undefined {
  if (left.name === "unknown") return right;
  if (right.name === "unknown") return left;
  if (left.name === "super" || right.name === "super") return types.super;
  if (isNumber(left) && isNumber(right)) return commonNumber(left, right);
  if (isText(left) && isText(right)) {
    const length = Math.max(left.length ?? maxVarcharBytes, right.length ?? maxVarcharBytes);
    return left.name === "bpchar" && right.name === "bpchar" ? { name: "bpchar", length } : varchar(length);
  }
  if (left.name === right.name) return (left.length ?? 0) >= (right.length ?? 0) ? left : right;
  if (isMoment(left) && isMoment(right))
    return left.name === "timestamptz" || right.name === "timestamptz" ? types.timestamptz : types.timestamp;
  return undefined;
}

function commonNumber(left: SqlType, right: SqlType): SqlType {
  if (isFloat(left) || isFloat(right)) return left.name === right.name ? left : types.float8;
  if (isInteger(left) && isInteger(right)) return { name: left.name > right.name ? left.name : right.name };
  const [a, b] = [asNumeric(left), asNumeric(right)];
  const scale = Math.max(a.scale!, b.scale!);
  const whole = Math.max(a.precision! - a.scale!, b.precision! - b.scale!);
  return numeric(Math.min(38, whole + scale), scale);
}
