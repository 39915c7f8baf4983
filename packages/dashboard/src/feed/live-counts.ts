import type { Warehouse } from "@millrace/warehouse";
import { countExpired } from "../counts/expired.ts";
import { comparePositions, type Position } from "../counts/position.ts";
import { comparisonPosition, type ShardCounts, shardCounts, sumRecords } from "../counts/record-counts.ts";
import type { Skipped } from "../counts/skipped.ts";
import type { StreamCounter, ShardTally } from "../counts/stream-counter.ts";
import type { ViewShard } from "../counts/view-shards.ts";
import type { CountsState } from "./page-state.ts";

/** The view's side at one moment, all of it from one snapshot of the warehouse. */
export interface ViewObservation {
  readonly shards: ReadonlyMap<string, ViewShard>;
  readonly skipped: Skipped;
}

/** The records' equation, kept up while events flow. */
export interface LiveCounts {
  /** Counts the stream up to the positions of `observation`, and compares. Never two at a time. */
  verify(observation: ViewObservation, signal?: AbortSignal): Promise<void>;
  read(): Pick<CountsState, "phase" | "records" | "inFlight" | "perShard" | "notes">;
}

/** Shards read at the same time: a page of GetRecords may be 10 MB. */
const shardsAtOnce = 4;

/**
 * Compares each shard at a position that both sides reached, so a shard that is ahead or behind cannot look like a loss.
 * Sides that differ are `settling` until they have differed for `settleMs` (default 15,000): what Redshift reports as skipped
 * follows the refresh by an unknown time.
 */
export function createLiveCounts(options: {
  readonly counter: StreamCounter;
  readonly warehouse: Warehouse;
  readonly now: () => number;
  readonly settleMs?: number;
}): LiveCounts {
  const { counter, warehouse, now, settleMs = 15_000 } = options;
  const reached = new Map<string, Position>();
  const expired = new Map<string, number>();
  let perShard: readonly ShardCounts[] | undefined;
  let notes: readonly string[] = [];
  let differsSince: number | undefined;

  async function tallyShard(shardId: string, observation: ViewObservation, signal?: AbortSignal): Promise<ShardTally> {
    const position = comparisonPosition(shardId, observation.shards, observation.skipped);
    const before = reached.get(shardId);
    const wentBack = before !== undefined && (position === undefined || comparePositions(position, before) < 0);
    if (wentBack) {
      // The view was made anew: so is the count.
      counter.forget(shardId);
      reached.delete(shardId);
      expired.delete(shardId);
    }
    if (position !== undefined) reached.set(shardId, position);
    return counter.tally(shardId, position, signal);
  }

  async function countNewlyExpired(tallies: ReadonlyMap<string, ShardTally>, observation: ViewObservation) {
    const firsts = new Map<string, Position>();
    for (const [shardId, { first }] of tallies) {
      if (first !== undefined && observation.shards.has(shardId) && !expired.has(shardId)) firsts.set(shardId, first);
    }
    if (firsts.size === 0) return;
    const counted = await countExpired(warehouse, firsts);
    for (const shardId of firsts.keys()) expired.set(shardId, counted.get(shardId) ?? 0);
  }

  return {
    async verify(observation, signal) {
      const { shards, skipped } = observation;
      const tallies = new Map<string, ShardTally>();
      const waiting = [...(await counter.listShards())];
      const worker = async (): Promise<void> => {
        for (let shardId = waiting.shift(); shardId !== undefined; shardId = waiting.shift()) {
          tallies.set(shardId, await tallyShard(shardId, observation, signal));
        }
      };
      await Promise.all(Array.from({ length: shardsAtOnce }, worker));
      await countNewlyExpired(tallies, observation);
      perShard = [...new Set([...shards.keys(), ...tallies.keys()])].toSorted().map((shardId) =>
        shardCounts({
          shardId,
          position: comparisonPosition(shardId, shards, skipped),
          view: shards.get(shardId),
          skippedRows: skipped.shards.get(shardId)?.rows ?? 0,
          tally: tallies.get(shardId),
          expired: expired.get(shardId) ?? 0,
        }),
      );
      notes = skipped.note === undefined ? [] : [skipped.note];
      if (sumRecords(perShard, true).ok === true) differsSince = undefined;
      else differsSince ??= now();
    },

    read() {
      if (perShard === undefined) return { phase: "reading", perShard: [], notes };
      return {
        phase: differsSince === undefined ? "ok" : now() - differsSince < settleMs ? "settling" : "different",
        records: sumRecords(perShard, true),
        inFlight: perShard.reduce((sum, shard) => sum + (shard.inFlight ?? 0), 0),
        perShard,
        notes,
      };
    },
  };
}
