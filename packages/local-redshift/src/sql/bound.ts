import type { SqlType } from "./sql-type.ts";
import type { ZonedTime } from "./values/read-moment.ts";

/** An expression whose names are resolved and whose type is known, as DuckDB text. */
export interface Bound {
  /** Evaluates to the DuckDB type of `type`; of an `unknown` it is a string literal or NULL. */
  readonly sql: string;
  readonly type: SqlType;
  /** The text of a constant that was written as a string or number; `null` for NULL. */
  readonly constant?: string | null;
  /** What a literal of TIMETZ says, before it became a time of day in UTC. */
  readonly zoned?: ZonedTime;
  /** Where a SUPER value comes from, so that a path into it can be read at once. */
  readonly path?: SuperPath;
  /** A SUPER value whose casts fail where they would give NULL: `cast_super_null_on_error` is off. */
  readonly isStrict?: boolean;
  /** The column that this is, when it is one and nothing else. */
  readonly origin?: ColumnOrigin;
  /** DuckDB text of what JSON_PARSE and CAN_JSON_PARSE give, for bytes whose JSON was read on arrival. */
  readonly parsed?: { readonly value: string; readonly valid: string };
  /** The expression is JSON_TYPEOF of something: DuckDB's word for that type, and the text that stands for NULL. */
  readonly typeOf?: { readonly kind: string; readonly missing?: string };
  /** The name that an unnamed item of a select list gets; absent means `?column?`. */
  readonly label?: string;
}

/** A step to every element of an array at once. Only a relation can keep what lies behind it: there is no text that reads it. */
export const eachElement = null;

/** A step into a SUPER value: the name of an attribute, a place in an array, or {@link eachElement}. */
export type PathStep = string | number | typeof eachElement;

/** A place inside a SUPER value: steps into the value of `root`. */
export interface SuperPath {
  readonly root: string;
  readonly steps: readonly PathStep[];
  /** The relation that `root` is a column of; it may keep what the path leads to. */
  readonly source?: { readonly relation: PathSource; readonly column: number };
}

/**
 * What may be asked about the value at a path: its JSON, DuckDB's word for its type, its text, its text unless it is an object or an
 * array, or its elements as a list of DuckDB (none of what is no array).
 */
export type PathWant = "text" | "kind" | "value" | "scalar" | "elements";

/** A relation that may already hold what a path leads to, so that no JSON need be read. */
export interface PathSource {
  /** The query makes the relation's SUPER values, as it does elements of an array: paths into them are best read where they are made. */
  readonly isMadeHere?: true;
  /** Whether the answer of {@link PathSource.takePath} is more than what reading the JSON here would be. */
  keepsPath(column: number, steps: readonly PathStep[], want: PathWant): boolean;
  /**
   * DuckDB text of what was asked for. Behind {@link eachElement} it is a list of DuckDB with a cell (see kept-text.ts) for each element,
   * in order; none for what is no array.
   */
  takePath(column: number, steps: readonly PathStep[], want: PathWant): string;
}

/** What result metadata tells about where a column comes from. */
export interface ColumnOrigin {
  readonly schema: string;
  readonly table: string;
  readonly nullable: boolean;
}

/** A column that a query or relation offers. */
export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly origin?: ColumnOrigin;
  /** The relation of a column that the user may not read; `*` leaves it out. */
  readonly denied?: string;
  /** Expressions over the relation for {@link Bound.parsed}, given the relation's name in DuckDB's text. */
  readonly parsed?: (relation: string) => { readonly value: string; readonly valid: string };
}

/** A DuckDB string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A DuckDB identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
