import { furthest, type Position } from "./position.ts";
import type { Skipped } from "./skipped.ts";
import type { ShardTally } from "./stream-counter.ts";
import type { ViewShard } from "./view-shards.ts";

/** The first equation for one shard, all sides at the same position. */
export interface ShardCounts {
  readonly shardId: string;
  /** The place up to which both sides are counted; absent while the view has nothing of the shard. */
  readonly position?: Position;
  /** Records the stream holds up to `position`; absent when the stream was not read. */
  readonly stream?: number;
  /** Rows of the streaming view. */
  readonly view: number;
  /** Records that Redshift passed over. */
  readonly skipped: number;
  /** Rows of the view whose record the stream no longer holds. */
  readonly expired: number;
  /** Records in the stream after `position`, as far as it was read: confirmed to a producer, not yet visible. */
  readonly inFlight?: number;
}

/** The first equation over all shards. */
export interface RecordCounts {
  /** Absent when the stream was not read. */
  readonly stream?: number;
  readonly view: number;
  readonly skipped: number;
  /** Rows of the view from before what the stream still holds; they have nothing to be compared with. */
  readonly expired: number;
  /** `stream = view - expired + skipped`; absent when the stream was not read. */
  readonly ok?: boolean;
}

/**
 * Where a shard's two sides are compared: the furthest that the view holds or that the refresher says it read. A skipped record
 * at the end of a shard is behind the former and not behind the latter.
 */
export function comparisonPosition(
  shardId: string,
  view: ReadonlyMap<string, ViewShard>,
  skipped: Skipped,
): Position | undefined {
  return furthest(view.get(shardId)?.position, skipped.shards.get(shardId)?.position);
}

/** Puts the sides of one shard together. `tally` is absent for a shard that the stream does not know any more: all of it has expired. */
export function shardCounts(sides: {
  readonly shardId: string;
  readonly position: Position | undefined;
  readonly view: ViewShard | undefined;
  readonly skippedRows: number;
  readonly tally: ShardTally | undefined;
  readonly expired: number;
}): ShardCounts {
  const { shardId, position, view, skippedRows, tally, expired } = sides;
  const gone = tally === undefined || tally.first === undefined;
  return {
    shardId,
    ...(position !== undefined && { position }),
    stream: tally?.upTo ?? 0,
    view: view?.rows ?? 0,
    // What was skipped in a shard that has expired is no part of what the stream still holds.
    skipped: gone ? 0 : skippedRows,
    expired: gone ? (view?.rows ?? 0) : expired,
    inFlight: tally?.beyond ?? 0,
  };
}

/** How many records one shard's sides differ by; 0 when they agree or the stream was not read. */
function difference(shard: ShardCounts): number {
  return shard.stream === undefined ? 0 : shard.stream - (shard.view - shard.expired + shard.skipped);
}

/**
 * Adds shards up; `wasRead` tells whether the stream was. It is ok only when every shard agrees by itself: two mistakes do not make
 * an agreement.
 */
export function sumRecords(shards: readonly ShardCounts[], wasRead: boolean): RecordCounts {
  const sum = (pick: (shard: ShardCounts) => number): number => shards.reduce((total, shard) => total + pick(shard), 0);
  return {
    ...(wasRead && { stream: sum((shard) => shard.stream ?? 0) }),
    view: sum((shard) => shard.view),
    skipped: sum((shard) => shard.skipped),
    expired: sum((shard) => shard.expired),
    ...(wasRead && { ok: shards.every((shard) => difference(shard) === 0) }),
  };
}
