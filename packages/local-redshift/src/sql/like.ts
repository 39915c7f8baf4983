import { quoteText, type Bound } from "./bound.ts";
import { coerce } from "./cast.ts";
import { SqlError } from "./sql-error.ts";
import { types } from "./sql-type.ts";
import type { Expression } from "./tree.ts";

/** LIKE, ILIKE and SIMILAR TO; a backslash escapes unless ESCAPE names another character. */
export function likePattern(node: Extract<Expression, { kind: "like" }>, bind: (child: Expression) => Bound): Bound {
  const operand = coerce(bind(node.operand), types.text).sql;
  const pattern = coerce(bind(node.pattern), types.text);
  const escape = node.escape === undefined ? "\\" : bind(node.escape).constant;
  if (escape == null || [...escape].length > 1)
    throw new SqlError("invalid escape string: it must be empty or one character", { sqlState: "22025" });
  const not = node.negated ? "NOT " : "";
  if (node.operator === "similar") return similar(operand, pattern, escape, not);
  const plain = escape === "" || (pattern.constant != null && !pattern.constant.includes(escape));
  const suffix = plain ? "" : ` ESCAPE ${quoteText(escape)}`;
  return {
    sql: `(${operand} ${not}${node.operator.toUpperCase()} ${pattern.sql}${suffix})`,
    type: types.bool,
  };
}

function similar(operand: string, pattern: Bound, escape: string, not: string): Bound {
  if (pattern.constant == null)
    throw new SqlError("SIMILAR TO with a pattern that is not a constant is not built in the local Redshift");
  const regexp = quoteText(`^(?:${toRegexp(pattern.constant, escape)})$`);
  return { sql: `(${not}regexp_matches(${operand}, ${regexp}, 's'))`, type: types.bool };
}

/** `%` and `_` as in LIKE, the rest as in regular expressions but for the characters that SQL leaves plain. */
function toRegexp(pattern: string, escape: string): string {
  let regexp = "";
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at += 1) {
    const char = characters[at]!;
    if (char === escape && escape !== "") {
      at += 1;
      regexp += `\\${characters[at] ?? escape}`;
    } else if (char === "%") regexp += ".*";
    else if (char === "_") regexp += ".";
    else if (char === "." || char === "^" || char === "$" || char === "\\") regexp += `\\${char}`;
    else regexp += char;
  }
  return regexp;
}
