import { unify } from "../bind-expression.ts";
import type { Bound } from "../bound.ts";
import { settle } from "../cast.ts";
import { compare } from "../operators.ts";
import { SqlError } from "../sql-error.ts";
import { superKind } from "../super-value.ts";
import { noSuch, type FunctionBinder } from "./function-binder.ts";

const coalesce: FunctionBinder = (call) => {
  if (call.args.length === 0) throw noSuch(call);
  const { type, items } = unify(call.args, call.name.toUpperCase());
  const [typed, missing] = call.args;
  const typeOf =
    call.args.length === 2 && typed?.typeOf !== undefined && missing?.constant != null
      ? { typeOf: { ...typed.typeOf, missing: missing.constant } }
      : {};
  const sqls = type.name === "super" ? items.map(withoutJsonNull) : items.map((item) => item.sql);
  return { sql: `coalesce(${sqls.join(", ")})`, type, label: "coalesce", ...typeOf };
};

/** JSON null counts as NULL, as in IS NULL. */
const withoutJsonNull = (item: Bound) => `CASE WHEN ${superKind(item)} <> 'NULL' THEN ${item.sql} END`;

const nullif: FunctionBinder = (call) => {
  const [left, right] = call.args;
  if (left === undefined || right === undefined || call.args.length > 2) throw noSuch(call);
  const value = settle(left);
  return { sql: `(CASE WHEN ${compare("=", value, right)} THEN NULL ELSE ${value.sql} END)`, type: value.type };
};

const nvl2: FunctionBinder = (call) => {
  const [test, some, none] = call.args;
  if (test === undefined || some === undefined || none === undefined) throw noSuch(call);
  const { type, items } = unify([some, none], "NVL2");
  const isSome =
    test.type.name === "super" ? `coalesce(${superKind(test)}, 'NULL') <> 'NULL'` : `${test.sql} IS NOT NULL`;
  return { sql: `(CASE WHEN ${isSome} THEN ${items[0]!.sql} ELSE ${items[1]!.sql} END)`, type };
};

/** A search that may be NULL without being written so. */
const findsNull = (search: Bound) => search.constant === undefined;

/** `decode(value, search, result, …[, default])`; unlike `=`, NULL finds NULL. */
const decode: FunctionBinder = (call) => {
  const [value, ...rest] = call.args;
  if (value === undefined || rest.length < 2) throw noSuch(call);
  const pairs = Math.floor(rest.length / 2);
  const results = Array.from({ length: pairs }, (_, index) => rest[index * 2 + 1]!);
  const fallback = rest.length % 2 === 1 ? rest.at(-1)! : undefined;
  const { type, items } = unify(fallback === undefined ? results : [...results, fallback], "DECODE");
  const branches = results.map((_, index) => {
    const search = rest[index * 2]!;
    const test = findsNull(search)
      ? `${compare("=", value, search)} OR (${value.sql} IS NULL AND ${search.sql} IS NULL)`
      : search.constant === null
        ? `${value.sql} IS NULL`
        : compare("=", value, search);
    return `WHEN ${test} THEN ${items[index]!.sql}`;
  });
  return {
    sql: `(CASE ${branches.join(" ")}${fallback ? ` ELSE ${items.at(-1)!.sql}` : ""} END)`,
    type,
    label: "case",
  };
};

const extreme =
  (name: string): FunctionBinder =>
  (call) => {
    if (call.args.length === 0) throw noSuch(call);
    const { type, items } = unify(call.args, call.name.toUpperCase());
    if (type.name === "super")
      throw new SqlError(
        `${call.name} of SUPER without a cast is not built in the local Redshift; cast the values first`,
      );
    return { sql: `${name}(${items.map((item) => item.sql).join(", ")})`, type };
  };

/** Functions that choose among their arguments. */
export const conditionalFunctions: Readonly<Record<string, FunctionBinder>> = {
  coalesce,
  decode,
  greatest: extreme("greatest"),
  least: extreme("least"),
  nullif,
  nvl: coalesce,
  nvl2,
};
