import { type Bound } from "./bound.ts";
import { castTo, settle } from "./cast.ts";
import { asNumeric, isFloat, isNumber, isText, types } from "./sql-type.ts";
import { numberKinds, superKey, superKind, superText, superValue } from "./super-value.ts";

/**
 * Compares where one side or both are SUPER: `=` between different dynamic types is false, `<` and its like are NULL; numbers of any
 * kind compare with each other; strings compare without their trailing blanks. Source: Database Developer Guide, query-super.
 */
export function compareSuper(operator: string, left: Bound, right: Bound): string {
  if (left.type.name !== "super") return compareSuper(mirrored[operator] ?? operator, right, left);
  const other = settle(right);
  if (other.constant === null) return "CAST(NULL AS BOOLEAN)";
  if (isText(other.type))
    return scalar(operator, left, "= 'VARCHAR'", `rtrim(${superText(left)}, ' ') ${operator} rtrim(${other.sql}, ' ')`);
  if (other.type.name === "bool")
    return scalar(operator, left, "= 'BOOLEAN'", `(${superText(left)} = 'true') ${operator} ${other.sql}`);
  if (isNumber(other.type))
    return scalar(operator, left, `IN ${numberKinds}`, compareNumbers(operator, superText(left), other));
  return compareValues(operator, left, other.type.name === "super" ? other : castTo(other, types.super));
}

const mirrored: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function scalar(operator: string, left: Bound, fits: string, comparison: string): string {
  const kind = superKind(left);
  const fitting = `WHEN ${kind} ${fits} THEN ${comparison}`;
  if (operator !== "=" && operator !== "<>") return `(CASE ${fitting} END)`;
  return `(CASE ${fitting} WHEN ${kind} <> 'NULL' THEN ${operator === "<>"} END)`;
}

/** Digits that DuckDB's decimals compare exactly; longer numbers and those with an exponent take the slower way. */
const exact = { characters: 18, whole: 20, duck: "DECIMAL(38,18)" };

function compareNumbers(operator: string, text: string, other: Bound): string {
  const keys = `millrace_super_key(${text}) ${operator} ${superKey(castTo(other, types.super))}`;
  const { precision, scale } = asNumeric(other.type);
  const fits = !isFloat(other.type) && precision! - scale! <= exact.whole && scale! <= exact.characters;
  if (!fits) return keys;
  const few = `strlen(${text}) <= ${exact.characters} AND NOT contains(${text}, 'e')`;
  const decimals = `TRY_CAST(${text} AS ${exact.duck}) ${operator} CAST(${other.sql} AS ${exact.duck})`;
  return `CASE WHEN ${few} THEN ${decimals} ELSE ${keys} END`;
}

/** The functions are our own, see super-functions.ts. Equality by keys lets DuckDB join by hash. */
function compareValues(operator: string, a: Bound, b: Bound): string {
  if (operator === "=" || operator === "<>") return `(${superKey(a)} ${operator} ${superKey(b)})`;
  return `(millrace_super_order(${superValue(a)}, ${superValue(b)}) ${operator} 0)`;
}
