import type { Warehouse } from "@millrace/warehouse";
import { eventCountsSql } from "../counts/event-counts.ts";
import { beginning } from "../counts/read-counts.ts";
import { readSkipped, type Skipped } from "../counts/skipped.ts";
import type { StreamCounter } from "../counts/stream-counter.ts";
import type { Tile } from "../tiles/tile.ts";
import { createLiveCounts } from "./live-counts.ts";
import { batchOf, chooseQueries, type LiveQuery } from "./live-query.ts";
import { createLiveTiles } from "./live-tiles.ts";
import type { CountsState, PageChange, PageConfig, PageSnapshot, TileState } from "./page-state.ts";
import { explainProblem } from "./problem.ts";
import { readRefreshRuns } from "./refresh-runs.ts";
import { createSleeper } from "./sleeper.ts";
import { toTimestamp } from "./timestamps.ts";

/** Queries of the page, run once for all viewers. */
export interface LiveFeed {
  /** Tells how many people watch; the first one starts a refresh at once. */
  setViewers(count: number): void;
  /** All that is known now. */
  snapshot(): PageSnapshot;
  /** Ends both loops and waits for what they are doing. */
  close(): Promise<void>;
}

/** Length of the moving chart, and of what is remembered for it. */
const windowSeconds = 180;
const recentMs = 60_000;
const statementName = "millrace page";

/** How the feed shares the Data API's rates with everybody else; milliseconds. */
export interface FeedPace {
  /** Between the starts of two refreshes while somebody watches. */
  readonly refreshMs: number;
  /** Between two refreshes while nobody does. */
  readonly idleMs: number;
  /** At least between two runs of a tile of sums, of the check of the total, of the skipped records and of the refreshes' history. */
  readonly slowMs: number;
  /** Between two comparisons with the stream. */
  readonly countMs: number;
}

/**
 * Starts two loops. One refreshes: the tiles and the event counts, over new rows, in one transaction; then, when due, one statement
 * to a system view. The other compares with the stream. Neither overlaps itself, and the second runs only while somebody watches.
 *
 * At `refreshMs` 500 and `slowMs` 2,000 that is at most 2 BatchExecuteStatement, 1 ExecuteStatement and 14 GetStatementResult a
 * second; the account has 20, 30 and 20 (Redshift management guide, quotas of the Data API).
 *
 * New rows are those with a later refresh_time than any before: refreshes of one view follow each other, and a refresh's rows appear
 * together. Should that ever miss any, the view's number of rows differs from the sum, and all is read anew.
 */
export function startLiveFeed(options: {
  readonly warehouse: Warehouse;
  readonly counter: StreamCounter;
  readonly tiles: readonly Tile[];
  readonly stage: string;
  readonly streamName: string;
  readonly knownNames: readonly string[];
  readonly pace: FeedPace;
  readonly onChange: (change: PageChange) => void;
  readonly confirmed?: () => number;
  readonly recordsRead: () => number;
  readonly now?: () => number;
  readonly log?: (line: string) => void;
}): LiveFeed {
  const { warehouse, counter, tiles, stage, streamName, knownNames, pace, onChange, now = Date.now, log } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  const live = createLiveTiles({ windowSeconds, knownNames });
  const liveCounts = createLiveCounts({ counter, warehouse, now });
  const queries = liveQueries();
  const answered = new Set<string>();
  const changed = new Set<string>();
  const errors = new Map<string, string>();
  const refreshSleep = createSleeper(signal);
  const countSleep = createSleeper(signal);
  let skipped: Skipped | undefined;
  let nextSkipped: Skipped | undefined;
  let skippedDueAt = 0;
  let runsDueAt = 0;
  let viewers = 0;
  let lastAnswerAt = -Infinity;
  let problem: string | null = null;
  let countsError: string | undefined;
  let checkedRows: number | undefined;

  const config: PageConfig = {
    stage,
    streamName,
    refreshMs: pace.refreshMs,
    windowSeconds,
    knownNames,
    tiles: tiles.map(({ id, title, chart }) => ({ id, title, chart })),
  };

  function liveQueries(): readonly LiveQuery[] {
    const fast = new Set(["total", "series", "freshness", "events"]);
    const ofTiles = tiles.map((tile): LiveQuery => ({
      id: tile.id,
      sql: tile.sql,
      everyMs: fast.has(tile.chart) ? 0 : pace.slowMs,
      since: undefined,
      dueAt: 0,
      merge: (result, answer) => live.merge(tile, result, answer),
    }));
    const total = tiles.findIndex((tile) => tile.chart === "total");
    const [records] = ofTiles.splice(total, 1);
    if (total < 0 || records === undefined) throw new Error("a tile of chart total is missing (tiles)");
    const counts: LiveQuery = {
      id: "counts",
      sql: eventCountsSql,
      everyMs: 0,
      since: undefined,
      dueAt: 0,
      merge: (result, answer) => live.mergeEventCounts(result, answer),
    };
    const check: LiveQuery = {
      id: "check",
      sql: "SELECT COUNT(*) AS records FROM millrace.stream_records",
      everyMs: pace.slowMs,
      since: undefined,
      dueAt: 0,
      merge: (result) => (checkedRows = Number(result.rows[0]?.[0])),
    };
    return [
      records,
      counts,
      ...ofTiles.filter(({ everyMs }) => everyMs === 0),
      check,
      ...ofTiles.filter(({ everyMs }) => everyMs > 0),
    ];
  }

  async function refreshLive(): Promise<void> {
    const chosen = chooseQueries(queries, live.records, now());
    const askedAt = now();
    const { sqls, parameters } = batchOf(
      chosen,
      { window_start: toTimestamp(askedAt - windowSeconds * 1000), recent_start: toTimestamp(askedAt - recentMs) },
      beginning,
    );
    let results;
    try {
      results = await warehouse.batch(sqls, { mode: "TRANSACTION", name: statementName, signal, parameters });
    } catch (error) {
      setAside(chosen, error);
      throw error;
    }
    const answeredAt = now();
    const isContinuous = askedAt - lastAnswerAt < 2 * pace.refreshMs + 250;
    lastAnswerAt = answeredAt;
    // What the refresher says it read is in the view of a later answer, not of the one before.
    if (skipped === undefined && nextSkipped !== undefined) countSleep.wake();
    skipped = nextSkipped ?? skipped;
    chosen.forEach((query, index) => {
      const result = results[index];
      if (result === undefined) return;
      query.merge(result, { isWhole: query.since === undefined, answeredAt, isContinuous });
      query.dueAt = answeredAt + query.everyMs;
      answered.add(query.id);
      changed.add(query.id);
      errors.delete(query.id);
    });
    for (const query of chosen) query.since = live.lastRefresh;
    if (checkedRows !== undefined && checkedRows !== live.records) {
      log?.(`page: ${live.records} rows were read one by one and the view has ${checkedRows}: reading it anew`);
      for (const query of queries) query.since = undefined;
    }
    checkedRows = undefined;
  }

  /** A statement that failed waits, so that the next refresh has the others. */
  function setAside(chosen: readonly LiveQuery[], error: unknown): void {
    const index = (error as { statementIndex?: number }).statementIndex ?? 0;
    const failed = chosen[index];
    if (index === 0 || failed === undefined) return;
    failed.dueAt = now() + 5 * pace.slowMs;
    errors.set(failed.id, explainProblem(error));
    changed.add(failed.id);
  }

  async function refreshSystem(): Promise<void> {
    if (skippedDueAt <= now()) {
      nextSkipped = await readSkipped(warehouse, signal);
      skippedDueAt = now() + (nextSkipped.note === undefined ? 2 : 10) * pace.slowMs;
    } else if (runsDueAt <= now()) {
      const runs = await readRefreshRuns(warehouse, toTimestamp(now() - recentMs), signal);
      if (runs !== undefined) live.addRuns(runs);
      runsDueAt = now() + (runs === undefined ? 10 : 2) * pace.slowMs;
    }
  }

  /** The total stands on two answers. */
  function isAnswered(tile: Tile): boolean {
    return answered.has(tile.id) && (tile.chart !== "total" || answered.has("counts"));
  }

  function tileStates(kind: "snapshot" | "change"): Record<string, TileState> {
    const states: Record<string, TileState> = {};
    for (const tile of tiles) {
      if (kind === "change" && !changed.has(tile.id)) continue;
      const error = errors.get(tile.id);
      states[tile.id] = {
        ...(isAnswered(tile) && { content: live.content(tile, now(), kind) }),
        ...(error !== undefined && { error }),
      };
    }
    if (kind === "change") changed.clear();
    return states;
  }

  function countsState(): CountsState {
    const { confirmed, recordsRead } = options;
    const error = errors.get("counts") ?? countsError;
    return {
      ...liveCounts.read(),
      recordsRead: recordsRead(),
      ...(answered.has("counts") && { events: live.events }),
      ...(confirmed !== undefined && { confirmed: confirmed() }),
      ...(error !== undefined && { error }),
    };
  }

  function changeOf(kind: "snapshot" | "change"): PageChange {
    return {
      sentAt: now(),
      tiles: tileStates(kind),
      counts: countsState(),
      problem,
      ...(answered.size > 0 && { isEmpty: live.records === 0 }),
    };
  }

  async function refresh(): Promise<void> {
    try {
      await refreshLive();
      problem = null;
      await refreshSystem();
    } catch (error) {
      if (signal.aborted) return;
      const text = explainProblem(error);
      if (text !== problem) log?.(`page: ${text}`);
      const isOneTile = ((error as { statementIndex?: number }).statementIndex ?? 0) > 0;
      problem = isOneTile ? problem : text;
    }
    try {
      const change = changeOf("change");
      if (viewers > 0) onChange(change);
    } catch (error) {
      // One answer that cannot be shown must not end the loop, and with it the process.
      log?.(`page: ${explainProblem(error)}`);
    }
  }

  async function refreshForever(): Promise<void> {
    while (!signal.aborted) {
      const startedAt = now();
      await refresh();
      const interval = viewers === 0 ? pace.idleMs : problem === null ? pace.refreshMs : 4 * pace.refreshMs;
      await refreshSleep.sleep(interval - (now() - startedAt));
    }
  }

  async function countForever(): Promise<void> {
    while (!signal.aborted) {
      if (viewers > 0 && skipped !== undefined && answered.size > 0 && problem === null) {
        try {
          await liveCounts.verify({ shards: live.shards, skipped }, signal);
          countsError = undefined;
        } catch (error) {
          if (signal.aborted) return;
          countsError = `The stream cannot be read: ${explainProblem(error)}`;
        }
      }
      await countSleep.sleep(pace.countMs);
    }
  }

  const loops = [refreshForever(), countForever()];
  return {
    setViewers(count) {
      const isFirst = viewers === 0 && count > 0;
      viewers = count;
      if (!isFirst) return;
      refreshSleep.wake();
      countSleep.wake();
    },
    snapshot: () => ({ config, ...changeOf("snapshot") }),
    async close() {
      stopped.abort();
      await Promise.all(loops);
    },
  };
}
