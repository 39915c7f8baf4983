import type { Warehouse } from "@millrace/warehouse";
import { type Position, toPosition } from "./position.ts";

/** What Redshift says it passed over in one shard. */
export interface SkippedShard {
  readonly rows: number;
  /** How far it had read, skipped records included. */
  readonly position: Position;
}

/** Skipped records per shard, or why they are not known. */
export interface Skipped {
  readonly shards: ReadonlyMap<string, SkippedShard>;
  /** Set when the system view could not be read: nothing is taken as skipped then. */
  readonly note?: string;
}

/**
 * SYS_STREAM_SCAN_STATES has one row per scan and shard; its text columns are CHAR and blank-padded, and it shows a user its own
 * scans only, unless that user is a superuser or may read the system log (Redshift developer guide). `partition_id` is taken to be
 * the shard's id: not confirmed on a live view.
 */
export const skippedSql = `
SELECT
  TRIM(partition_id) AS shard_id,
  SUM(skipped_rows) AS skipped,
  MAX(LPAD(TRIM(latest_position), 128, '0')) AS latest_position
FROM sys_stream_scan_states
WHERE TRIM(mv_name) = 'stream_records'
GROUP BY TRIM(partition_id)
`.trim();

/** Reads what was skipped. A failing statement is a note in the answer, not an error. */
export async function readSkipped(warehouse: Warehouse, signal?: AbortSignal): Promise<Skipped> {
  try {
    const result = await warehouse.query(
      skippedSql,
      {},
      { name: "millrace skipped records", ...(signal && { signal }) },
    );
    const shards = new Map<string, SkippedShard>();
    for (const [shardId, rows, position] of result.rows) {
      if (shardId === null || position === null) continue;
      shards.set(String(shardId).trim(), { rows: Number(rows), position: toPosition(String(position)) });
    }
    return { shards };
  } catch (error) {
    signal?.throwIfAborted();
    return { shards: new Map(), note: `skipped records are not known: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
