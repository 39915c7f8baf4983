import { open, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import { readMeta } from "./meta-page.ts";

/**
 * Refuses a data file that is none of LMDB's or is cut off at its start: opening such a file ends the whole process with a signal instead
 * of an error. A missing or empty file is one that is about to be made.
 *
 * A file that ends before its last page is filled up with zeros, and its size before is answered. What is missing may be pages out of use,
 * which LMDB never wrote; if it is not, reading it is an error now and no signal. Damage within the file is not looked for.
 */
export async function checkDataFile(directory: string): Promise<number | undefined> {
  const file = await open(dataFileOf(directory), "r+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    if (size === 0) return undefined;
    const meta = readMeta(file.fd);
    if (!meta) throw unreadable(directory);
    const needed = (meta.lastPage + 1) * meta.pageSize;
    if (size >= needed) return undefined;
    await file.truncate(needed);
    return size;
  } finally {
    await file.close();
  }
}

/** Reads all that is in a database whose file was filled up. If that fails the file gets its size back and is refused. */
export async function checkContents(root: RootDatabase, directory: string, sizeBefore: number): Promise<void> {
  try {
    for (const name of root.getKeys()) {
      const database = root.openDB({ name: String(name), encoding: "binary", keyEncoding: "binary" });
      for (const { key, value } of database.getRange())
        if (!value) throw new Error(`there is no value of ${String(key)}`);
    }
  } catch (error) {
    await root.close();
    await truncate(dataFileOf(directory), sizeBefore);
    throw unreadable(directory, error);
  }
}

function unreadable(directory: string, cause?: unknown): Error {
  return new Error(
    `${dataFileOf(directory)} is not a readable stream log; move it away, or remove ${directory} to start without streams and records`,
    { cause },
  );
}

function dataFileOf(directory: string): string {
  return join(directory, "data.mdb");
}
