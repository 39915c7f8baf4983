import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { open } from "lmdb";
import type { Database } from "lmdb";
import { expect, it } from "vitest";
import { createHeldClock } from "../../testing/held-clock.ts";
import { createRandom, readImage, writeAfterPowerCut } from "../../testing/power-cut.ts";
import type { DiskImage } from "../../testing/power-cut.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { keepCheckpoints, settleCheckpoint } from "./checkpoint.ts";

/** One transaction: what becomes of some keys. Without a size: removed. */
const transaction = fc.array(
  fc.record({
    key: fc.nat({ max: 300 }),
    size: fc.option(fc.integer({ min: 1, max: 9_000 }), { freq: 3, nil: undefined }),
  }),
  { minLength: 1, maxLength: 12 },
);
type Transaction = readonly { readonly key: number; readonly size: number | undefined }[];
const transactions = fc.array(transaction, { maxLength: 12 });

const CHECKPOINT = "checkpoint.json";
const TREE = { name: "tree", encoding: "binary", keyEncoding: "uint32" } as const;

async function commit(tree: Database<Buffer, number>, contents: Map<number, number>, steps: readonly Transaction[]) {
  for (const step of steps) {
    await Promise.all(
      step.map(({ key, size }) => {
        if (size === undefined) contents.delete(key);
        else contents.set(key, size);
        return size === undefined ? tree.remove(key) : tree.put(key, Buffer.alloc(size, key));
      }),
    );
  }
}

function sorted(contents: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...contents].sort(([left], [right]) => left - right));
}

function readContents(tree: Database<Buffer, number>): Map<number, number> {
  const contents = new Map<number, number>();
  for (const { key, value } of tree.getRange()) {
    expect(value.every((byte) => byte === key % 256)).toBe(true);
    contents.set(key, value.length);
  }
  return contents;
}

/** The state after a power cut, and how much of what was written since reached the disk. */
async function cut(
  directory: string,
  synced: DiskImage,
  written: DiskImage,
  seed: number,
): Promise<Map<number, number>> {
  await mkdir(directory);
  await writeAfterPowerCut(directory, synced, written, createRandom(seed));
  expect(await settleCheckpoint(directory, "after")).toBe(true);
  const root = open({ path: directory, noSubdir: false });
  const contents = readContents(root.openDB<Buffer, number>(TREE));
  await root.close();
  return contents;
}

it("is what a power cut leaves, whichever pages reached the disk since", { timeout: 60_000 }, async () => {
  const round = fc.record({ before: transactions, during: transactions, after: transactions, seed: fc.integer() });
  const property = fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 8 }), async (rounds) => {
    const directory = await makeTemporaryDirectory();
    const live = join(directory.path, "live");
    await mkdir(live);
    const root = open({ path: live, noSubdir: false, noSync: true });
    const clock = createHeldClock();
    const contents = new Map<number, number>();
    let atSync = async (): Promise<void> => {};
    const log = (line: string): void => expect.unreachable(line);
    const checkpoints = await keepCheckpoints({
      root,
      directory: live,
      bootId: "before",
      clock,
      syncRecords: () => atSync(),
      log,
    });
    const tree = root.openDB<Buffer, number>(TREE);
    let last = { synced: await readImage(live), contents: new Map<number, number>() };

    for (const [index, { before, during, after, seed }] of rounds.entries()) {
      // Every round commits something: without a commit there is no new checkpoint.
      await commit(tree, contents, [...before, [{ key: index, size: 1 }]]);
      const checkpointed = sorted(contents);
      let synced: DiskImage = new Map();
      atSync = async () => {
        await commit(tree, contents, during);
        synced = await readImage(live);
        // Until the new checkpoint is on disk, the one before it counts.
        expect(await cut(join(directory.path, `${index}-early`), last.synced, synced, seed)).toEqual(last.contents);
      };
      await clock.advance(1_000);
      await commit(tree, contents, after);
      const written = await readImage(live);
      synced = new Map([...synced, [CHECKPOINT, written.get(CHECKPOINT) ?? Buffer.alloc(0)]]);
      expect(await cut(join(directory.path, `${index}-late`), synced, written, seed)).toEqual(checkpointed);
      last = { synced, contents: checkpointed };
    }
    atSync = async () => {};
    await checkpoints.close();
    await root.close();
    await directory.remove();
  });
  await fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 5_000 });
});
