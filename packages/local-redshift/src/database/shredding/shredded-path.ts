import type { DuckDBConnection } from "@duckdb/node-api";
import type { KeptTexts } from "../../sql/bind-context.ts";
import { eachElement, quoteText, type PathStep, type PathWant } from "../../sql/bound.ts";
import { readRows } from "../duck.ts";

/** What is asked about the value at a path into a SUPER column of a streaming view. */
export interface AskedPath {
  readonly column: string;
  readonly steps: readonly PathStep[];
  readonly want: PathWant;
}

/**
 * A path that is shredded: what is asked of each row stands in a further column of the view's own table in DuckDB, which nobody sees. So
 * whatever is done to the rows is done to it too. See kept-text.ts for what is in it; NULL is a row that was not read yet.
 */
export interface ShreddedPath extends AskedPath {
  /** The name of that column, which no column of the view has. */
  readonly hidden: string;
  /** Every row has it. Only then it may be read. */
  readonly isComplete: boolean;
}

/** The hidden columns that may be read, by view and by {@link pathKey}. */
export type ReadablePaths = ReadonlyMap<number, ReadonlyMap<string, string>>;

/** What identifies a path of a view. */
export const pathKey = ({ column, steps, want }: AskedPath) => JSON.stringify([column, steps, want]);

/** Longest {@link pathKey} that is shredded. */
const maxKeyLength = 500;

/**
 * Whether a path may be shredded: texts and kinds of what is inside of a value or of an array's elements, and the kind of the value itself.
 * Anything else would copy JSON.
 */
function isShreddable(path: AskedPath): boolean {
  const { steps, want } = path;
  if (want === "value" || want === "elements" || pathKey(path).length > maxKeyLength) return false;
  if (steps.filter((step) => step === eachElement).length > 1) return false;
  return want === "kind" || (steps.length > 0 && steps.at(-1) !== eachElement);
}

/** What one statement reads instead of views' JSON; `ask` is told once of each path that is not there and could be. */
export function textsKept(
  readable: ReadablePaths,
  ask: (viewOid: number, path: AskedPath) => void,
): (viewOid: number) => KeptTexts {
  const asked = new Set<string>();
  return (viewOid) => ({
    find(column, steps, want) {
      const path = { column, steps, want };
      const key = pathKey(path);
      const hidden = readable.get(viewOid)?.get(key);
      const name = `${viewOid} ${key}`;
      if (hidden !== undefined || asked.has(name) || !isShreddable(path)) return hidden;
      asked.add(name);
      ask(viewOid, path);
      return undefined;
    },
  });
}

/** Makes the table of shredded paths in a new file. */
export async function createShreddedPathsTable(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    "CREATE TABLE IF NOT EXISTS main.shredded_paths (view_oid BIGINT, path VARCHAR, hidden VARCHAR, complete BOOLEAN)",
  );
}

/** Every view's shredded paths. */
export async function loadShreddedPaths(connection: DuckDBConnection): Promise<Map<number, readonly ShreddedPath[]>> {
  const views = new Map<number, readonly ShreddedPath[]>();
  for (const row of await readRows(connection, "SELECT view_oid, path, hidden, complete FROM main.shredded_paths")) {
    const [oid, key, hidden, isComplete] = row as [bigint, string, string, boolean];
    const [column, steps, want] = JSON.parse(key) as [string, PathStep[], PathWant];
    views.set(Number(oid), [...(views.get(Number(oid)) ?? []), { column, steps, want, hidden, isComplete }]);
  }
  return views;
}

/** Writes new paths, as part of the transaction that makes their columns. */
export async function storeShreddedPaths(
  connection: DuckDBConnection,
  viewOid: number,
  paths: readonly ShreddedPath[],
): Promise<void> {
  const rows = paths.map((path) => `(${viewOid}, ${quoteText(pathKey(path))}, ${quoteText(path.hidden)}, false)`);
  await connection.run(`INSERT INTO main.shredded_paths VALUES ${rows.join(", ")}`);
}

/** Removes a dropped view's paths, as part of the transaction that drops its table. */
export async function forgetShreddedPaths(connection: DuckDBConnection, viewOid: number): Promise<void> {
  await connection.run(`DELETE FROM main.shredded_paths WHERE view_oid = ${viewOid}`);
}
