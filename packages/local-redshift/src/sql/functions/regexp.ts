import { quoteText, type Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { types, varchar } from "../sql-type.ts";
import { constantOf, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

/**
 * Functions of regular expressions. DuckDB's RE2 stands in for POSIX patterns: the first of several alternatives wins, not the
 * longest (close). Parameter `p` takes the slower way through our own functions, see values/pcre.ts.
 */

const { text, int4, int8 } = types;

/** The arguments that all these functions have, as DuckDB text. */
interface Search {
  readonly source: string;
  readonly pattern: string;
  /** The source from the position on. */
  readonly rest: string;
  readonly position: string;
  readonly flags: string;
  /** Parameter `p`. */
  readonly isPerl: boolean;
  /** Parameter `e`, and the pattern has a group. */
  readonly group: boolean;
}

function searchOf(call: FunctionCall, places: { readonly position: number; readonly parameters: number }): Search {
  const [first, second] = call.args;
  if (first === undefined || second === undefined || call.args.length > places.parameters + 1) throw noSuch(call);
  const written = call.args[places.parameters] === undefined ? "c" : constantOf(call, places.parameters);
  if ([...written].some((letter) => !"cipe".includes(letter)))
    throw new SqlError(`Invalid regular expression parameter: ${written}`, { sqlState: "22023" });
  const source = coerce(first, text).sql;
  const position = call.args[places.position];
  const at = position === undefined ? "1" : `greatest(${coerce(position, int8).sql}, 1)`;
  return {
    source,
    pattern: coerce(second, text).sql,
    rest: position === undefined || position.constant === "1" ? source : `substring(${source}, ${at})`,
    position: at,
    flags: written.includes("i") ? "i" : "c",
    isPerl: written.includes("p"),
    group: written.includes("e") && (second.constant == null || hasGroup(second.constant)),
  };
}

/** Whether a pattern has parentheses that are neither escaped nor of another kind. */
function hasGroup(pattern: string): boolean {
  return [...pattern.matchAll(/\\.|\((?!\?)/gs)].some((found) => found[0] === "(");
}

/** `regexp_count(source, pattern [, position [, parameters]])`. */
const regexpCount: FunctionBinder = (call) => {
  const { pattern, rest, flags, isPerl } = searchOf(call, { position: 2, parameters: 3 });
  const count = isPerl
    ? `millrace_pcre_count(${rest}, ${pattern}, ${flags === "i"})`
    : `len(regexp_extract_all(${rest}, ${pattern}, 0, '${flags}'))`;
  return { sql: `CAST(${count} AS INTEGER)`, type: int4 };
};

const occurrenceOf = (bound: Bound | undefined) => (bound === undefined ? "1" : coerce(bound, int4).sql);

/** `regexp_instr(source, pattern [, position [, occurrence [, option [, parameters]]]])`. */
const regexpInstr: FunctionBinder = (call) => {
  const { source, pattern, rest, position, flags, isPerl, group } = searchOf(call, { position: 2, parameters: 5 });
  const occurrence = occurrenceOf(call.args[3]);
  const option = call.args[4] === undefined ? "0" : coerce(call.args[4], int4).sql;
  if (group) throw new SqlError("regexp_instr with parameter e is not built in the local Redshift");
  const ahead = `greatest(CAST(${position} AS INTEGER), 1) - 1`;
  if (isPerl) {
    const found = `millrace_pcre_instr(${rest}, ${pattern}, ${flags === "i"}, ${occurrence}, ${option} <> 0)`;
    return { sql: `CAST(CASE WHEN ${found} = 0 THEN 0 ELSE ${found} + ${ahead} END AS INTEGER)`, type: int4 };
  }
  const before = `'((?:[^]*?(?:' || ${pattern} || ')){' || (${occurrence} - 1) || '}[^]*?)'`.replaceAll(
    "[^]",
    "(?s:.)",
  );
  const whole = `'^' || ${before} || '(' || ${pattern} || ')'`;
  const prefix = `length(regexp_extract(${rest}, ${whole}, 1, '${flags}'))`;
  const matched = `(CASE WHEN ${option} <> 0 THEN length(regexp_extract(${rest}, '^(' || ${before} || '(?:' || ${pattern} || '))', 1, '${flags}')) ELSE ${prefix} END)`;
  return {
    sql: `CAST(CASE WHEN ${source} IS NULL OR ${pattern} IS NULL THEN NULL WHEN ${occurrence} < 1 THEN 0 WHEN regexp_matches(${rest}, ${whole}, '${flags}') THEN ${matched} + 1 + ${ahead} ELSE 0 END AS INTEGER)`,
    type: int4,
  };
};

/** `regexp_substr(source, pattern [, position [, occurrence [, parameters]]])`; no match gives an empty string. */
const regexpSubstr: FunctionBinder = (call) => {
  const { pattern, rest, flags, isPerl, group } = searchOf(call, { position: 2, parameters: 4 });
  const occurrence = occurrenceOf(call.args[3]);
  const type = varchar(call.args[0]!.type.length ?? 65_535);
  const found = isPerl
    ? `millrace_pcre_substr(${rest}, ${pattern}, ${flags === "i"}, ${occurrence}, ${group})`
    : call.args[3] === undefined || call.args[3].constant === "1"
      ? `regexp_extract(${rest}, ${pattern}, ${group ? 1 : 0}, '${flags}')`
      : `coalesce(list_extract(regexp_extract_all(${rest}, ${pattern}, ${group ? 1 : 0}, '${flags}'), ${occurrence}), '')`;
  if (call.args[3] === undefined || call.args[3].constant === "1") return { sql: found, type };
  return { sql: `(CASE WHEN ${occurrence} >= 1 THEN ${found} END)`, type };
};

/** `regexp_replace(source, pattern [, replacement [, position [, parameters]]])`; `$1` names a group. */
const regexpReplace: FunctionBinder = (call) => {
  const { source, pattern, rest, position, flags, isPerl } = searchOf(call, { position: 3, parameters: 4 });
  const replacement = call.args[2] === undefined ? "''" : coerce(call.args[2], text).sql;
  const perl = `millrace_pcre_replace(${rest}, ${pattern}, ${flags === "i"}, ${replacement})`;
  const plain = `regexp_replace(${rest}, ${pattern}, ${backslashed(call.args[2], replacement)}, 'g${flags}')`;
  const replaced = isPerl ? perl : plain;
  const head = rest === source ? "" : `substring(${source}, 1, CAST(${position} AS BIGINT) - 1) || `;
  return { sql: `(${head}${replaced})`, type: text };
};

/** RE2 names groups with a backslash. */
function backslashed(replacement: Bound | undefined, sql: string): string {
  if (replacement === undefined) return sql;
  if (replacement.constant != null)
    return quoteText(replacement.constant.replaceAll("\\", "\\\\").replaceAll("$", "\\"));
  return `replace(replace(${sql}, '\\', '\\\\'), '$', '\\')`;
}

/** Functions of regular expressions. */
export const regexpFunctions: Readonly<Record<string, FunctionBinder>> = {
  regexp_count: regexpCount,
  regexp_instr: regexpInstr,
  regexp_replace: regexpReplace,
  regexp_substr: regexpSubstr,
};
