/**
 * What a sequence number says. The layout of its 188 bits is that of AWS's version 2 numbers, as kinesalite found it
 * (mhart/kinesalite:db/index.js): `2`, shard creation second, shard nibble, index, a zero byte, arrival second, shard
 * index, `2`. As a decimal it has 56 digits and starts with 49, grows along a shard, and carries the time.
 */
export interface SequenceNumber {
  /** Second the shard was created, since the epoch; tells the shards of one stream from those of its successor. */
  readonly createdSecond: number;
  /** The number in the shard's id. */
  readonly shardIndex: number;
  /** Position in the shard: 0 is the shard's start, records count from 1. {@link LAST_INDEX} is read as the greatest safe integer. */
  readonly index: number;
  /** Second of arrival, since the epoch. */
  readonly arrivedSecond: number;
}

/** The index in the ending number of a closed shard. Source: kinesalite's tests. */
export const LAST_INDEX = 2n ** 63n - 1n;

const VERSION = 2n;
const SHARD_SHIFT = 4n;
const ARRIVED_SHIFT = 36n;
const INDEX_SHIFT = 80n;
const NIBBLE_SHIFT = 144n;
const CREATED_SHIFT = 148n;
const LEAD_SHIFT = 184n;
const PATTERN = /^[1-9]\d{55}$/;

/** The decimal text of a sequence number. */
export function formatSequenceNumber(parts: SequenceNumber): string {
  const sequencer = createSequencer(parts.createdSecond, parts.shardIndex);
  return sequencer(parts.index, parts.arrivedSecond * 1000);
}

/** A function from a record's index and arrival (epoch ms) to its sequence number, for one shard. */
export function createSequencer(
  createdSecond: number,
  shardIndex: number,
): (index: number | bigint, arrivedAt: number) => string {
  const shardPart =
    (VERSION << LEAD_SHIFT) |
    (BigInt(createdSecond) << CREATED_SHIFT) |
    (BigInt(shardIndex % 16) << NIBBLE_SHIFT) |
    (BigInt(shardIndex) << SHARD_SHIFT) |
    VERSION;
  let second = -1;
  let prefix = 0n;
  return (index, arrivedAt) => {
    const arrivedSecond = Math.max(createdSecond, Math.floor(arrivedAt / 1000));
    if (arrivedSecond !== second) {
      second = arrivedSecond;
      prefix = shardPart | (BigInt(second) << ARRIVED_SHIFT);
    }
    return (prefix + (BigInt(index) << INDEX_SHIFT)).toString();
  };
}

/** Reads a sequence number, or `undefined` if the text is none that this stand-in could have given. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  if (!PATTERN.test(text)) return undefined;
  const value = BigInt(text);
  const bits = (shift: bigint, width: bigint): number => Number((value >> shift) & ((1n << width) - 1n));
  if (bits(LEAD_SHIFT, 4n) !== 2 || bits(0n, 4n) !== 2) return undefined;
  const index = Math.min(bits(INDEX_SHIFT, 64n), Number.MAX_SAFE_INTEGER);
  const shardIndex = bits(SHARD_SHIFT, 32n);
  if (bits(NIBBLE_SHIFT, 4n) !== shardIndex % 16) return undefined;
  return {
    createdSecond: bits(CREATED_SHIFT, 36n),
    shardIndex,
    index,
    arrivedSecond: bits(ARRIVED_SHIFT, 36n),
  };
}
