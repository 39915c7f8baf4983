import { open } from "lmdb";
import type { RootDatabase } from "lmdb";
import { systemClock } from "../clock.ts";
import { checkDataFile } from "./check-data-file.ts";
import { readBootId } from "./boot-id.ts";
import { keepCheckpoints, settleCheckpoint } from "./checkpoint.ts";
import type { Durability } from "./durability.ts";

/** LMDB over one directory. */
export interface OpenDatabase {
  readonly root: RootDatabase;
  /** `power` where `process` was asked for on a system that does not tell its runs apart. */
  readonly durability: Durability;
  /** Brings everything to the disk and closes. Nothing may be under way. */
  close(): Promise<void>;
}

const MAX_DATABASES = 16;

/** Opens the database of a directory. Throws an `Error` that names the file and the cure if it is not one. */
export async function openDatabase(options: {
  readonly directory: string;
  readonly durability: Durability;
  /** Brings to the disk what the database refers to beside it. Not called before this resolves. */
  readonly syncRecords: () => Promise<void>;
  readonly log: (line: string) => void;
}): Promise<OpenDatabase> {
  const { directory, syncRecords, log } = options;
  const bootId = readBootId();
  if (await settleCheckpoint(directory, bootId)) {
    log(`the machine stopped while ${directory} was in use: the last moments before that are lost`);
  }
  await checkDataFile(directory);
  // With batches of lmdb-js's own making, a commit that fails rejects a promise that nobody can catch.
  const shape = { path: directory, noSubdir: false, maxDbs: MAX_DATABASES, eventTurnBatching: false };
  const durability = bootId === undefined ? "power" : options.durability;
  const root = open({ ...shape, ...(durability === "power" ? { overlappingSync: false } : { noSync: true }) });
  if (durability === "power" || bootId === undefined) return { root, durability: "power", close: () => root.close() };
  // On the time of the machine, whatever the streams' clock shows.
  const checkpoints = await keepCheckpoints({ root, directory, bootId, clock: systemClock, syncRecords, log });
  return {
    root,
    durability: "process",
    async close() {
      await checkpoints.close();
      await root.close();
    },
  };
}
