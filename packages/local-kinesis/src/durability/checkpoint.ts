import { open, readFile, readdir, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import type { Clock } from "../clock.ts";
import { parseMeta, readMeta, writeMeta } from "./meta-page.ts";
import type { Meta } from "./meta-page.ts";
import { syncDirectory } from "./sync-directory.ts";

/**
 * Checkpoints: a power cut costs the last moments at most, though no transaction waits for the disk. LMDB without its syncs
 * (`noSync`) leaves it to the system when and in which order pages reach the disk, so that after a power cut the newest tree may
 * have holes. A checkpoint is a tree without: all its pages are on disk, a read transaction keeps them from being written over until
 * the next checkpoint is, and a file names it. The open after a power cut goes back to it.
 */
export interface Checkpoints {
  /** Brings everything to the disk and lets the last checkpoint go. Nothing may be under way, nor come. */
  close(): Promise<void>;
}

/** What the file of a checkpoint holds. */
interface CheckpointFile {
  /** The run of the operating system in which the newest tree is whole, on disk or not. */
  readonly bootId: string;
  /** The state on disk, base64. */
  readonly meta: string;
}

/** A state of the database whose pages are kept. */
interface Snapshot {
  readonly meta: Meta;
  release(): void;
}

const FILE = "checkpoint.json";
/** A power cut costs what was committed in so long or in so many transactions, and while these were brought to the disk. */
const INTERVAL_MS = 1_000;
/** Also bounds the pages that are kept: some ten for each transaction. */
const MAX_TRANSACTIONS = 250;

/**
 * Makes a directory that was not closed ready for LMDB. After a power cut its state is made that of the last checkpoint; after a kill
 * nothing is missing, and what the system has yet to write is brought to the disk. Answers whether there was a power cut.
 */
export async function settleCheckpoint(directory: string, bootId: string | undefined): Promise<boolean> {
  const path = join(directory, FILE);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return false;
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint) {
    throw new Error(`${path} is not a checkpoint; remove ${directory} to start without streams and records`);
  }
  const { meta } = checkpoint;
  const wasCut = checkpoint.bootId !== bootId;
  if (wasCut) {
    await withFile(join(directory, "data.mdb"), async (file) => {
      writeMeta(file.fd, meta);
      await file.datasync();
    });
  } else await syncFiles(directory);
  await unlink(path);
  await syncDirectory(directory);
  return wasCut;
}

/**
 * Makes the first checkpoint of a database in which nothing is under way, then another soon after transactions are committed.
 * `syncRecords` brings to the disk what the tree refers to beside it.
 */
export async function keepCheckpoints(options: {
  readonly root: RootDatabase;
  readonly directory: string;
  readonly bootId: string;
  readonly clock: Clock;
  readonly syncRecords: () => Promise<void>;
  /** Hears that a checkpoint failed; the next is tried as soon as it would be. */
  readonly log: (line: string) => void;
}): Promise<Checkpoints> {
  const { root, directory, bootId, clock, syncRecords, log } = options;
  const path = join(directory, FILE);
  const data = await open(join(directory, "data.mdb"), "r+");
  let held: Snapshot | undefined;
  let uncovered = 0;
  let taking: Promise<void> | undefined;
  let callOff = (): void => {};

  const take = async (sync: () => Promise<void>): Promise<void> => {
    uncovered = 0;
    const snapshot = holdSnapshot(root, data);
    try {
      await sync();
      await data.datasync();
      const file: CheckpointFile = { bootId, meta: snapshot.meta.bytes.toString("base64") };
      await replaceFile(directory, path, JSON.stringify(file));
    } catch (error) {
      snapshot.release();
      throw error;
    }
    held?.release();
    held = snapshot;
  };
  const takeOne = (): Promise<void> => {
    callOff();
    taking ??= take(syncRecords)
      .catch((error: unknown) => log(`what was committed could not be brought to the disk: ${String(error)}`))
      .then(() => {
        taking = undefined;
        if (uncovered > 0) schedule();
      });
    return taking;
  };
  const schedule = (): void => {
    callOff();
    callOff = clock.schedule(clock.now() + INTERVAL_MS, takeOne);
  };

  await take(async () => {});
  root.on("aftercommit", () => {
    uncovered += 1;
    if (taking) return;
    if (uncovered >= MAX_TRANSACTIONS) void takeOne();
    else if (uncovered === 1) schedule();
  });

  return {
    async close() {
      callOff();
      await taking;
      callOff();
      await syncRecords();
      await data.datasync();
      await data.close();
      held?.release();
      await unlink(path);
      await syncDirectory(directory);
    },
  };
}

function parseCheckpoint(text: string): { readonly bootId: string; readonly meta: Meta } | undefined {
  try {
    const { bootId, meta } = JSON.parse(text) as CheckpointFile;
    const parsed = parseMeta(Buffer.from(meta, "base64"));
    return parsed && { bootId, meta: parsed };
  } catch {
    return undefined;
  }
}

function holdSnapshot(root: RootDatabase, data: FileHandle): Snapshot {
  for (;;) {
    const meta = readMeta(data.fd);
    root.resetReadTxn();
    const transaction = root.useReadTransaction();
    // A commit between the two would make them differ.
    if (meta && readMeta(data.fd)?.transaction === meta.transaction) return { meta, release: () => transaction.done() };
    transaction.done();
  }
}

async function replaceFile(directory: string, path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, "w");
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncDirectory(directory);
}

async function syncFiles(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await withFile(join(entry.parentPath, entry.name), (file) => file.datasync());
  }
}

async function withFile(path: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, "r+");
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
