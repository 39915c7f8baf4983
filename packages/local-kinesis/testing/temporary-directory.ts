import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of its own, and how to remove it. */
export async function makeTemporaryDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "local-kinesis-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
