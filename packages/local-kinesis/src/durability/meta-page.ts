import { readSync, writeSync } from "node:fs";

/**
 * What LMDB's data file says of itself. Its first two pages are meta pages, which transactions write in turn; the newer one names the
 * tree of pages that is the state. A meta page is a page header and an `MDB_meta`, in the byte order of the machine, little-endian
 * wherever Node is at home. Source: lmdb-js 3.5.6, dependencies/lmdb/libraries/liblmdb/mdb.c.
 */
export interface Meta {
  readonly pageSize: number;
  /** Number of the last page that the state may use. */
  readonly lastPage: number;
  /** Number of the transaction that made the state. */
  readonly transaction: number;
  /** The `MDB_meta` as it stands. */
  readonly bytes: Buffer;
}

const PAGE_HEADER_BYTES = 24;
const META_BYTES = 144;
const MAGIC = 0xbeefc0de;
const PAGE_SIZE_OFFSET = 24;
const LAST_PAGE_OFFSET = 120;
const TRANSACTION_OFFSET = 128;

/** Reads the newest state of a data file (its descriptor), or `undefined` if the file does not start as one of LMDB's. */
export function readMeta(file: number): Meta | undefined {
  const first = readMetaAt(file, 0);
  const second = first && readMetaAt(file, first.pageSize);
  return first && second && second.transaction > first.transaction ? second : first;
}

/** Makes a state the newest of a data file, whatever came after it. The other meta page gets it as older, as LMDB itself does. */
export function writeMeta(file: number, { pageSize, transaction, bytes }: Meta): void {
  const older = Buffer.from(bytes);
  older.writeBigUInt64LE(BigInt(Math.max(0, transaction - 1)), TRANSACTION_OFFSET);
  for (const page of [0, 1]) {
    writeSync(file, transaction % 2 === page ? bytes : older, 0, META_BYTES, page * pageSize + PAGE_HEADER_BYTES);
  }
}

/** Reads an `MDB_meta`, or `undefined` for what is none. */
export function parseMeta(bytes: Buffer): Meta | undefined {
  if (bytes.length !== META_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const pageSize = bytes.readUInt32LE(PAGE_SIZE_OFFSET);
  if (pageSize < 256) return undefined;
  return {
    pageSize,
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_OFFSET)),
    transaction: Number(bytes.readBigUInt64LE(TRANSACTION_OFFSET)),
    bytes,
  };
}

function readMetaAt(file: number, page: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES);
  const count = readSync(file, bytes, 0, META_BYTES, page + PAGE_HEADER_BYTES);
  return parseMeta(bytes.subarray(0, count));
}
