import type { Random } from "@millrace/local-wire/testing/random";
import { COLUMNS } from "./tables.ts";

const LITERALS = [
  ..."NULL TRUE 0 1 -1 2 10 0.5 -2.75 1e3 1e308 1e-320 32768 2147483648 9223372036854775807 9223372036854775808 99999999999999999999999999999999999999 1e400".split(
    " ",
  ),
  "''",
  "' '",
  "'a'",
  "'abc'",
  "'5'",
  "'-1.5'",
  "'true'",
  "'2024-02-29'",
  "'2024-02-30'",
  "'2024-02-29 12:00:00'",
  "'UTC'",
  "'Europe/Paris'",
  "'day'",
  "'YYYY-MM-DD'",
  "'{\"a\":[1,2]}'",
  "'['",
  "'%'",
  "'[a-z]+'",
  "'('",
  "'\\\\'",
  "'ü€😀'",
  "DATE '2024-02-29'",
  "TIMESTAMP '2024-02-29 01:02:03'",
  "INTERVAL '1 day'",
  "INTERVAL '3 months'",
  "day",
  "month",
  "epoch",
  "CURRENT_DATE",
  "GETDATE()",
  "JSON_PARSE('[1,{\"x\":2}]')",
  "ARRAY(1,2)",
  "'61'::varbyte",
  "REPEAT('x', 100)",
];
const TYPES =
  "bool int2 int4 int8 numeric numeric(5,2) numeric(38,10) float4 float8 char(3) varchar varchar(2) date timestamp timestamptz time timetz varbyte super interval".split(
    " ",
  );
const BINARY = "+ - * / % ^ || = <> < <= > >= AND OR & | # << >> ~ !~ LIKE ILIKE".split(" ");
const POOL = [
  ..."SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET UNION ALL EXCEPT INTERSECT JOIN LEFT ON USING AS AND OR NOT NULL IS IN EXISTS BETWEEN LIKE CASE WHEN THEN ELSE END CAST WITH DISTINCT OVER PARTITION ROWS QUALIFY TOP INTO VALUES SET TABLE VIEW CREATE DROP ALTER INSERT UPDATE DELETE GRANT CALL UNPIVOT AT ( ) , ; . :: * = < > + - / % [ ] : :p $1 $$ -- /* */ ' \" E' 1 1.5 1e9 'x' a every_type other pg_class information_schema.tables \u00a0 \ud800 😀 \\".split(
    " ",
  ),
];

const FROM = [
  "every_type",
  "every_type e, e.s x AT i",
  "every_type JOIN other ON i4 = id",
  "(SELECT v, i4, s FROM every_type) q",
  "seen",
  "every_type, UNPIVOT s AS x AT k",
];

/** A statement, and the expression in it that is new. */
export interface FuzzedStatement {
  readonly sql: string;
  readonly expression?: string;
}

/** Makes statements that are wrong in some way, or odd and right. */
export interface StatementSource {
  next(): FuzzedStatement;
  /** Takes an expression that was right as a part of later ones, so that they get past the checks of types. */
  keep(expression: string): void;
}

/** Longest expression that is kept, and how many are, beside columns and literals. */
const MAX_LENGTH = 120;
const MAX_KEPT = 600;

export function createStatements(
  random: Random,
  samples: readonly string[],
  functions: readonly string[],
): StatementSource {
  const kept: string[] = [];
  const part = (): string => {
    if (kept.length > 0 && random.chance(0.5)) return random.pick(kept);
    return random.chance(0.6) ? random.pick(COLUMNS) : random.pick(LITERALS);
  };
  const call = (name: string, most: number) =>
    `${name}(${Array.from({ length: random.below(most + 1) }, part).join(", ")})`;
  const expression = (): string => {
    switch (random.below(12)) {
      case 0:
        return `(${part()})::${random.pick(TYPES)}`;
      case 1:
        return `CAST(${part()} AS ${random.pick(TYPES)})`;
      case 2:
      case 3:
        return `(${part()} ${random.pick(BINARY)} ${part()})`;
      case 4:
        return `CASE WHEN ${part()} THEN ${part()} ELSE ${part()} END`;
      case 5:
        return `(${part()} ${random.pick(["IS NULL", "IS NOT TRUE", `BETWEEN ${part()} AND ${part()}`, `IN (${part()}, ${part()})`, `SIMILAR TO ${part()}`])})`;
      case 6:
        return `${random.pick(["s", "s.b", part()])}${random.pick([".a", "[0]", ".b[1]", "['a']", ".c.d"])}`;
      case 7:
        return `(SELECT ${call(random.pick(["MAX", "COUNT", "LISTAGG", "ANY_VALUE", "SUM"]), 1)} FROM other)`;
      case 8:
        return `${call(random.pick(functions), 3)} OVER (${random.pick(["", `PARTITION BY ${part()}`, `ORDER BY ${part()}`, `ORDER BY ${part()} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`])})`;
      default:
        return call(random.pick(functions), 4);
    }
  };
  const query = (): FuzzedStatement => {
    const made = expression();
    if (random.chance(0.7)) return { sql: `SELECT ${made} FROM every_type`, expression: made };
    const tail = random.pick([
      ` WHERE ${made}`,
      ` GROUP BY ${made}`,
      ` ORDER BY ${made}`,
      ` LIMIT ${made}`,
      ` QUALIFY ${made}`,
      ` HAVING ${made}`,
      ` UNION SELECT ${part()}`,
    ]);
    const from = random.pick(FROM);
    return { sql: `SELECT ${random.pick(["", "", "DISTINCT ", "TOP 2 "])}${part()} FROM ${from}${tail}` };
  };
  const mutated = (): string => {
    let words = random
      .pick(samples)
      .split(/(\s+|[(),;.])/)
      .filter((word) => word !== "");
    for (let left = 1 + random.below(3); left > 0 && words.length > 0; left -= 1) {
      const at = random.below(words.length);
      switch (random.below(6)) {
        case 0:
          words = words.toSpliced(at, 1 + random.below(3));
          break;
        case 1:
          words = words.toSpliced(at, 0, ` ${random.pick(POOL)} `);
          break;
        case 2:
          words = words.with(at, random.pick(POOL));
          break;
        case 3:
          words = words.slice(0, at);
          break;
        case 4:
          words = [...words.slice(0, at), " ", ...random.pick(samples).split(" ").slice(random.below(5))];
          break;
        default:
          words = words.with(at, `(${expression()})`);
      }
    }
    return words.join("");
  };
  return {
    next: () => (random.chance(0.7) ? query() : { sql: mutated() }),
    keep(one) {
      if (one.length > MAX_LENGTH) return;
      if (kept.length < MAX_KEPT) kept.push(one);
      else kept[random.below(MAX_KEPT)] = one;
    },
  };
}
