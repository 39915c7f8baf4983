import { type Bound } from "./bound.ts";
import { castTo, settle } from "./cast.ts";
import { isFloat, isNumber, isText, types } from "./sql-type.ts";
import { numberKinds, superKind, superText, superValue } from "./super-value.ts";

/**
 * Compares where one side or both are SUPER: `=` between different dynamic types is false, `<` and its like are NULL; numbers of any
 * kind compare with each other; strings compare without their trailing blanks. Source: Database Developer Guide, query-super.
 */
export function compareSuper(operator: string, left: Bound, right: Bound): string {
  if (left.type.name !== "super") return compareSuper(mirrored[operator] ?? operator, right, left);
  const other = settle(right);
  if (other.constant === null) return "CAST(NULL AS BOOLEAN)";
  if (isText(other.type))
    return scalar(operator, left, "= 'VARCHAR'", `rtrim(${superText(left)}, ' ')`, `rtrim(${other.sql}, ' ')`);
  if (other.type.name === "bool")
    return scalar(operator, left, "= 'BOOLEAN'", `(${superText(left)} = 'true')`, other.sql);
  if (isNumber(other.type)) {
    const duck = isFloat(other.type) ? "DOUBLE" : "DECIMAL(38,9)";
    return scalar(operator, left, `IN ${numberKinds}`, `TRY_CAST(${superText(left)} AS ${duck})`, other.sql);
  }
  const value = other.type.name === "super" ? superValue(other) : castTo(other, types.super).sql;
  return compareValues(operator, superValue(left), value);
}

const mirrored: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function scalar(operator: string, left: Bound, fits: string, a: string, b: string): string {
  const kind = superKind(left);
  const fitting = `WHEN ${kind} ${fits} THEN ${a} ${operator} ${b}`;
  if (operator !== "=" && operator !== "<>") return `(CASE ${fitting} END)`;
  return `(CASE ${fitting} WHEN ${kind} <> 'NULL' THEN ${operator === "<>"} END)`;
}

/** `millrace_super_equal` and `millrace_super_order` are functions of our own, see the database's user functions. */
function compareValues(operator: string, a: string, b: string): string {
  if (operator === "=") return `millrace_super_equal(${a}, ${b})`;
  if (operator === "<>") return `(NOT millrace_super_equal(${a}, ${b}))`;
  return `(millrace_super_order(${a}, ${b}) ${operator} 0)`;
}
