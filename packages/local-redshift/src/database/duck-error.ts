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

/** What DuckDB says, and what Redshift says in its place. */
const translations: readonly Translation[] = [
  [
    /^INTERRUPT Error|Interrupted!/i,
    (_found, cause, pid) => new SqlError(`Query (${pid}) cancelled on user's request`, { sqlState: "57014", cause }),
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
    plain((found) => `invalid input syntax for timestamp: "${found[1]}"`, "22007"),
  ],
  [/invalid date field format: "([^"]*)"/i, plain((found) => `invalid input syntax for date: "${found[1]}"`, "22007")],
  [
    /timestamp field value out of range: "([^"]*)"/i,
    plain((found) => `date/time field value out of range: "${found[1]}"`, "22008"),
  ],
  [
    /date field value out of range: "([^"]*)"/i,
    plain((found) => `date/time field value out of range: "${found[1]}"`, "22008"),
  ],
  [
    /column "(?:r\d+\.)?(\w+)" must appear in the GROUP BY clause/,
    plain(
      (found) => `column "${found[1]}" must appear in the GROUP BY clause or be used in an aggregate function`,
      "42803",
    ),
  ],
  [
    /NOT NULL constraint failed: t\d+\.(\S+)/,
    plain((found) => `Cannot insert a NULL value into column ${found[1]}`, "23502"),
  ],
  [/out of range for the destination type INT(16|32|64)/, plain(() => "integer out of range", "22003")],
  [/^Out of Range Error: Overflow/, plain(() => "integer out of range", "22003")],
  [
    /Casting value .* to type DECIMAL.* failed|Could not cast value .* to DECIMAL|Overflow in .* of DECIMAL/,
    plain(() => "Numeric data overflow (result precision)", "22003"),
  ],
  [
    /window functions are not allowed in window definitions/,
    plain(() => "window functions are not allowed in window definitions", "42P20"),
  ],
  [/ORDER BY non-integer literal/, plain(() => "non-integer constant in ORDER BY", "42601")],
  [/More than one row returned by a subquery/, plain(() => "single-row subquery returns more than one row", "21000")],
  [
    /Transaction conflict|write-write conflict|Conflict on /i,
    plain(() => "1023 DETAIL: Serializable isolation violation on table in database", "40001"),
  ],
];
