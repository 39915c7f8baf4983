import { SqlError } from "../sql/sql-error.ts";

/**
 * An error of DuckDB in Redshift's words. What has no words of Redshift's says that it is DuckDB's, with the original as the cause, so
 * that it is never taken for Redshift's behaviour.
 */
export function translateDuckError(error: unknown, pid: number): SqlError {
  if (error instanceof SqlError) return error;
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, translate] of translations) {
    const found = pattern.exec(message);
    if (found !== null) return translate(found, error, pid);
  }
  const [first = ""] = message.split("\n");
  return new SqlError(`the local Redshift's engine refused the statement: ${first}`, { cause: error });
}

type Translation = readonly [RegExp, (found: RegExpExecArray, cause: unknown, pid: number) => SqlError];

const plain =
  (text: (found: RegExpExecArray) => string, sqlState: string): Translation[1] =>
  (found, cause) =>
    new SqlError(text(found), { sqlState, cause });

const typeWords: Readonly<Record<string, string>> = {
  INT16: "smallint",
  INT32: "integer",
  INT64: "bigint",
  DOUBLE: "double precision",
  FLOAT: "real",
  BOOL: "boolean",
};

const notGrouped = "columns of the select list must appear in the GROUP BY clause or be used in an aggregate function";

function typeOf(duck: string): string {
  const words: Readonly<Record<string, string>> = {
    ...typeWords,
    BIGINT: "bigint",
    BLOB: "binary varying",
    BOOLEAN: "boolean",
    DECIMAL: "numeric",
    INTEGER: "integer",
    INTEGER_LITERAL: "integer",
    SMALLINT: "smallint",
    TIME: "time without time zone",
    TIMESTAMP: "timestamp without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "TIME WITH TIME ZONE": "time with time zone",
    VARCHAR: "character varying",
  };
  const plain = duck.replace(/\(.*\)$/, "");
  return words[plain] ?? plain.toLowerCase();
}

/** By the type that a number was to become, which stands last in the message. */
function outOfRange(found: RegExpExecArray): string {
  const target = /(?:type|to) (INT\d+|DECIMAL|FLOAT|DOUBLE)/.exec(found.input.slice(found.index))?.[1] ?? "";
  if (target.startsWith("DECIMAL")) return "Numeric data overflow (result precision)";
  return target.startsWith("INT") ? "integer out of range" : "value out of range: overflow";
}

/** What DuckDB says, and what Redshift says in its place. */
const translations: readonly Translation[] = [
  [
    /^INTERRUPT Error|Interrupted!/i,
    (_found, cause, pid) => new SqlError(`Query (${pid}) cancelled on user's request`, { sqlState: "57014", cause }),
  ],
  [/^Invalid Input Error: ERROR: ([^]*)/, plain((found) => found[1]!, "22000")],
  [
    /Failure in decode: could not convert blob to UTF8/,
    plain(() => "String contains invalid or unsupported UTF8 codepoints", "22021"),
  ],
  [
    /^Invalid Input Error: (division by zero|JSON parsing error.*|value too long.*|Cannot insert a NULL.*|the format .*)/,
    plain((found) => found[1]!, "22000"),
  ],
  [
    /Could not convert string '([^]*)' to (\w+)/,
    plain(
      (found) => `invalid input syntax for ${typeWords[found[2]!] ?? found[2]!.toLowerCase()}: "${found[1]}"`,
      "22P02",
    ),
  ],
  [
    /Could not convert string "([^]*)" to DECIMAL/,
    plain((found) => `invalid input syntax for numeric: "${found[1]}"`, "22P02"),
  ],
  [
    /invalid timestamp field format: "([^"]*)"/i,
    plain((found) => `invalid input syntax for type timestamp: "${found[1]}"`, "22007"),
  ],
  [
    /invalid date field format: "([^"]*)"/i,
    plain((found) => `invalid input syntax for type date: "${found[1]}"`, "22007"),
  ],
  [
    /timestamp field value out of range: "([^"]*)"/i,
    plain((found) => `date/time field value out of range: "${found[1]}"`, "22008"),
  ],
  [
    /date field value out of range: "([^"]*)"/i,
    plain((found) => `date/time field value out of range: "${found[1]}"`, "22008"),
  ],
  [
    /column "?(?:r\d+\.)?(\w+)"? must appear in the GROUP BY clause/,
    plain(
      (found) => `column "${found[1]}" must appear in the GROUP BY clause or be used in an aggregate function`,
      "42803",
    ),
  ],
  [
    /NOT NULL constraint failed: t\d+\.(\S+)/,
    plain((found) => `Cannot insert a NULL value into column ${found[1]}`, "23502"),
  ],
  [
    /out of range for the destination type (INT16|INT32|INT64)/,
    plain((found) => `${typeWords[found[1]!]!} out of range`, "22003"),
  ],
  [
    /^Out of Range Error: Overflow in .* of (INT16|INT32|INT64)/,
    plain((found) => `${typeWords[found[1]!]!} out of range`, "22003"),
  ],
  [/^Out of Range Error: (cannot take .*)/, plain((found) => found[1]!, "2201E")],
  [/^Out of Range Error: Overflow/, plain(() => "integer out of range", "22003")],
  [
    /Casting value .* to type DECIMAL.* failed|Could not cast value .* to DECIMAL|Overflow in .* of DECIMAL/,
    plain(() => "Numeric data overflow (result precision)", "22003"),
  ],
  [
    /window functions are not allowed in window definitions/,
    plain(() => "window functions are not allowed in window definitions", "42P20"),
  ],
  // Texts of PostgreSQL 8, from which Redshift comes; UNCONFIRMED there.
  [
    /(WHERE|GROUP BY) clause cannot contain aggregates/,
    plain((found) => `aggregates not allowed in ${found[1]} clause`, "42803"),
  ],
  [
    /(WHERE|GROUP BY|HAVING) clause cannot contain window functions/,
    plain((found) => `window functions not allowed in ${found[1]} clause`, "42P20"),
  ],
  [/aggregate function calls cannot be nested/, plain(() => "aggregate function calls may not be nested", "42803")],
  [
    /aggregate function calls cannot contain window function calls|window function calls cannot be nested/,
    plain((found) => found[0], "42P20"),
  ],
  [
    /at least one window function must appear in the SELECT column or QUALIFY/,
    plain(() => "QUALIFY requires a window function in the select list or in its condition", "42601"),
  ],
  [/LIMIT\/OFFSET cannot be negative/, plain(() => "LIMIT must not be negative", "2201W")],
  [
    /Separator argument to StringAgg must be a constant/,
    plain(() => "the delimiter of LISTAGG must be a constant", "22023"),
  ],
  [
    /Incorrect number of parameters for function (\w+)|(\w+) needs \d+ parameters?, got/,
    plain(
      (found) => `function ${(found[1] ?? found[2]!).toLowerCase()} does not take that number of arguments`,
      "42883",
    ),
  ],
  [/Argument for ntile must be greater than zero/, plain(() => "argument of ntile must be greater than zero", "22014")],
  [
    /time field value out of range: "([^"]*)"/i,
    plain((found) => `invalid input syntax for type time: "${found[1]}"`, "22007"),
  ],
  [/Failed to cast decimal value|Type \w+(?:\(.*?\))? with value .* can't be cast/, plain(outOfRange, "22003")],
  [
    /Unimplemented type for cast \(([\w ]+?)(?:\(.*?\))? -> ([\w ]+?)(?:\(.*?\))?\)/,
    plain((found) => `cannot cast type ${typeOf(found[1]!)} to ${typeOf(found[2]!)}`, "42846"),
  ],
  [/Invalid input for hex digit: (.)/, plain((found) => `invalid hexadecimal digit: "${found[1]}"`, "22023")],
  [/cannot take square root of a negative number/, plain((found) => found[0], "2201F")],
  [/is undefined outside|cannot take logarithm/, plain(() => "input is out of range", "22003")],
  [
    /(?:VARSAMP|VARPOP|STDDEV_SAMP|STDDEV_POP|AVG|SUM) is out of range/,
    plain(() => "value out of range: overflow", "22003"),
  ],
  [/Unknown TimeZone '([^]*?)'/, plain((found) => `time zone "${found[1]}" not recognized`, "22023")],
  [
    /^Invalid Input Error: ((?:missing|invalid|no argument|bad|unexpected|trailing|unmatched)[^:\n]*)(?:: |$)/,
    plain((found) => `invalid regular expression: ${found[1]}`, "2201B"),
  ],
  [
    /extract specifier "([^]*?)" not recognized/,
    plain((found) => `timestamp units "${found[1]}" not recognized`, "22023"),
  ],
  [
    /No function matches the given name and argument types '([^\s\w]+|xor)\(([^]*?), ([^]*?)\)'\./,
    plain(
      (found) =>
        `operator does not exist: ${typeOf(found[2]!)} ${found[1] === "xor" ? "#" : found[1]} ${typeOf(found[3]!)}`,
      "42883",
    ),
  ],
  [
    /(ORDER|GROUP BY) term out of range/,
    plain((found) => `${found[1] === "ORDER" ? "ORDER BY" : "GROUP BY"} position is not in select list`, "42P10"),
  ],
  [/Cannot mix aggregates with non-aggregated columns/, plain(() => notGrouped, "42803")],
  [
    /pattern must not end with escape character/,
    plain(() => "LIKE pattern must not end with escape character", "22025"),
  ],
  [/is out of range for numeric function|Invalid UTF-?\d* Codepoint/, plain(() => "input is out of range", "22003")],
  [/Date out of range|not in timestamp range/, plain(() => "date/time field value out of range", "22008")],
  [/Cannot (?:left|right)-shift/, plain(() => "integer out of range", "22003")],
  [/BindExpression: WINDOW/, plain(() => "window functions not allowed here", "42P20")],
  [/Aggregate functions are not supported here/, plain(() => "aggregates not allowed here", "42803")],
  [/Substring (?:length|offset) outside/, plain(() => "substring length out of range", "22011")],
  [/Cannot create a string of size/, plain(() => "requested length too large", "54000")],
  [
    /timestamp field value "([^"]*)" has a timestamp that is not/,
    plain((found) => `invalid input syntax for type timestamp: "${found[1]}"`, "22007"),
  ],
  [
    /No function matches the given name and argument types '(\w+)\(([^]*?)\)'\./,
    plain((found) => `function ${found[1]}(${found[2]!.split(", ").map(typeOf).join(", ")}) does not exist`, "42883"),
  ],
  [
    /GROUPING (?:statement|function|child)/,
    plain(() => "arguments to GROUPING must be grouping expressions of the associated query level", "42803"),
  ],
  [/Malformed JSON/, plain(() => "JSON parsing error: not JSON", "22000")],
  [/ORDER BY non-integer literal/, plain(() => "non-integer constant in ORDER BY", "42601")],
  [/More than one row returned by a subquery/, plain(() => "single-row subquery returns more than one row", "21000")],
  [
    /Transaction conflict|write-write conflict|Conflict on /i,
    plain(() => "1023 DETAIL: Serializable isolation violation on table in database", "40001"),
  ],
];
