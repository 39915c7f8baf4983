import type { QueryResult } from "@millrace/warehouse";
import { createEventTally, type EventCounts } from "../counts/event-counts.ts";
import { createViewShards, type ViewShard } from "../counts/view-shards.ts";
import type { Chart, Tile } from "../tiles/tile.ts";
import { createEventWindow, type SecondCount } from "./event-window.ts";
import { createFreshnessWindow, type RefreshLags, type RefreshRun } from "./freshness.ts";
import { createLabelSums, type LabelSums } from "./label-sums.ts";
import type { LatestEvent, TileState } from "./page-state.ts";
import { fromTimestamp } from "./timestamps.ts";

const latestEvents = 10;
const rateSeconds = 10;
const freshnessMs = 60_000;
/** Rows of a tile of sums that the page shows. */
const shownRows: Partial<Record<Chart, number>> = { bars: 8, quarantine: 8, statuses: 40 };

/** How an answer stands to what was known before it. */
export interface Answer {
  /** It holds all rows, and replaces what was known. */
  readonly isWhole: boolean;
  /** Epoch milliseconds. */
  readonly answeredAt: number;
  /** The answer before this one was so recent that what is new in this one has only just become visible. */
  readonly isContinuous: boolean;
}

/** What the server remembers of the rows it has seen, so that each is read once; it does not grow with the view. */
export interface LiveTiles {
  merge(tile: Tile, result: QueryResult, answer: Answer): void;
  mergeEventCounts(result: QueryResult, answer: Answer): void;
  addRuns(runs: readonly RefreshRun[]): void;
  /** The newest refresh_time that was merged, as the warehouse wrote it. */
  readonly lastRefresh: string | undefined;
  /** Rows of the streaming view. */
  readonly records: number;
  readonly shards: ReadonlyMap<string, ViewShard>;
  readonly events: EventCounts;
  /**
   * What a tile shows. A `change` may leave out what the change before it had; a `snapshot` has everything.
   */
  content(tile: Tile, now: number, kind: "snapshot" | "change"): NonNullable<TileState["content"]>;
}

export function createLiveTiles(options: {
  readonly windowSeconds: number;
  readonly knownNames: readonly string[];
}): LiveTiles {
  const { windowSeconds, knownNames } = options;
  const shards = createViewShards();
  const tally = createEventTally();
  const window = createEventWindow({ lengthSeconds: windowSeconds, knownNames });
  const freshness = createFreshnessWindow({ lengthMs: freshnessMs });
  const sums = new Map<string, LabelSums>();
  let latest: readonly LatestEvent[] = [];
  let changedSeconds = new Set<number>();
  let wasReset = true;

  function sumsOf(tile: Tile): LabelSums {
    let known = sums.get(tile.id);
    if (known === undefined) sums.set(tile.id, (known = createLabelSums()));
    return known;
  }

  function mergeSeries(result: QueryResult, { isWhole, answeredAt }: Answer): void {
    if (isWhole) {
      window.clear();
      wasReset = true;
    }
    const counts = secondCounts(result);
    window.add(counts);
    window.trim(Math.floor(answeredAt / 1000));
    for (const { second } of counts) changedSeconds.add(second);
  }

  function series(now: number, kind: "snapshot" | "change") {
    const isWhole = kind === "snapshot" || wasReset;
    const content = {
      reset: isWhole,
      ...window.slice(isWhole ? undefined : changedSeconds),
      through: settledThrough(window.newest, now),
    };
    if (kind === "change") {
      changedSeconds = new Set();
      wasReset = false;
    }
    return content;
  }

  function total(now: number) {
    const { typed, quarantined } = tally.read();
    const through = settledThrough(window.newest, now);
    return {
      records: shards.rows,
      events: typed.activity + typed.web_requests,
      families: Object.entries(typed).map(([name, events]) => ({ name, events })),
      quarantined,
      perSecond: window.sum(through - rateSeconds + 1, through + 1) / rateSeconds,
    };
  }

  return {
    merge(tile, result, answer) {
      switch (tile.chart) {
        case "total":
          if (answer.isWhole) shards.clear();
          return shards.add(result);
        case "series":
          return mergeSeries(result, answer);
        case "freshness":
          freshness.add(refreshLags(result, answer.isContinuous && !answer.isWhole ? answer.answeredAt : undefined));
          return freshness.trim(answer.answeredAt);
        case "events":
          latest = [...latestRows(result), ...(answer.isWhole ? [] : latest)]
            .toSorted((a, b) => b.at - a.at)
            .slice(0, latestEvents);
          return;
        default:
          if (answer.isWhole) sumsOf(tile).clear();
          return sumsOf(tile).add(result);
      }
    },
    mergeEventCounts(result, { isWhole }) {
      if (isWhole) tally.clear();
      tally.add(result);
    },
    addRuns: (runs) => freshness.addRuns(runs),
    get lastRefresh() {
      return shards.lastRefresh;
    },
    get records() {
      return shards.rows;
    },
    get shards() {
      return shards.read();
    },
    get events() {
      return tally.read();
    },
    content(tile, now, kind) {
      switch (tile.chart) {
        case "total":
          return total(now);
        case "series":
          return series(now, kind);
        case "freshness":
          freshness.trim(now);
          return freshness.read();
        case "events":
          return { latest };
        default:
          return sumsOf(tile).top(shownRows[tile.chart] ?? 8);
      }
    },
  };
}

/**
 * The newest second that is over and whose events are visible: the one before the newest with events while they flow, and
 * three seconds ago at the latest when nothing arrives.
 */
export function settledThrough(newest: number | undefined, now: number): number {
  const quiet = Math.floor(now / 1000) - 3;
  return newest === undefined ? quiet : Math.max(quiet, newest - 1);
}

function secondCounts(result: QueryResult): SecondCount[] {
  return result.rows.flatMap(([name, arrivalSecond, events]) => {
    const second = fromTimestamp(arrivalSecond) / 1000;
    return Number.isNaN(second) ? [] : [{ name: String(name), second: Math.floor(second), events: Number(events) }];
  });
}

function refreshLags(result: QueryResult, seenAt: number | undefined): RefreshLags[] {
  const byRefresh = new Map<number, [number, number][]>();
  for (const [refreshTime, lagMs, records] of result.rows) {
    const refreshedAt = fromTimestamp(refreshTime);
    if (Number.isNaN(refreshedAt)) continue;
    const lags = byRefresh.get(refreshedAt) ?? [];
    lags.push([Number(lagMs), Number(records)]);
    byRefresh.set(refreshedAt, lags);
  }
  return [...byRefresh].map(([refreshedAt, lags]) => ({ refreshedAt, lags, seenAt }));
}

function latestRows(result: QueryResult): LatestEvent[] {
  return result.rows.map(([at, name, user, path, status]) => ({
    at: fromTimestamp(at),
    name: String(name),
    user: String(user),
    path: path == null ? null : String(path),
    status: status == null ? null : Number(status),
  }));
}
