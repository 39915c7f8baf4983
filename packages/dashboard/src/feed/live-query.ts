import type { QueryResult } from "@millrace/warehouse";
import { parameterNames } from "../tiles/tile.ts";
import type { Answer } from "./live-tiles.ts";

/** A statement over new rows, and how far it has read. */
export interface LiveQuery {
  readonly id: string;
  /** `:since` in it stands for the refresh_time after which it reads. */
  readonly sql: string;
  /** At least between two of its runs; 0 for every refresh. */
  readonly everyMs: number;
  /** Rows of this refresh_time and before have been merged; absent: none have. */
  since: string | undefined;
  /** Epoch milliseconds. */
  dueAt: number;
  readonly merge: (result: QueryResult, answer: Answer) => void;
}

/** Rows in the view up to which all statements may read it whole in one transaction. */
const smallView = 200_000;

/**
 * Which of `queries` run now: the first always (it tells how far the view is), the others when they are due. Of those that have to
 * read the whole of a large view, one at a time, so that the page does not wait for all of them.
 */
export function chooseQueries(queries: readonly LiveQuery[], viewRows: number, now: number): readonly LiveQuery[] {
  let wholeLeft = viewRows <= smallView ? Infinity : 1;
  return queries.filter((query, index) => {
    if (index === 0) return true;
    if (query.dueAt > now) return false;
    if (query.since !== undefined) return true;
    wholeLeft -= 1;
    return wholeLeft >= 0;
  });
}

/** The statements as one batch, each with its own `:since`, and the parameters that they use. */
export function batchOf(
  queries: readonly LiveQuery[],
  values: Readonly<Record<string, string>>,
  beginning: string,
): { readonly sqls: readonly string[]; readonly parameters: Readonly<Record<string, string>> } {
  const parameters: Record<string, string> = {};
  const sqls = queries.map((query, index) => {
    if (parameterNames(query.sql).has("since")) parameters[`since_${index}`] = query.since ?? beginning;
    return query.sql.replaceAll(/(?<!:):since\b/g, `:since_${index}`);
  });
  // The Data API refuses a parameter that no statement uses.
  for (const [name, value] of Object.entries(values)) {
    if (sqls.some((sql) => parameterNames(sql).has(name))) parameters[name] = value;
  }
  return { sqls, parameters };
}
