import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMeta } from "./meta-page.ts";

/**
 * Refuses a data file that is none of LMDB's or is cut off at its start: opening such a file ends the whole process with a signal instead
 * of an error. A missing or empty file is one that is about to be made.
 *
 * A file that ends before its last page is filled up with zeros and read through: what is missing may be pages out of use, which LMDB never
 * wrote. If it is not, the file gets its size back and is refused. Damage within the file is not looked for.
 */
export async function checkDataFile(directory: string): Promise<void> {
  const file = await open(dataFileOf(directory), "r+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return;
  try {
    const { size } = await file.stat();
    if (size === 0) return;
    const meta = readMeta(file.fd);
    if (!meta) throw unreadable(directory);
    const needed = (meta.lastPage + 1) * meta.pageSize;
    if (size >= needed) return;
    await file.truncate(needed);
    if (await isReadable(directory)) return;
    await file.truncate(size);
    throw unreadable(directory);
  } finally {
    await file.close();
  }
}

/** Whether all that is in the database can be read. */
async function isReadable(directory: string): Promise<boolean> {
  const program = fileURLToPath(new URL(`./read-through${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [program, directory], { stdio: "ignore" });
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0;
}

function unreadable(directory: string): Error {
  return new Error(
    `${dataFileOf(directory)} is not a readable stream log; move it away, or remove ${directory} to start without streams and records`,
  );
}

function dataFileOf(directory: string): string {
  return join(directory, "data.mdb");
}
