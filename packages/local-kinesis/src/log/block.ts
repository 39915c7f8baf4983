import { crc32 } from "node:zlib";
import { createBufferPool } from "@millrace/local-wire";
import { blobLength, writeBlob } from "../records/blob.ts";
import type { BlobInput } from "../records/blob.ts";
import type { Extent } from "./segment-files.ts";

/**
 * How records lie on disk: those of one shard that one transaction committed are a block. Its bytes are in a segment file, its entry
 * is in the index.
 *
 * Key of the entry, 16 bytes: stream id (u32), shard index (u32), index of the block's first record (u64).
 * Entry: version 2 (u8), record count (u32), arrival of all of them (epoch ms, f64), then where its bytes lie: segment (u32), offset (u48),
 * length (u32), CRC-32 (u32). Version 3 has only the first three: its records have expired, its bytes are gone. In version 1, which is
 * read but no longer written, the bytes follow the first three.
 * Bytes: per record the length of its data (u32), the length of its partition key (u16), the partition key (UTF-8) and the data.
 * All numbers are big-endian.
 */
const INLINE_VERSION = 1;
const VERSION = 2;
const EXPIRED_VERSION = 3;
const HEADER_BYTES = 13;
const ENTRY_BYTES = HEADER_BYTES + 18;
const RECORD_HEADER_BYTES = 6;
const TWO_32 = 2 ** 32;

/** Where a block grows no further. A record above it is a block of its own. */
export const MAX_BLOCK_BYTES = 256 * 1024;

/** A record that is to be stored. */
export interface RecordDraft {
  /** Empty for a record without one: no request brings an empty key. */
  readonly partitionKey: string;
  readonly data: BlobInput;
}

/** Encoded records that a block takes up as they are. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly count: number;
  /** The buffer of a pool that the bytes lie in. */
  readonly pooled?: Buffer;
}

/** For chunks that are too large for Node's own pool. */
const pool = createBufferPool({ bufferBytes: MAX_BLOCK_BYTES, most: 32 });
const MIN_POOLED_BYTES = 16 * 1024;

/** A record as read. `data` is a view into its block. */
export interface LoggedRecord {
  readonly index: number;
  /** Epoch ms. */
  readonly arrivedAt: number;
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** A record where it lies in its block: the key (UTF-8) from `keyStart` to `dataStart`, the data from there to `dataEnd`. */
export interface RecordSpan {
  readonly block: Buffer;
  readonly index: number;
  /** Epoch ms. */
  readonly arrivedAt: number;
  readonly keyStart: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

/** What an index entry says of its block. */
export interface BlockEntry {
  readonly count: number;
  /** Epoch ms. */
  readonly arrivedAt: number;
  /** Where the bytes are: in a segment file, here, or no longer anywhere. */
  readonly place: BlockExtent | Buffer | undefined;
}

/** Bytes in a segment file, and what they sum up to. */
export interface BlockExtent extends Extent {
  readonly crc: number;
}

/** Encodes records in order, as chunks of at most {@link MAX_BLOCK_BYTES} where a record does not exceed that by itself. */
export function encodeChunks(drafts: readonly RecordDraft[]): Chunk[] {
  const chunks: Chunk[] = [];
  let from = 0;
  while (from < drafts.length) {
    let bound = 0;
    let to = from;
    for (; to < drafts.length; to += 1) {
      const size = boundOf(drafts[to] as RecordDraft);
      if (to > from && bound + size > MAX_BLOCK_BYTES) break;
      bound += size;
    }
    chunks.push(encodeChunk(drafts.slice(from, to), bound));
    from = to;
  }
  return chunks;
}

/** Lets the memory of a chunk be used for others, once it is stored or given up. */
export function releaseChunk({ pooled }: Chunk): void {
  if (pooled) pool.give(pooled);
}

/** The CRC-32 of chunks behind one another. */
export function crcOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((crc, { bytes }) => crc32(bytes, crc), 0);
}

/** An entry of the index; without a place, one of records that have expired. */
export function encodeEntry(count: number, arrivedAt: number, place?: BlockExtent): Buffer {
  const entry = Buffer.alloc(place ? ENTRY_BYTES : HEADER_BYTES);
  entry[0] = place ? VERSION : EXPIRED_VERSION;
  entry.writeUInt32BE(count, 1);
  entry.writeDoubleBE(arrivedAt, 5);
  if (!place) return entry;
  entry.writeUInt32BE(place.segment, HEADER_BYTES);
  entry.writeUIntBE(place.offset, HEADER_BYTES + 4, 6);
  entry.writeUInt32BE(place.length, HEADER_BYTES + 10);
  entry.writeUInt32BE(place.crc, HEADER_BYTES + 14);
  return entry;
}

/** Reads an entry. Throws for a version this code does not know. */
export function readEntry(entry: Buffer): BlockEntry {
  return { count: entry.readUInt32BE(1), arrivedAt: entry.readDoubleBE(5), place: readPlace(entry) };
}

function readPlace(entry: Buffer): BlockEntry["place"] {
  switch (entry[0]) {
    case VERSION:
      return {
        segment: entry.readUInt32BE(HEADER_BYTES),
        offset: entry.readUIntBE(HEADER_BYTES + 4, 6),
        length: entry.readUInt32BE(HEADER_BYTES + 10),
        crc: entry.readUInt32BE(HEADER_BYTES + 14),
      };
    case EXPIRED_VERSION:
      return undefined;
    case INLINE_VERSION:
      return entry.subarray(HEADER_BYTES);
    default:
      throw new Error(
        `a block of version ${entry[0]} cannot be read; known are ${INLINE_VERSION} to ${EXPIRED_VERSION}`,
      );
  }
}

/**
 * Visits the records of a block whose first record has the index `first`, in order, with one span that moves along. Stops where the
 * visitor says false, and answers whether it came to the end.
 */
export function walkBlock(
  block: Buffer,
  { count, arrivedAt }: BlockEntry,
  first: number,
  visit: (span: RecordSpan) => boolean,
): boolean {
  const span = { block, index: first, arrivedAt, keyStart: 0, dataStart: 0, dataEnd: 0 };
  for (; span.index < first + count; span.index += 1) {
    const start = span.dataEnd;
    span.keyStart = start + RECORD_HEADER_BYTES;
    span.dataStart = span.keyStart + block.readUInt16BE(start + 4);
    span.dataEnd = span.dataStart + block.readUInt32BE(start);
    if (!visit(span)) return false;
  }
  return true;
}

/** A copy of the key and a view of the data. */
export function toRecord({ block, index, arrivedAt, keyStart, dataStart, dataEnd }: RecordSpan): LoggedRecord {
  const partitionKey = block.toString("utf8", keyStart, dataStart);
  return { index, arrivedAt, partitionKey, data: block.subarray(dataStart, dataEnd) };
}

/** The key of the block that starts with the record `index`. */
export function blockKey(streamId: number, shardIndex: number, index: number): Buffer {
  const key = Buffer.allocUnsafe(16);
  key.writeUInt32BE(streamId, 0);
  key.writeUInt32BE(shardIndex, 4);
  key.writeUInt32BE(Math.floor(index / TWO_32), 8);
  key.writeUInt32BE(index % TWO_32, 12);
  return key;
}

/** The index a block key holds. */
export function indexOfKey(key: Buffer): number {
  return key.readUInt32BE(8) * TWO_32 + key.readUInt32BE(12);
}

function boundOf(draft: RecordDraft): number {
  return RECORD_HEADER_BYTES + draft.partitionKey.length * 3 + blobLength(draft.data) + 2;
}

function encodeChunk(drafts: readonly RecordDraft[], bound: number): Chunk {
  const isPooled = bound >= MIN_POOLED_BYTES && bound <= pool.bufferBytes;
  const bytes = isPooled ? pool.take() : Buffer.allocUnsafe(bound);
  let position = 0;
  for (const { partitionKey, data } of drafts) {
    const keyStart = position + RECORD_HEADER_BYTES;
    const keyLength = bytes.write(partitionKey, keyStart, "utf8");
    const dataStart = keyStart + keyLength;
    const dataLength = writeBlob(bytes, data, dataStart);
    bytes.writeUInt32BE(dataLength, position);
    bytes.writeUInt16BE(keyLength, position + 4);
    position = dataStart + dataLength;
  }
  const chunk = { bytes: bytes.subarray(0, position), count: drafts.length };
  return isPooled ? { ...chunk, pooled: bytes } : chunk;
}
