import { setTimeout as wait } from "node:timers/promises";

/**
 * Holds the reads of each shard to a rate. As many as a second takes may come at once; who comes later waits for its turn, so that
 * several views of one stream share its shards in order.
 */
export function createReadRate(perSecond: number, signal: AbortSignal): (shard: string) => Promise<void> {
  const intervalMs = 1_000 / perSecond;
  const turns = new Map<string, number>();
  return async (shard) => {
    const now = performance.now();
    const turn = Math.max(turns.get(shard) ?? 0, now - (perSecond - 1) * intervalMs);
    turns.set(shard, turn + intervalMs);
    if (turn > now) await wait(turn - now, undefined, { signal });
  };
}
