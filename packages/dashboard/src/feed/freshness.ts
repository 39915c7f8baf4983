/** Records that one refresh loaded, by how long before its start they had arrived. */
export interface RefreshLags {
  /** Epoch milliseconds: start of the refresh. */
  readonly refreshedAt: number;
  /** `[milliseconds from arrival to that start, records]`; negative when they arrived while it ran. */
  readonly lags: readonly (readonly [number, number])[];
  /** Epoch milliseconds at which the page's server had these rows; `undefined` when it was not watching at the time. */
  readonly seenAt: number | undefined;
}

/** A refresh as SYS_MV_REFRESH_HISTORY tells it, epoch milliseconds. */
export interface RefreshRun {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Weighted percentiles, milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

/** How fresh the records of the last minute were. */
export interface Freshness {
  /** From arrival to the commit of the refresh, or to its start where commits are not known. */
  readonly visible: Percentiles | undefined;
  readonly basis: "commit" | "start";
  /** From arrival to the page's server. */
  readonly page: Percentiles | undefined;
  readonly records: number;
}

/** Freshness over the refreshes of the last `lengthMs`. */
export interface FreshnessWindow {
  add(refreshes: readonly RefreshLags[]): void;
  /** Takes the refreshes' ends; may be called with the same ones again. */
  addRuns(runs: readonly RefreshRun[]): void;
  trim(now: number): void;
  read(): Freshness;
}

export function createFreshnessWindow(options: { readonly lengthMs: number }): FreshnessWindow {
  let refreshes: RefreshLags[] = [];
  let runs: RefreshRun[] = [];
  return {
    add(added) {
      const known = new Map(refreshes.map((refresh) => [refresh.refreshedAt, refresh]));
      for (const refresh of added) if (!known.has(refresh.refreshedAt)) refreshes.push(refresh);
    },
    addRuns(added) {
      const known = new Set(runs.map((run) => run.startedAt));
      runs = [...runs, ...added.filter((run) => !known.has(run.startedAt))].toSorted(
        (a, b) => a.startedAt - b.startedAt,
      );
    },
    trim(now) {
      const oldest = now - options.lengthMs;
      refreshes = refreshes.filter((refresh) => refresh.refreshedAt >= oldest);
      runs = runs.filter((run) => run.endedAt >= oldest);
    },
    read() {
      const visible: [number, number][] = [];
      const page: [number, number][] = [];
      const basis = runs.length > 0 ? "commit" : "start";
      let records = 0;
      for (const { refreshedAt, lags, seenAt } of refreshes) {
        const end = basis === "commit" ? endOf(runs, refreshedAt) : refreshedAt;
        for (const [lag, count] of lags) {
          records += count;
          if (end !== undefined) visible.push([Math.max(0, end - refreshedAt + lag), count]);
          if (seenAt !== undefined) page.push([Math.max(0, seenAt - refreshedAt + lag), count]);
        }
      }
      return { visible: percentiles(visible), basis, page: percentiles(page), records };
    },
  };
}

/** Median and 95th percentile of `[value, weight]` pairs; `undefined` without any weight. */
export function percentiles(pairs: readonly (readonly [number, number])[]): Percentiles | undefined {
  const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  if (total === 0) return undefined;
  const at = (share: number): number => {
    let passed = 0;
    for (const [value, weight] of sorted) {
      passed += weight;
      if (passed >= total * share) return value;
    }
    return sorted.at(-1)?.[0] ?? 0;
  };
  return { p50: at(0.5), p95: at(0.95) };
}

// Whether refresh_time equals start_time to the microsecond is not documented: the run that spans it is taken.
function endOf(runs: readonly RefreshRun[], refreshedAt: number): number | undefined {
  return runs.find((run) => run.startedAt <= refreshedAt && refreshedAt <= run.endedAt)?.endedAt;
}
