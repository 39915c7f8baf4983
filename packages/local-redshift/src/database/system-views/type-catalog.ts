import type { SqlType, TypeName } from "../../sql/sql-type.ts";

/** PostgreSQL's numbers of types, and Redshift's own above 2,900; `\dT` of PostgreSQL 8.0 and redshift_connector's `RedshiftOID`. */
const typeOids: Readonly<Record<TypeName, number>> = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  float4: 700,
  float8: 701,
  unknown: 705,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  timetz: 1266,
  numeric: 1700,
  refcursor: 1790,
  super: 4000,
  varbyte: 6551,
};

export const typeOid = (type: SqlType) => typeOids[type.name];

/** Length, or precision and scale, as `atttypmod` packs them; -1 without. */
export function typeModifier(type: SqlType): number {
  if (type.name === "numeric") return ((type.precision ?? 18) << 16) + (type.scale ?? 0) + 4;
  return type.length === undefined ? -1 : type.length + 4;
}

/** Bytes of a value; -1 when they vary. */
export function typeLength(name: TypeName): number {
  const lengths: Partial<Record<TypeName, number>> = {
    bool: 1,
    int2: 2,
    int4: 4,
    int8: 8,
    float4: 4,
    float8: 8,
    date: 4,
    time: 8,
    timetz: 12,
    timestamp: 8,
    timestamptz: 8,
    interval: 16,
  };
  return lengths[name] ?? -1;
}

/** Name, number and length of each type. */
export const listedTypes: readonly (readonly [name: string, oid: number, length: number])[] = [
  ...Object.entries(typeOids).map(([name, oid]) => [name, oid, typeLength(name as TypeName)] as const),
  ["name", 19, 64],
  ["text", 25, -1],
  ["oid", 26, 4],
];

/** Digits of numbers as the information schema counts them: of integers in bits. Source: the sample of r_SVV_ALL_COLUMNS. */
export function numericPrecision(type: SqlType): number | null {
  const bits: Partial<Record<TypeName, number>> = { int2: 16, int4: 32, int8: 64, float4: 24, float8: 53 };
  return bits[type.name] ?? (type.name === "numeric" ? (type.precision ?? null) : null);
}

export function numericScale(type: SqlType): number | null {
  if (type.name === "numeric") return type.scale ?? 0;
  return type.name === "int2" || type.name === "int4" || type.name === "int8" ? 0 : null;
}

/** Length of text in bytes. */
export function textLength(type: SqlType): number | null {
  return type.name === "varchar" || type.name === "bpchar" ? (type.length ?? null) : null;
}
