import { sortText } from "../bind-query.ts";
import type { Bound } from "../bound.ts";
import { coerce, settle } from "../cast.ts";
import { asCondition } from "../operators.ts";
import { SqlError } from "../sql-error.ts";
import {
  duckType,
  isFloat,
  isInteger,
  isNumber,
  isText,
  numeric,
  plainTypeText,
  types,
  type SqlType,
} from "../sql-type.ts";
import { superKey, superOf, superValue } from "../super-value.ts";
import { noSuch, windowPlace, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const count: FunctionBinder = (call) => {
  if (call.node.star) return { sql: `count(*)${windowPlace}`, type: types.int8 };
  const value = settle(argument(call));
  if (call.node.approximate)
    return { sql: `CAST(approx_count_distinct(${value.sql})${windowPlace} AS BIGINT)`, type: types.int8 };
  if (value.type.name === "super")
    return { sql: `count(${distinct(call)}${superKey(value)})${windowPlace}`, type: types.int8 };
  return { sql: `count(${distinct(call)}${value.sql})${windowPlace}`, type: types.int8 };
};

/** Source for the types of SUM and AVG: Database Developer Guide, r_SUM, r_AVG. */
const sum: FunctionBinder = (call) => {
  if (argument(call).type.name === "super") return totalOfSuper(call, "sum");
  const value = numberArgument(call);
  const type = sumType(value.type);
  return { sql: `CAST(sum(${distinct(call)}${value.sql})${windowPlace} AS ${duckType(type)})`, type };
};

/** Over the values that are numbers, as SUPER (UNCONFIRMED: the documents say that aggregates take SUPER, not what they give). */
function totalOfSuper(call: FunctionCall, name: "sum" | "avg"): Bound {
  if (call.node.distinct) throw new SqlError(`${name}(DISTINCT …) of SUPER is not built in the local Redshift`);
  const values = `list(CAST(${superValue(argument(call))} AS VARCHAR))${windowPlace}`;
  return superOf(`CAST(millrace_super_${name}(CAST(to_json(${values}) AS VARCHAR)) AS JSON)`);
}

function sumType(type: SqlType): SqlType {
  if (isFloat(type)) return types.float8;
  if (type.name === "int8") return numeric(38, 0);
  return isInteger(type) ? types.int8 : numeric(38, type.scale ?? 0);
}

const avg: FunctionBinder = (call) => {
  if (argument(call).type.name === "super") return totalOfSuper(call, "avg");
  const value = numberArgument(call);
  const average = `avg(${distinct(call)}${value.sql})${windowPlace}`;
  const type = averageType(value.type);
  return { sql: averageText(average, type), type };
};

function averageType(type: SqlType): SqlType {
  if (isFloat(type)) return types.float8;
  return isInteger(type) ? types.int8 : numeric(38, type.scale ?? 0);
}

/**
 * An average, which DuckDB has as a floating point number, as the type that AVG gives. Digits beyond the scale are cut, not rounded.
 * Source: Database Developer Guide, output of r_FROM_clause-pivot-unpivot-examples.
 */
export function averageText(average: string, type: SqlType): string {
  if (isFloat(type)) return average;
  if (isInteger(type)) return `CAST(trunc(${average}) AS BIGINT)`;
  const scale = type.scale ?? 0;
  return `CAST(trunc(CAST(${average} AS DECIMAL(38,${Math.min(37, scale + 6)})), ${scale}) AS ${duckType(type)})`;
}

const extreme =
  (name: "min" | "max"): FunctionBinder =>
  (call) => {
    const value = settle(argument(call));
    if (value.type.name === "super")
      return superOf(`arg_${name}(${superValue(value)}, ${superKey(value)})${windowPlace}`);
    return { sql: `${name}(${value.sql})${windowPlace}`, type: value.type };
  };

/** Empty text is left out as NULL is. Source: Database Developer Guide, r_LISTAGG. */
const listagg: FunctionBinder = (call) => {
  const value = coerce(argument(call), types.text);
  const separator = call.args[1] === undefined ? "''" : `coalesce(${coerce(call.args[1], types.text).sql}, '')`;
  if (call.node.distinct && call.node.withinGroup.length > 0) return sortedDistinct(call, separator);
  const order = call.node.withinGroup.map((item) => sortText(item, (node) => call.bind(node).sql));
  const sorted = order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`;
  return {
    sql: `string_agg(${distinct(call)}nullif(${value.sql}, ''), ${separator}${sorted})${windowPlace}`,
    type: types.text,
  };
};

/** DuckDB sorts distinct values by themselves only, and so LISTAGG(DISTINCT x) is built in the order of x alone. */
function sortedDistinct(call: FunctionCall, separator: string): Bound {
  const value = settle(argument(call));
  const [item, ...others] = call.node.withinGroup;
  if (item === undefined || others.length > 0 || call.bind(item.expression).sql !== value.sql)
    throw new SqlError("LISTAGG(DISTINCT x) in another order than that of x is not built in the local Redshift");
  const kept = isText(value.type) ? `nullif(${value.sql}, '')` : value.sql;
  const list = `list(DISTINCT ${kept}) FILTER (WHERE ${kept} IS NOT NULL)${windowPlace}`;
  const sorted = `${item.descending ? "list_reverse_sort" : "list_sort"}(${list})`;
  return { sql: `array_to_string(CAST(${sorted} AS VARCHAR[]), ${separator})`, type: types.text };
}

const spread =
  (name: string): FunctionBinder =>
  (call) => ({ sql: `${name}(${coerce(numberArgument(call), types.float8).sql})${windowPlace}`, type: types.float8 });

const median: FunctionBinder = (call) => {
  const value = numberArgument(call);
  return { sql: `CAST(median(${value.sql})${windowPlace} AS DOUBLE)`, type: types.float8 };
};

/** `percentile_cont(f) WITHIN GROUP (ORDER BY x)` and its discrete sister. */
const percentile =
  (name: "quantile_cont" | "quantile_disc"): FunctionBinder =>
  (call) => {
    const sort = call.node.withinGroup[0];
    if (sort === undefined) throw noSuch(call);
    const value = call.bind(sort.expression);
    refuseSuper(call, value);
    const fraction = coerce(argument(call), types.float8).sql;
    const at = sort.descending ? `1 - ${fraction}` : fraction;
    const type = name === "quantile_cont" ? types.float8 : value.type;
    return { sql: `CAST(${name}(${value.sql}, ${at})${windowPlace} AS ${duckType(type)})`, type };
  };

/** Numbers that are not whole are rounded. Source: Database Developer Guide, c_bitwise_aggregate_functions. */
const bitwise =
  (name: "bit_and" | "bit_or"): FunctionBinder =>
  (call) => {
    const value = numberArgument(call);
    const type = isInteger(value.type) ? value.type : types.int8;
    return { sql: `${name}(CAST(${value.sql} AS ${duckType(type)}))${windowPlace}`, type };
  };

/** HyperLogLog's estimate, by DuckDB's sketch: other estimates than Redshift's (close). */
const hll: FunctionBinder = (call) => ({
  sql: `CAST(approx_count_distinct(${settle(argument(call)).sql})${windowPlace} AS BIGINT)`,
  type: types.int8,
});

const grouping: FunctionBinder = (call) => {
  if (call.args.length === 0) throw noSuch(call);
  return { sql: `CAST(grouping(${call.args.map((arg) => arg.sql).join(", ")}) AS INTEGER)`, type: types.int4 };
};

const logical =
  (name: "bool_and" | "bool_or"): FunctionBinder =>
  (call) => ({ sql: `${name}(${asCondition(argument(call), name)})${windowPlace}`, type: types.bool });

const anyValue: FunctionBinder = (call) => {
  const value = settle(argument(call));
  return { sql: `any_value(${value.sql})${windowPlace}`, type: value.type };
};

/** Functions over the rows of a group; with OVER also window functions. */
export const aggregateFunctions: Readonly<Record<string, FunctionBinder>> = {
  any_value: anyValue,
  avg,
  bit_and: bitwise("bit_and"),
  bit_or: bitwise("bit_or"),
  bool_and: logical("bool_and"),
  bool_or: logical("bool_or"),
  count,
  every: logical("bool_and"),
  grouping,
  grouping_id: grouping,
  hll,
  listagg,
  max: extreme("max"),
  median,
  min: extreme("min"),
  percentile_cont: percentile("quantile_cont"),
  percentile_disc: percentile("quantile_disc"),
  stddev: spread("stddev_samp"),
  stddev_pop: spread("stddev_pop"),
  stddev_samp: spread("stddev_samp"),
  sum,
  var_pop: spread("var_pop"),
  var_samp: spread("var_samp"),
  variance: spread("var_samp"),
};

const distinct = (call: FunctionCall) => (call.node.distinct ? "DISTINCT " : "");

function argument(call: FunctionCall): Bound {
  const first = call.args[0];
  if (first === undefined) throw noSuch(call);
  return first;
}

function numberArgument(call: FunctionCall): Bound {
  const value = argument(call);
  refuseSuper(call, value);
  const settled = value.type.name === "unknown" ? coerce(value, types.float8) : value;
  if (!isNumber(settled.type))
    throw new SqlError(`function ${call.name}(${plainTypeText(value.type)}) does not exist`, { sqlState: "42883" });
  return settled;
}

function refuseSuper(call: FunctionCall, value: Bound): void {
  if (value.type.name === "super")
    throw new SqlError(`${call.name} of SUPER without a cast is not built in the local Redshift; cast the value first`);
}
