/** Thrown for bytes that are not the CBOR an AWS client writes. The text quotes none of them. */
export class CborError extends Error {
  override readonly name = "CborError";
}

/** Tag 1 holds whole milliseconds, unlike RFC 8949's seconds. Source: aws-sdk-java-v2, AwsCborProtocolFactory. */
const EPOCH_TAG = 1;

/** In place of a length: items follow until {@link BREAK}. */
const INDEFINITE = 31;
const BREAK = 0xff;

interface Cursor {
  readonly bytes: Buffer;
  at: number;
  /** How many more levels may be nested. */
  levels: number;
}

/**
 * Decodes one CBOR value as clients of AWS's CBOR 1.1 write it. Byte strings come out as views of `bytes`, timestamps as
 * epoch seconds with a fraction, integers beyond 2^53 rounded; of a key met twice the last one holds.
 *
 * Decoded here rather than by a library, because what a stranger sends is not to be believed: a declared length is held
 * against the bytes that are there before anything is allocated, nesting ends after `maxDepth` levels, and other tags,
 * keys that are no text and reserved codes are refused. Throws {@link CborError}.
 */
export function decodeCbor(bytes: Buffer, maxDepth: number): unknown {
  const cursor: Cursor = { bytes, at: 0, levels: maxDepth };
  const value = readItem(cursor);
  if (cursor.at !== bytes.length) throw new CborError("bytes follow the value");
  return value;
}

function readItem(cursor: Cursor): unknown {
  const initial = readByte(cursor);
  const info = initial & 31;
  switch (initial >> 5) {
    case 0:
      return readArgument(cursor, info);
    case 1:
      return -1 - readArgument(cursor, info);
    case 2:
      return info === INDEFINITE ? Buffer.concat(readChunks(cursor, 2, readBytes)) : readBytes(cursor, info);
    case 3:
      return readText(cursor, info);
    case 4:
      return nested(cursor, info, readList);
    case 5:
      return nested(cursor, info, readMap);
    case 6:
      return readTimestamp(cursor, info);
    default:
      return readSimple(cursor, info);
  }
}

function nested<Value>(cursor: Cursor, info: number, read: (cursor: Cursor, info: number) => Value): Value {
  if (cursor.levels === 0) throw new CborError("it is nested too deeply");
  cursor.levels -= 1;
  const value = read(cursor, info);
  cursor.levels += 1;
  return value;
}

function readList(cursor: Cursor, info: number): unknown[] {
  const list: unknown[] = [];
  if (info === INDEFINITE) {
    while (!tookBreak(cursor)) list.push(readItem(cursor));
    return list;
  }
  for (let left = readLength(cursor, info, 1); left > 0; left -= 1) list.push(readItem(cursor));
  return list;
}

function readMap(cursor: Cursor, info: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  if (info === INDEFINITE) {
    while (!tookBreak(cursor)) readMember(cursor, map);
    return map;
  }
  for (let left = readLength(cursor, info, 2); left > 0; left -= 1) readMember(cursor, map);
  return map;
}

function readMember(cursor: Cursor, map: Record<string, unknown>): void {
  const initial = readByte(cursor);
  if (initial >> 5 !== 3) throw new CborError("a key is not text");
  const key = readText(cursor, initial & 31);
  const value = readItem(cursor);
  // Assigned, this key would change the object's prototype; JSON.parse makes a member of it, and so does this.
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  } else map[key] = value;
}

function readText(cursor: Cursor, info: number): string {
  if (info === INDEFINITE) return readChunks(cursor, 3, readText).join("");
  const length = readLength(cursor, info, 1);
  const start = cursor.at;
  cursor.at += length;
  return cursor.bytes.toString("utf8", start, cursor.at);
}

function readBytes(cursor: Cursor, info: number): Buffer {
  const length = readLength(cursor, info, 1);
  const start = cursor.at;
  cursor.at += length;
  return cursor.bytes.subarray(start, cursor.at);
}

/** The pieces of a string of indefinite length: strings of the same kind and of definite length. */
function readChunks<Chunk>(cursor: Cursor, major: number, read: (cursor: Cursor, info: number) => Chunk): Chunk[] {
  const chunks: Chunk[] = [];
  while (!tookBreak(cursor)) {
    const initial = readByte(cursor);
    const info = initial & 31;
    if (initial >> 5 !== major || info === INDEFINITE) throw new CborError("a string has a piece of another kind");
    chunks.push(read(cursor, info));
  }
  return chunks;
}

function readTimestamp(cursor: Cursor, info: number): number {
  if (readArgument(cursor, info) !== EPOCH_TAG) throw new CborError("it has a tag other than a timestamp's");
  const initial = readByte(cursor);
  const value = initial >> 5 === 6 ? undefined : ((cursor.at -= 1), readItem(cursor));
  if (typeof value !== "number") throw new CborError("a timestamp is not a number");
  return value / 1000;
}

function readSimple(cursor: Cursor, info: number): unknown {
  switch (info) {
    case 20:
      return false;
    case 21:
      return true;
    case 22:
      return null;
    case 23:
      return undefined;
    case 25:
      return readHalf(cursor);
    case 26:
      return cursor.bytes.readFloatBE(advance(cursor, 4));
    case 27:
      return cursor.bytes.readDoubleBE(advance(cursor, 8));
    default:
      throw new CborError("it has a reserved code");
  }
}

/** A float of 16 bits. Source: RFC 8949, appendix D. */
function readHalf(cursor: Cursor): number {
  const half = cursor.bytes.readUInt16BE(advance(cursor, 2));
  const exponent = (half >> 10) & 31;
  const mantissa = half & 1023;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (mantissa + 1024) * 2 ** (exponent - 25));
}

/** The number that goes with an initial byte: a value, a length or a tag. */
function readArgument(cursor: Cursor, info: number): number {
  if (info < 24) return info;
  switch (info) {
    case 24:
      return readByte(cursor);
    case 25:
      return cursor.bytes.readUInt16BE(advance(cursor, 2));
    case 26:
      return cursor.bytes.readUInt32BE(advance(cursor, 4));
    case 27:
      return Number(cursor.bytes.readBigUInt64BE(advance(cursor, 8)));
    default:
      throw new CborError("it has a reserved length");
  }
}

/** A length in items of so many bytes at least, which must be there. */
function readLength(cursor: Cursor, info: number, itemBytes: number): number {
  const length = readArgument(cursor, info);
  if (length * itemBytes > cursor.bytes.length - cursor.at) throw endsEarly();
  return length;
}

function tookBreak(cursor: Cursor): boolean {
  if (cursor.bytes[cursor.at] !== BREAK) return false;
  cursor.at += 1;
  return true;
}

function readByte(cursor: Cursor): number {
  return cursor.bytes[advance(cursor, 1)] as number;
}

/** Moves on and answers where these bytes start. */
function advance(cursor: Cursor, length: number): number {
  const start = cursor.at;
  if (start + length > cursor.bytes.length) throw endsEarly();
  cursor.at = start + length;
  return start;
}

function endsEarly(): CborError {
  return new CborError("it ends early");
}
