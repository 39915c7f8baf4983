import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "./directory-lock.ts";
import type { DirectoryLock } from "./directory-lock.ts";

const LOCK_FILE = "kinesis.lock";
/** What may lie in a directory of streams: LMDB's two files, the checkpoint, the bytes of records, our lock and drafts of it; hidden files are nobody's business here. */
const OWN_FILES = /^(data\.mdb|lock\.mdb|checkpoint\.json.*|records|kinesis\.lock.*|\..*)$/;

/**
 * Makes a directory of streams if it is missing and takes it for this process. LMDB would let several processes in, each with
 * its own idea of the streams. The claim of a process that was killed is taken over. Processes that cannot see each other, such
 * as those of two containers, are not kept apart.
 *
 * Throws an `Error` with the cure if the directory cannot be made, holds other files, or is in use (the error names the process).
 */
export async function claimStreamDirectory(directory: string): Promise<DirectoryLock> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "EEXIST" || code === "ENOTDIR" ? "there is a file in its place" : message;
    throw new Error(`the directory of streams ${directory} cannot be made, ${reason}; name another directory`, {
      cause,
    });
  }
  const foreign = (await readdir(directory)).find((name) => !OWN_FILES.test(name));
  if (foreign !== undefined) {
    throw new Error(
      `${directory} holds other files than streams, such as ${foreign}; name an empty or a new directory`,
    );
  }
  return acquireLock(join(directory, LOCK_FILE), `The directory of streams ${directory}`);
}
