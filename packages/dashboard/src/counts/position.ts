/**
 * A place in a shard: a sequence number without leading zeros, which are decimal digits of any length (AWS writes 56).
 * As numbers they exceed DECIMAL(38) and `Number`, so they are compared as text.
 */
export type Position = string;

/** Takes the padding off a sequence number as SQL's `LPAD(sequence_number, 128, '0')` gives it. */
export function toPosition(padded: string): Position {
  return padded.trim().replace(/^0+(?=\d)/, "");
}

/** Negative when `a` comes before `b` in its shard, 0 when they are the same place, positive otherwise. */
export function comparePositions(a: Position, b: Position): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The further of two positions; `undefined` is before everything. */
export function furthest(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return comparePositions(a, b) >= 0 ? a : b;
}

/** How many of `sorted` (ascending positions of one shard) are at or before `position`. */
export function countUpTo(sorted: readonly Position[], position: Position): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePositions(sorted[middle] as Position, position) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
