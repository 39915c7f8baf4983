import type { QueryResult } from "@millrace/warehouse";
import { furthest, type Position, toPosition } from "./position.ts";

/** What the streaming view holds of one shard. */
export interface ViewShard {
  readonly rows: number;
  /** The furthest sequence number in the view. */
  readonly position: Position;
}

/** Rows and positions per shard, for rows of refreshes after `:since`: the statement of `tiles/records.sql` gives the same columns. */
export interface ViewShards {
  /** Adds rows `[shard_id, records, last_position, last_refresh]`. */
  add(result: QueryResult): void;
  clear(): void;
  readonly rows: number;
  /** The newest refresh_time as the warehouse wrote it; `undefined` while the view is empty. */
  readonly lastRefresh: string | undefined;
  read(): ReadonlyMap<string, ViewShard>;
}

export function createViewShards(): ViewShards {
  let shards = new Map<string, ViewShard>();
  let lastRefresh: string | undefined;
  return {
    add(result) {
      for (const [shardId, records, lastPosition, refreshTime] of result.rows) {
        const id = String(shardId).trim();
        const known = shards.get(id);
        const position = toPosition(String(lastPosition));
        shards.set(id, {
          rows: (known?.rows ?? 0) + Number(records),
          position: furthest(known?.position, position) ?? position,
        });
        // The warehouse writes 2026-01-02 03:04:05.6 with at least one decimal: as text these sort as times do.
        const refreshed = String(refreshTime);
        if (lastRefresh === undefined || refreshed > lastRefresh) lastRefresh = refreshed;
      }
    },
    clear() {
      shards = new Map();
      lastRefresh = undefined;
    },
    get rows() {
      let rows = 0;
      for (const shard of shards.values()) rows += shard.rows;
      return rows;
    },
    get lastRefresh() {
      return lastRefresh;
    },
    read: () => new Map(shards),
  };
}
