import { hash } from "node:crypto";

/** A range of hash keys, both ends inclusive, as 32 hexadecimal digits: so they compare as text. */
export interface HashKeyRange {
  readonly start: string;
  readonly end: string;
}

const HASH_KEY_COUNT = 1n << 128n;

/** The hash key of a partition key: its MD5. Source: Kinesis API reference, PutRecord. */
export function hashKeyOf(partitionKey: string): string {
  return hash("md5", partitionKey, "hex");
}

/** A decimal hash key as hexadecimal digits, or `undefined` if it is 2^128 or more. */
export function parseHashKey(decimal: string): string | undefined {
  const value = BigInt(decimal);
  return value < HASH_KEY_COUNT ? toHex(value) : undefined;
}

/** Hexadecimal digits as the decimal text the API shows. */
export function formatHashKey(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}

/** Divides all hash keys evenly between `count` shards; what does not divide goes to the last, as AWS does. */
export function divideHashKeys(count: number): HashKeyRange[] {
  const width = HASH_KEY_COUNT / BigInt(count);
  return Array.from({ length: count }, (_, position) => ({
    start: toHex(width * BigInt(position)),
    end: toHex(position === count - 1 ? HASH_KEY_COUNT - 1n : width * BigInt(position + 1) - 1n),
  }));
}

/** The hash key just below another, which must not be 0. */
export function hashKeyBefore(hex: string): string {
  return toHex(BigInt(`0x${hex}`) - 1n);
}

/** The hash key with which the second half of a range of two keys or more begins. */
export function middleHashKey({ start, end }: HashKeyRange): string {
  return toHex((BigInt(`0x${start}`) + BigInt(`0x${end}`) + 1n) / 2n);
}

function toHex(value: bigint): string {
  return value.toString(16).padStart(32, "0");
}
