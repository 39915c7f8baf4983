import { quoteName } from "../../sql/bound.ts";
import type { SqlType } from "../../sql/sql-type.ts";

/** What a sample of a column is like. */
export interface ColumnSample {
  readonly rows: number;
  readonly distinct: number;
  /** Bytes of all values without compression. */
  readonly bytes: number;
}

/** A compression encoding, and by how many percent it makes a column smaller. */
export interface Recommendation {
  readonly encoding: string;
  readonly reduction: number;
}

/** Bytes of a value without compression. Source: Database Developer Guide, c_Supported_data_types. */
const fixedBytes: Readonly<Partial<Record<SqlType["name"], number>>> = {
  bool: 1,
  int2: 2,
  int4: 4,
  int8: 8,
  float4: 4,
  float8: 8,
  date: 4,
  time: 8,
  timetz: 8,
  timestamp: 8,
  timestamptz: 8,
  numeric: 8,
  interval: 16,
};

/** Types that AZ64 takes. Source: Database Developer Guide, az64-encoding. */
const az64: ReadonlySet<string> = new Set("int2 int4 int8 numeric date timestamp timestamptz time timetz".split(" "));

/** DuckDB text of the three numbers of a {@link ColumnSample}, over rows of the column. */
export function sampleText({ name, type }: { readonly name: string; readonly type: SqlType }): string {
  const column = quoteName(name);
  const fixed = fixedBytes[type.name];
  const bytes =
    fixed === undefined ? `strlen(CAST(${column} AS VARCHAR))` : `CASE WHEN ${column} IS NOT NULL THEN ${fixed} END`;
  return `count(*), count(DISTINCT CAST(${column} AS VARCHAR)), sum(${bytes})`;
}

/**
 * What a column with such values would gain: nothing when it is compressed already, since what the ways of compression make of it is not
 * measured here. Without compression it is compared with a dictionary: each distinct value once, and a number of as few bits as tell them
 * apart for each row, all values being as long as the average. The rule is our own: Redshift's figures come from encoding a sample in every way.
 */
export function recommend(type: SqlType, encoding: string, sample: ColumnSample): Recommendation {
  if (encoding !== "raw" || type.name === "interval" || sample.bytes === 0) return { encoding, reduction: 0 };
  const bits = Math.ceil(Math.log2(Math.max(2, sample.distinct)));
  const encoded = sample.distinct * (sample.bytes / sample.rows) + (sample.rows * bits) / 8;
  const reduction = Math.round((1 - encoded / sample.bytes) * 10_000) / 100;
  if (reduction <= 0) return { encoding, reduction: 0 };
  return { encoding: az64.has(type.name) ? "az64" : "zstd", reduction };
}
