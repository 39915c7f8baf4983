import type { Bound } from "./bound.ts";
import { castTo } from "./cast.ts";
import { SqlError } from "./sql-error.ts";
import { isNumber, isText, plainTypeText, types } from "./sql-type.ts";
import { superOf, superValue } from "./super-value.ts";

/**
 * `+ - * / %` where one side or both are SUPER, by the dynamic types: the result is SUPER, and NULL for what are no numbers; `+` puts
 * strings together. Source: Database Developer Guide, operators-functions. Other operators want a cast.
 */
export function calculateSuper(operator: string, left: Bound, right: Bound): Bound {
  if (!["+", "-", "*", "/", "%"].includes(operator))
    throw new SqlError(`operator ${operator} on SUPER without a cast is not built in the local Redshift`);
  const [a, b] = [operand(operator, left), operand(operator, right)];
  return superOf(`CAST(millrace_super_calculate('${operator}', ${a}, ${b}) AS JSON)`);
}

function operand(operator: string, side: Bound): string {
  const { type } = side;
  if (type.name === "super" || type.name === "unknown" || type.name === "bool" || isNumber(type) || isText(type))
    return superValue(castTo(side, types.super));
  throw new SqlError(`operator does not exist: super ${operator} ${plainTypeText(type)}`, { sqlState: "42883" });
}
