import type { Warehouse } from "@millrace/warehouse";
import type { RefreshRun } from "./freshness.ts";
import { fromTimestamp } from "./timestamps.ts";

/** Columns of SYS_MV_REFRESH_HISTORY as documented; its text columns are CHAR and blank-padded. */
const runsSql = `
SELECT start_time, end_time
FROM sys_mv_refresh_history
WHERE TRIM(mv_name) = 'stream_records'
  AND end_time >= CAST(:recent_start AS TIMESTAMP)
ORDER BY end_time DESC
LIMIT 1000
`.trim();

/** Refreshes of the streaming view that ended after `recentStart`; `undefined` where the warehouse does not tell. */
export async function readRefreshRuns(
  warehouse: Warehouse,
  recentStart: string,
  signal: AbortSignal,
): Promise<readonly RefreshRun[] | undefined> {
  try {
    const { rows } = await warehouse.query(
      runsSql,
      { recent_start: recentStart },
      { name: "millrace refreshes", signal },
    );
    return rows.map(([start, end]) => ({ startedAt: fromTimestamp(start), endedAt: fromTimestamp(end) }));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
