import { setTimeout } from "node:timers/promises";
import type { Warehouse } from "@millrace/warehouse";
import { loadTiles } from "../tiles/tile.ts";
import { createEventTally, type EventCounts, eventCountsSql } from "./event-counts.ts";
import { countExpired } from "./expired.ts";
import type { Position } from "./position.ts";
import { comparisonPosition, type RecordCounts, type ShardCounts, shardCounts, sumRecords } from "./record-counts.ts";
import { type Skipped, readSkipped } from "./skipped.ts";
import { type ShardTally, tallyOnce } from "./stream-counter.ts";
import { type StreamClient, type StreamSource, streamSource } from "./stream-source.ts";
import { createViewShards, type ViewShard } from "./view-shards.ts";

/** Both equations at one moment. */
export interface Counts {
  readonly records: RecordCounts;
  readonly events: EventCounts;
  /** Records in the stream that the view has not reached; absent when the stream was not read. */
  readonly inFlight?: number;
  readonly perShard: readonly ShardCounts[];
  /** What could not be known, in sentences. */
  readonly notes: readonly string[];
}

/** Before every refresh there ever was. */
export const beginning = "1970-01-01 00:00:00.0";

const attempts = 3;

/**
 * Counts both equations once.
 *
 * The view is asked first, in one transaction; then each shard of the stream is read again from its oldest record up to the
 * position that the view had reached (and on to its end, for what is in flight). So events that arrive meanwhile change nothing.
 * With `verify: false` (default true) the stream is not read: `records.stream`, `records.ok` and `inFlight` are absent.
 * Sides that differ are counted again, up to three times, since what Redshift reports as skipped may come late; the last answer
 * stands. Throws what the warehouse or the stream throws; `onProgress` is told the records read so far.
 */
export async function readCounts(options: {
  readonly warehouse: Warehouse;
  readonly kinesis: StreamClient;
  readonly streamName: string;
  readonly verify?: boolean;
  readonly onProgress?: (recordsRead: number) => void;
  readonly signal?: AbortSignal;
}): Promise<Counts> {
  const { kinesis, streamName, ...rest } = options;
  return countFrom({ ...rest, source: streamSource(kinesis, streamName) });
}

/** {@link readCounts} over any source of the stream's records. `retryDelayMs` (default 1,000) is between two attempts. */
export async function countFrom(options: {
  readonly warehouse: Warehouse;
  readonly source: StreamSource;
  readonly verify?: boolean;
  readonly onProgress?: (recordsRead: number) => void;
  readonly signal?: AbortSignal;
  readonly retryDelayMs?: number;
}): Promise<Counts> {
  const { warehouse, source, verify = true, onProgress, signal, retryDelayMs = 1_000 } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    // Skipped first: what the refresher says it read is then in the view by the time that the view is asked.
    const skipped = await readSkipped(warehouse, signal);
    const { view, events } = await readView(warehouse, signal);
    const notes = skipped.note === undefined ? [] : [skipped.note];
    if (!verify) return answer(unverified(view, skipped), events, notes, false);
    const perShard = await verified({ warehouse, source, view, skipped, onProgress, signal });
    const counts = answer(perShard, events, notes, true);
    if (counts.records.ok === true || attempt === attempts) return counts;
    await setTimeout(retryDelayMs, undefined, signal ? { signal } : {});
  }
}

async function readView(
  warehouse: Warehouse,
  signal: AbortSignal | undefined,
): Promise<{ view: ReadonlyMap<string, ViewShard>; events: EventCounts }> {
  const records = (await loadTiles()).find((tile) => tile.chart === "total");
  if (records === undefined) throw new Error("the tile of the total is missing (tiles/records.sql)");
  const [recordRows, eventRows] = await warehouse.batch([records.sql, eventCountsSql], {
    mode: "TRANSACTION",
    name: "millrace counts",
    parameters: { since: beginning },
    ...(signal && { signal }),
  });
  const shards = createViewShards();
  const tally = createEventTally();
  if (recordRows !== undefined) shards.add(recordRows);
  if (eventRows !== undefined) tally.add(eventRows);
  return { view: shards.read(), events: tally.read() };
}

function unverified(view: ReadonlyMap<string, ViewShard>, skipped: Skipped): ShardCounts[] {
  return [...view].map(([shardId, { rows, position }]) => ({
    shardId,
    position,
    view: rows,
    skipped: skipped.shards.get(shardId)?.rows ?? 0,
    expired: 0,
  }));
}

async function verified(sides: {
  readonly warehouse: Warehouse;
  readonly source: StreamSource;
  readonly view: ReadonlyMap<string, ViewShard>;
  readonly skipped: Skipped;
  readonly onProgress: ((recordsRead: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}): Promise<ShardCounts[]> {
  const { warehouse, source, view, skipped, onProgress, signal } = sides;
  let recordsRead = 0;
  const counted: StreamSource = {
    listShards: () => source.listShards(),
    async read(shardId, after) {
      const read = await source.read(shardId, after);
      onProgress?.((recordsRead += read.positions.length));
      return read;
    },
  };
  const tallies = new Map<string, ShardTally>();
  const firsts = new Map<string, Position>();
  for (const shardId of await source.listShards()) {
    const tally = await tallyOnce(counted, shardId, comparisonPosition(shardId, view, skipped), signal);
    tallies.set(shardId, tally);
    if (tally.first !== undefined && view.has(shardId)) firsts.set(shardId, tally.first);
  }
  const expired = await countExpired(warehouse, firsts, signal);
  return [...new Set([...view.keys(), ...tallies.keys()])].toSorted().map((shardId) =>
    shardCounts({
      shardId,
      position: comparisonPosition(shardId, view, skipped),
      view: view.get(shardId),
      skippedRows: skipped.shards.get(shardId)?.rows ?? 0,
      tally: tallies.get(shardId),
      expired: expired.get(shardId) ?? 0,
    }),
  );
}

function answer(
  perShard: readonly ShardCounts[],
  events: EventCounts,
  notes: readonly string[],
  wasRead: boolean,
): Counts {
  return {
    records: sumRecords(perShard, wasRead),
    events,
    ...(wasRead && { inFlight: perShard.reduce((sum, shard) => sum + (shard.inFlight ?? 0), 0) }),
    perShard,
    notes,
  };
}
