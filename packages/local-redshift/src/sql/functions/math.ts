import type { Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { applyOperator } from "../operators.ts";
import { duckType, isFloat, isInteger, isMoment, isNumber, types, numeric, type SqlType } from "../sql-type.ts";
import { define, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { float8, int4 } = types;

const float = (name: string): FunctionBinder => define([float8], float8, (a) => `${name}(${a})`);

function numberArgument(call: FunctionCall): Bound {
  const first = call.args[0];
  if (first === undefined) throw noSuch(call);
  const value = first.type.name === "unknown" ? coerce(first, float8) : first;
  if (!isNumber(value.type)) throw noSuch(call);
  return value;
}

/** Keeps the type of what it is given. */
const sameType =
  (name: string): FunctionBinder =>
  (call) => {
    const value = numberArgument(call);
    return { sql: `CAST(${name}(${value.sql}) AS ${duckType(value.type)})`, type: value.type };
  };

/** Rounds to whole numbers: a DECIMAL keeps no digits after its point. */
const wholeNumber =
  (name: "ceil" | "floor"): FunctionBinder =>
  (call) => {
    const value = numberArgument(call);
    const type = value.type.name === "numeric" ? numeric(value.type.precision!, 0) : value.type;
    return { sql: `CAST(${name}(${value.sql}) AS ${duckType(type)})`, type };
  };

/**
 * `round(x [, n])` and `trunc(x [, n])`; trunc of a timestamp is its date. A DECIMAL keeps no more digits than asked for. Source:
 * Database Developer Guide, the output of r_ROUND and r_TRUNC.
 */
const rounding =
  (name: "round" | "trunc"): FunctionBinder =>
  (call) => {
    const first = call.args[0];
    if (name === "trunc" && first !== undefined && isMoment(first.type))
      return { sql: `CAST(${first.sql} AS DATE)`, type: types.date };
    if (call.args.length > 2) throw noSuch(call);
    const value = numberArgument(call);
    const digits = call.args[1];
    const type = value.type.name === "numeric" ? roundedType(value.type, digits) : value.type;
    const count = digits === undefined ? "" : `, ${coerce(digits, int4).sql}`;
    return { sql: `CAST(${name}(${value.sql}${count}) AS ${duckType(type)})`, type };
  };

function roundedType(type: SqlType, digits: Bound | undefined): SqlType {
  if (digits !== undefined && digits.constant == null) return type;
  const scale = Math.min(type.scale!, Math.max(0, Number(digits?.constant ?? 0)));
  return numeric(Math.min(38, Math.max(1, type.precision! - type.scale! + scale + 1)), scale);
}

const mod: FunctionBinder = (call) => {
  const [a, b] = call.args;
  if (a === undefined || b === undefined) throw noSuch(call);
  return applyOperator("%", a, b);
};

const sign: FunctionBinder = (call) => {
  const value = numberArgument(call);
  const type = isFloat(value.type) ? float8 : isInteger(value.type) ? value.type : numeric(1, 0);
  return { sql: `CAST(sign(${value.sql}) AS ${duckType(type)})`, type };
};

const log10: FunctionBinder = (call) => ({ ...float("log10")(call), label: "dlog10" });

/** Functions on numbers. */
export const mathFunctions: Readonly<Record<string, FunctionBinder>> = {
  abs: sameType("abs"),
  acos: float("acos"),
  asin: float("asin"),
  atan: float("atan"),
  atan2: define([float8, float8], float8, (a, b) => `atan2(${a}, ${b})`),
  cbrt: float("cbrt"),
  ceil: wholeNumber("ceil"),
  ceiling: wholeNumber("ceil"),
  cos: float("cos"),
  cot: float("cot"),
  degrees: float("degrees"),
  dexp: float("exp"),
  dlog1: float("ln"),
  dlog10: log10,
  exp: float("exp"),
  floor: wholeNumber("floor"),
  ln: float("ln"),
  log: log10,
  mod,
  pi: define([], float8, () => "pi()"),
  pow: define([float8, float8], float8, (a, b) => `pow(${a}, ${b})`),
  power: define([float8, float8], float8, (a, b) => `pow(${a}, ${b})`),
  radians: float("radians"),
  random: define([], float8, () => "random()"),
  round: rounding("round"),
  sign,
  sin: float("sin"),
  sqrt: float("sqrt"),
  tan: float("tan"),
  trunc: rounding("trunc"),
};
