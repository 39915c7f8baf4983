import { Base64Bytes } from "./blob.ts";

interface ReadRecord {
  readonly Data: Base64Bytes;
  readonly PartitionKey: string;
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COLON, COMMA, QUOTE, BACKSLASH, SPACE] = [
  ...Buffer.from('{}[]:,"\\ '),
] as [number, number, number, number, number, number, number, number, number];
const [RECORDS, STREAM_NAME, DATA, PARTITION_KEY] = ["Records", "StreamName", "Data", "PartitionKey"].map((name) =>
  Buffer.from(`"${name}"`),
) as [Buffer, Buffer, Buffer, Buffer];

/**
 * Reads the JSON of a PutRecords as clients send it in bulk: a stream name and records of data and key, nothing else and nothing escaped. Data stays
 * where it is in the body; as a text of its own it cost a third of all that a record of 1 KB costs. Answers `undefined` for everything else, right or
 * wrong, which is left to `JSON.parse` and the checks behind it. What stands between the quotes of data is not looked at: that is for who decodes it.
 */
export function readPutRecords(
  bytes: Buffer,
): { readonly StreamName: string; readonly Records: readonly ReadRecord[] } | undefined {
  if (bytes.includes(BACKSLASH)) return undefined;
  const cursor: Cursor = { bytes, at: 0 };
  let streamName: string | undefined;
  let records: ReadRecord[] | undefined;
  if (!take(cursor, OPEN_BRACE)) return undefined;
  do {
    if (streamName === undefined && takeName(cursor, STREAM_NAME)) {
      streamName = readText(cursor);
      if (streamName === undefined) return undefined;
    } else if (records === undefined && takeName(cursor, RECORDS)) {
      records = readRecords(cursor);
      if (records === undefined) return undefined;
    } else return undefined;
  } while (take(cursor, COMMA));
  if (streamName === undefined || records === undefined || !take(cursor, CLOSE_BRACE)) return undefined;
  skipSpace(cursor);
  return cursor.at === bytes.length ? { StreamName: streamName, Records: records } : undefined;
}

function readRecords(cursor: Cursor): ReadRecord[] | undefined {
  const records: ReadRecord[] = [];
  if (!take(cursor, OPEN_BRACKET)) return undefined;
  do {
    const record = readRecord(cursor);
    if (record === undefined) return undefined;
    records.push(record);
  } while (take(cursor, COMMA));
  return take(cursor, CLOSE_BRACKET) ? records : undefined;
}

function readRecord(cursor: Cursor): ReadRecord | undefined {
  let data: Base64Bytes | undefined;
  let key: string | undefined;
  if (!take(cursor, OPEN_BRACE)) return undefined;
  do {
    if (data === undefined && takeName(cursor, DATA)) {
      data = readBase64(cursor);
      if (data === undefined) return undefined;
    } else if (key === undefined && takeName(cursor, PARTITION_KEY)) {
      key = readText(cursor);
      if (key === undefined) return undefined;
    } else return undefined;
  } while (take(cursor, COMMA));
  if (data === undefined || key === undefined || !take(cursor, CLOSE_BRACE)) return undefined;
  return { Data: data, PartitionKey: key };
}

/** Looks at each byte: for texts that are short. */
function readText(cursor: Cursor): string | undefined {
  if (!take(cursor, QUOTE)) return undefined;
  const { bytes, at: start } = cursor;
  let end = start;
  // Behind the last byte there is `undefined`, which is neither.
  while (bytes[end] !== QUOTE && (bytes[end] as number) >= SPACE) end += 1;
  if (bytes[end] !== QUOTE) return undefined;
  cursor.at = end + 1;
  return bytes.toString("utf8", start, end);
}

function readBase64(cursor: Cursor): Base64Bytes | undefined {
  if (!take(cursor, QUOTE)) return undefined;
  const { bytes, at: start } = cursor;
  const end = bytes.indexOf(QUOTE, start);
  if (end < 0) return undefined;
  cursor.at = end + 1;
  return new Base64Bytes(bytes, start, end);
}

/** Takes the name of a member and the colon behind it. */
function takeName(cursor: Cursor, name: Buffer): boolean {
  skipSpace(cursor);
  const { bytes, at } = cursor;
  for (let offset = 0; offset < name.length; offset += 1) if (bytes[at + offset] !== name[offset]) return false;
  cursor.at = at + name.length;
  return take(cursor, COLON);
}

function take(cursor: Cursor, byte: number): boolean {
  skipSpace(cursor);
  if (cursor.bytes[cursor.at] !== byte) return false;
  cursor.at += 1;
  return true;
}

/** What JSON takes for space: blank, tab, line feed, carriage return. */
function skipSpace(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte !== SPACE && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return;
    cursor.at += 1;
  }
}
