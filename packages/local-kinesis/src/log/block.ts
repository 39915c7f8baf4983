/**
 * How records lie on disk: those of one shard that one transaction committed are one value, a block.
 *
 * Key, 16 bytes big-endian: stream id (u32), shard index (u32), index of the block's first record (u64).
 * Value: version 1 (u8), record count (u32), arrival of all of them (epoch ms, f64), then per record the length of its
 * data (u32), the length of its partition key (u16), the partition key (UTF-8) and the data. All big-endian.
 */
const VERSION = 1;
const HEADER_BYTES = 13;
const RECORD_HEADER_BYTES = 6;
const TWO_32 = 2 ** 32;

/** Where a block grows no further. A record above it is a block of its own. */
export const MAX_BLOCK_BYTES = 256 * 1024;

/** A record that is to be stored. */
export interface RecordDraft {
  readonly partitionKey: string;
  /** Base64 text, or bytes. */
  readonly data: string | Uint8Array;
}

/** Encoded records that a block takes up as they are. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly count: number;
}

/** A record as read. `data` is a view into its block. */
export interface LoggedRecord {
  readonly index: number;
  /** Epoch ms. */
  readonly arrivedAt: number;
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** What a block says before its records. */
export interface BlockHeader {
  readonly count: number;
  readonly arrivedAt: number;
}

/** Thrown for base64 that decodes to another length than it should. */
export class BrokenBase64Error extends Error {
  override readonly name = "BrokenBase64Error";
}

/** Bytes of a blob before it is decoded. */
export function blobLength(data: string | Uint8Array): number {
  if (typeof data !== "string") return data.length;
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.floor(data.length / 4) * 3 - padding;
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

/** Puts chunks behind one header. */
export function encodeBlock(chunks: readonly Chunk[], arrivedAt: number): Buffer {
  let length = HEADER_BYTES;
  let count = 0;
  for (const chunk of chunks) {
    length += chunk.bytes.length;
    count += chunk.count;
  }
  const block = Buffer.allocUnsafe(length);
  block[0] = VERSION;
  block.writeUInt32BE(count, 1);
  block.writeDoubleBE(arrivedAt, 5);
  let position = HEADER_BYTES;
  for (const chunk of chunks) position += chunk.bytes.copy(block, position);
  return block;
}

/** Reads the header. Throws for a version this code does not know. */
export function readBlockHeader(block: Buffer): BlockHeader {
  if (block[0] !== VERSION) throw new Error(`a block of version ${block[0]} cannot be read; expected ${VERSION}`);
  return { count: block.readUInt32BE(1), arrivedAt: block.readDoubleBE(5) };
}

/** Walks the records of a block whose first record has the index `first`, from the index `from` on. */
export function* readBlock(block: Buffer, first: number, from: number): Generator<LoggedRecord> {
  const { count, arrivedAt } = readBlockHeader(block);
  let position = HEADER_BYTES;
  for (let index = first; index < first + count; index += 1) {
    const dataLength = block.readUInt32BE(position);
    const keyStart = position + RECORD_HEADER_BYTES;
    const dataStart = keyStart + block.readUInt16BE(position + 4);
    position = dataStart + dataLength;
    if (index < from) continue;
    const partitionKey = block.toString("utf8", keyStart, dataStart);
    yield { index, arrivedAt, partitionKey, data: block.subarray(dataStart, position) };
  }
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
  const bytes = Buffer.allocUnsafe(bound);
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
  return { bytes: bytes.subarray(0, position), count: drafts.length };
}

function writeBlob(target: Buffer, data: string | Uint8Array, start: number): number {
  if (typeof data !== "string") {
    target.set(data, start);
    return data.length;
  }
  const length = data.length === 0 ? 0 : target.write(data, start, "base64");
  if (data.length % 4 !== 0 || length !== blobLength(data)) throw new BrokenBase64Error();
  return length;
}
