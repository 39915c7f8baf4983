import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The files of a directory at one moment, by their path in it. */
export type DiskImage = ReadonlyMap<string, Buffer>;

/** What the system writes at once. */
const PAGE_BYTES = 4096;

/** Reads a directory as it is. Nothing may write to it meanwhile. */
export async function readImage(directory: string): Promise<DiskImage> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.map(async (path) => [path.slice(directory.length + 1), await readFile(path)] as const)),
  );
}

/**
 * What a power cut may leave of a directory: of the pages written since everything was last brought to the disk, any may have got there and
 * any not, whatever their order. `synced` is the state then, `written` the state at the cut; `random` answers a number from 0 to below 1.
 */
export async function writeAfterPowerCut(
  directory: string,
  synced: DiskImage,
  written: DiskImage,
  random: () => number,
): Promise<void> {
  for (const [path, after] of written) {
    const before = synced.get(path) ?? Buffer.alloc(0);
    const length = random() < 0.5 ? before.length : Math.max(before.length, after.length);
    const bytes = Buffer.alloc(length);
    before.copy(bytes);
    for (let page = 0; page < length; page += PAGE_BYTES) {
      if (random() < 0.5) after.copy(bytes, page, page, page + PAGE_BYTES);
    }
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
}

/** Numbers from 0 to below 1, the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
