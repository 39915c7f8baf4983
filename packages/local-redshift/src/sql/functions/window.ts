import { coerce, settle } from "../cast.ts";
import { unify } from "../bind-expression.ts";
import { SqlError } from "../sql-error.ts";
import { types } from "../sql-type.ts";
import { noSuch, windowPlace, type FunctionBinder } from "./function-binder.ts";

const ranking =
  (name: string, type: typeof types.int8 | typeof types.float8): FunctionBinder =>
  () => ({ sql: `${name}()${windowPlace}`, type });

const offset =
  (name: string): FunctionBinder =>
  (call) => {
    const [value, distance, fallback] = call.args;
    if (value === undefined) throw noSuch(call);
    if (call.node.over?.orderBy.length === 0)
      throw new SqlError(`window function ${name} requires an ORDER BY clause`, { sqlState: "42601" });
    const { type, items } = unify(fallback === undefined ? [value] : [value, fallback], name.toUpperCase());
    const rest =
      distance === undefined ? [] : [coerce(distance, types.int8).sql, ...items.slice(1).map((item) => item.sql)];
    const ignore = call.node.ignoreNulls ? " IGNORE NULLS" : "";
    return { sql: `${name}(${[items[0]!.sql, ...rest].join(", ")}${ignore})${windowPlace}`, type };
  };

const edge =
  (name: string): FunctionBinder =>
  (call) => {
    const [value, position] = call.args;
    if (value === undefined) throw noSuch(call);
    const settled = settle(value);
    const args = position === undefined ? settled.sql : `${settled.sql}, ${coerce(position, types.int8).sql}`;
    const ignore = call.node.ignoreNulls ? " IGNORE NULLS" : "";
    return { sql: `${name}(${args}${ignore})${windowPlace}`, type: settled.type };
  };

/** Functions that need OVER. */
export const windowFunctions: Readonly<Record<string, FunctionBinder>> = {
  cume_dist: ranking("cume_dist", types.float8),
  dense_rank: ranking("dense_rank", types.int8),
  first_value: edge("first_value"),
  lag: offset("lag"),
  last_value: edge("last_value"),
  lead: offset("lead"),
  nth_value: edge("nth_value"),
  ntile: (call) => ({
    sql: `ntile(${coerce(call.args[0] ?? raiseMissing(call), types.int8).sql})${windowPlace}`,
    type: types.int8,
  }),
  percent_rank: ranking("percent_rank", types.float8),
  rank: ranking("rank", types.int8),
  ratio_to_report: (call) => {
    const { over } = call.node;
    // Source: Database Developer Guide, r_WF_RATIO_TO_REPORT, which names no text.
    if (over !== undefined && (over.orderBy.length > 0 || over.frame !== undefined))
      throw new SqlError("window function ratio_to_report cannot have an ORDER BY or frame clause", {
        sqlState: "42601",
      });
    const value = coerce(call.args[0] ?? raiseMissing(call), types.float8).sql;
    return { sql: `(${value} / nullif(sum(${value})${windowPlace}, 0))`, type: types.float8 };
  },
  row_number: ranking("row_number", types.int8),
};

function raiseMissing(call: Parameters<FunctionBinder>[0]): never {
  throw noSuch(call);
}
