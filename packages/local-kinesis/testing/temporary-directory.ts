import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of its own, and how to remove it. */
export interface TemporaryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** Where Linux keeps files in memory. */
const MEMORY = "/dev/shm";

/** Makes a directory on disk. */
export function makeTemporaryDirectory(): Promise<TemporaryDirectory> {
  return makeDirectoryIn(tmpdir());
}

/** Makes a directory in memory where the system has such, for tests that open and close many. */
export function makeMemoryDirectory(): Promise<TemporaryDirectory> {
  return makeDirectoryIn(existsSync(MEMORY) ? MEMORY : tmpdir());
}

async function makeDirectoryIn(parent: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(parent, "local-kinesis-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
