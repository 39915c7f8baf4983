/** How a refresh went, for SYS_MV_REFRESH_HISTORY. Source of the texts: Database Developer Guide, r_SVL_MV_REFRESH_STATUS. */
export interface RefreshRun {
  readonly viewOid: number;
  readonly user: string;
  readonly pid: number;
  readonly type: "Manual" | "Auto";
  readonly status: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly transactionId: number;
  readonly shards: readonly ShardScan[];
}

/** What a refresh read of one shard, for SYS_STREAM_SCAN_STATES. */
export interface ShardScan {
  readonly shardId: string;
  readonly position: string;
  readonly rows: number;
  readonly skipped: number;
  readonly bytes: number;
  /** Epoch milliseconds of the first and the last record. */
  readonly firstArrival: number;
  readonly lastArrival: number;
}

/** Runs that are remembered; sums over all time are kept with the positions. */
const rememberedRuns = 1_000;

/** The latest refreshes, oldest first. They are kept in memory, so a restart forgets them. */
export class RefreshHistory {
  #runs: RefreshRun[] = [];

  add(run: RefreshRun): void {
    this.#runs.push(run);
    if (this.#runs.length >= rememberedRuns * 2) this.#runs = this.#runs.slice(-rememberedRuns);
  }

  get runs(): readonly RefreshRun[] {
    return this.#runs.slice(-rememberedRuns);
  }
}

/** Texts of the status, in Redshift's words. */
export const refreshStatus = {
  incremental: "Refresh successfully updated MV incrementally",
  noData: "Refresh successfully updated MV incrementally. Stream returned no new data",
  someSkipped: "Refresh successfully updated MV incrementally. Some stream records were skipped",
  allSkipped: "Refresh successfully updated MV incrementally. All records received from the stream were skipped",
  more: "Refresh successfully updated MV incrementally. The stream may contain more data",
  recomputed: "Refresh successfully recomputed MV from scratch",
  current: "MV was already updated",
  failed: "Refresh failed due to an internal error",
} as const;
