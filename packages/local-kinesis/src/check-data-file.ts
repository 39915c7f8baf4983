import { open } from "node:fs/promises";
import { join } from "node:path";

/** What a meta page of LMDB holds after its header of 24 bytes. Source: lmdb-js 3.5, dependencies/lmdb/libraries/liblmdb/mdb.c. */
const MAGIC = 0xbeefc0de;
const MAGIC_OFFSET = 24;
const PAGE_SIZE_OFFSET = 48;

/**
 * Refuses a data file that is none of LMDB's or is cut off at its start: opening such a file ends the whole process
 * with a signal instead of an error. A missing or empty file is one that is about to be made.
 */
export async function checkDataFile(directory: string): Promise<void> {
  const path = join(directory, "data.mdb");
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return;
  try {
    const { size } = await file.stat();
    if (size === 0) return;
    const head = Buffer.alloc(PAGE_SIZE_OFFSET + 4);
    await file.read(head, 0, head.length, 0);
    const pageSize = head.readUInt32LE(PAGE_SIZE_OFFSET);
    if (head.readUInt32LE(MAGIC_OFFSET) === MAGIC && pageSize > 0 && size > 2 * pageSize) return;
  } finally {
    await file.close();
  }
  throw new Error(
    `${path} is not a readable stream log; move it away, or remove ${directory} to start without streams and records`,
  );
}
