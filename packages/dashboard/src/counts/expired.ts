import type { Warehouse } from "@millrace/warehouse";
import type { Position } from "./position.ts";

/**
 * Rows of the view per shard from before the oldest record that the stream still holds (`first`). Shards without one are left out.
 * One statement; these rows do not change while events flow.
 */
export async function countExpired(
  warehouse: Warehouse,
  firsts: ReadonlyMap<string, Position>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const parameters: Record<string, string> = {};
  const conditions: string[] = [];
  for (const [shardId, first] of firsts) {
    const index = conditions.length;
    parameters[`shard_${index}`] = shardId;
    parameters[`first_${index}`] = first;
    conditions.push(
      `(shard_id = :shard_${index} AND LPAD(sequence_number, 128, '0') < LPAD(:first_${index}, 128, '0'))`,
    );
  }
  if (conditions.length === 0) return new Map();
  const sql = `
SELECT TRIM(shard_id) AS shard_id, COUNT(*) AS expired
FROM millrace.stream_records
WHERE ${conditions.join("\n  OR ")}
GROUP BY TRIM(shard_id)`.trim();
  const result = await warehouse.query(sql, parameters, {
    name: "millrace rows older than the stream",
    ...(signal && { signal }),
  });
  return new Map(result.rows.map(([shardId, expired]) => [String(shardId).trim(), Number(expired)]));
}
