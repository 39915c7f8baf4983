import type { Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { applyOperator } from "../operators.ts";
import { duckType, isFloat, isInteger, isMoment, isNumber, types } from "../sql-type.ts";
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

/** `round(x [, n])` and `trunc(x [, n])`; trunc of a timestamp is its date. */
const rounding =
  (name: "round" | "trunc"): FunctionBinder =>
  (call) => {
    const first = call.args[0];
    if (name === "trunc" && first !== undefined && isMoment(first.type))
      return { sql: `CAST(${first.sql} AS DATE)`, type: types.date };
    const value = numberArgument(call);
    const digits = call.args[1] === undefined ? undefined : coerce(call.args[1], int4).sql;
    const duck = duckType(value.type);
    if (digits === undefined) return { sql: `CAST(${name}(${value.sql}) AS ${duck})`, type: value.type };
    if (name === "round") return { sql: `CAST(round(${value.sql}, ${digits}) AS ${duck})`, type: value.type };
    const power = `pow(10, ${digits})`;
    return { sql: `CAST(trunc(${value.sql} * ${power}) / ${power} AS ${duck})`, type: value.type };
  };

const mod: FunctionBinder = (call) => {
  const [a, b] = call.args;
  if (a === undefined || b === undefined) throw noSuch(call);
  return applyOperator("%", a, b);
};

const sign: FunctionBinder = (call) => {
  const value = numberArgument(call);
  const type = isFloat(value.type) ? float8 : isInteger(value.type) ? int4 : value.type;
  return { sql: `CAST(sign(${value.sql}) AS ${duckType(type)})`, type };
};

/** Functions on numbers. */
export const mathFunctions: Readonly<Record<string, FunctionBinder>> = {
  abs: sameType("abs"),
  acos: float("acos"),
  asin: float("asin"),
  atan: float("atan"),
  atan2: define([float8, float8], float8, (a, b) => `atan2(${a}, ${b})`),
  cbrt: float("cbrt"),
  ceil: sameType("ceil"),
  ceiling: sameType("ceil"),
  cos: float("cos"),
  cot: float("cot"),
  degrees: float("degrees"),
  exp: float("exp"),
  floor: sameType("floor"),
  ln: float("ln"),
  log: float("log10"),
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
