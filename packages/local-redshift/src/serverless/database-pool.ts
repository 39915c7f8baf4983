import { copyFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Database } from "../database/database.ts";
import { inMemory } from "../database/duck.ts";
import type { NamespaceRecord } from "./state.ts";

const namespaceDirectoryPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Opens the database kept in `file` for a namespace; what {@link createDatabasePool} needs of the engine. */
export type DatabaseOpener = (request: {
  readonly file: string;
  readonly databaseName: string;
  readonly namespaceId: string;
  /** Where copies of it may go; absent in memory. */
  readonly copyDirectory: string | undefined;
}) => Promise<Database>;

/**
 * The open databases, one DuckDB file each: `<directory>/<namespace id>/<database>.duckdb`; without a directory they are in memory. Copies
 * of them for snapshots: `<directory>/snapshots/<snapshot id>.duckdb`.
 */
export interface DatabasePool {
  /** The database, opened if it is not yet. Throws with the file's name when it cannot be opened. */
  open(namespace: NamespaceRecord, databaseName: string): Promise<Database>;
  /** Closes a namespace's databases; its files stay. What is in memory stays open. */
  close(namespaceId: string): Promise<void>;
  /** Closes a namespace's databases and removes their files. */
  remove(namespaceId: string): Promise<void>;
  /** Copies a namespace's database for a snapshot; answers the bytes of the copy, and `undefined` in memory, where there are no copies. */
  copy(namespace: NamespaceRecord, snapshotId: string): Promise<number | undefined>;
  /** Closes a namespace's databases and puts a snapshot's in their place; who opens it meanwhile waits. */
  restore(namespaceId: string, snapshotId: string, databaseName: string): Promise<void>;
  /** Removes a snapshot's copy. */
  removeCopy(snapshotId: string): Promise<void>;
  /** Removes the folders of namespaces and the copies of snapshots that are no more, which a killed process may have left. */
  sweep(here: { readonly namespaceIds: ReadonlySet<string>; readonly snapshotIds: ReadonlySet<string> }): Promise<void>;
  /** Closes all. */
  closeAll(): Promise<void>;
}

/** Makes a pool with nothing open. */
export function createDatabasePool(options: {
  readonly directory: string | undefined;
  open: DatabaseOpener;
}): DatabasePool {
  const { directory } = options;
  const copyDirectory = directory === undefined ? undefined : join(directory, "snapshots");
  const databases = new Map<string, Map<string, Promise<Database>>>();
  const restoring = new Map<string, Promise<unknown>>();

  const copyOf = (folder: string, snapshotId: string) => join(folder, `${snapshotId}.duckdb`);

  async function close(namespaceId: string): Promise<void> {
    const opened = databases.get(namespaceId);
    databases.delete(namespaceId);
    for (const opening of opened?.values() ?? []) {
      const database = await opening.catch(() => undefined);
      await database?.close();
    }
  }

  function open(namespaceId: string, databaseName: string): Promise<Database> {
    const opened = databases.get(namespaceId) ?? new Map<string, Promise<Database>>();
    databases.set(namespaceId, opened);
    const known = opened.get(databaseName);
    if (known) return known;
    const opening = openFile(namespaceId, databaseName);
    opened.set(databaseName, opening);
    opening.catch(() => opened.delete(databaseName));
    return opening;
  }

  return {
    open: ({ namespaceId }, databaseName) => open(namespaceId, databaseName),
    close: (namespaceId) => (directory === undefined ? Promise.resolve() : close(namespaceId)),
    async remove(namespaceId) {
      await close(namespaceId);
      if (directory === undefined) return;
      await rm(join(directory, namespaceId), { recursive: true, force: true });
    },
    async copy({ namespaceId, dbName }, snapshotId) {
      if (copyDirectory === undefined) return undefined;
      const wasOpen = databases.get(namespaceId)?.has(dbName) === true;
      const database = await open(namespaceId, dbName);
      const file = copyOf(copyDirectory, snapshotId);
      try {
        await mkdir(copyDirectory, { recursive: true });
        await database.copyTo(file);
        return (await stat(file)).size;
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      } finally {
        if (!wasOpen) await close(namespaceId);
      }
    },
    async restore(namespaceId, snapshotId, databaseName) {
      if (copyDirectory === undefined) throw new Error("what is in memory has no copies");
      const work = replace(namespaceId, copyOf(copyDirectory, snapshotId), databaseName);
      restoring.set(
        namespaceId,
        work.catch(() => undefined),
      );
      await work.finally(() => restoring.delete(namespaceId));
    },
    async removeCopy(snapshotId) {
      if (copyDirectory !== undefined) await rm(copyOf(copyDirectory, snapshotId), { force: true });
    },
    async sweep({ namespaceIds, snapshotIds }) {
      if (directory === undefined || copyDirectory === undefined) return;
      const kept = new Set([...snapshotIds].map((snapshotId) => basename(copyOf(copyDirectory, snapshotId))));
      for (const name of await readdir(copyDirectory).catch(() => []))
        if (!kept.has(name)) await rm(join(copyDirectory, name), { force: true });
      for (const name of await readdir(directory)) {
        if (!namespaceDirectoryPattern.test(name) || namespaceIds.has(name)) continue;
        await rm(join(directory, name), { recursive: true, force: true });
      }
    },
    async closeAll() {
      await Promise.all([...databases.keys()].map(close));
    },
  };

  /** The copy comes beside the file first, so that a killed process leaves the one or the other, whole. */
  async function replace(namespaceId: string, copy: string, databaseName: string): Promise<void> {
    await close(namespaceId);
    const folder = join(directory!, namespaceId);
    const file = `${databaseName}.duckdb`;
    await mkdir(folder, { recursive: true });
    await copyFile(copy, join(folder, `${file}.restored`));
    await rm(join(folder, `${file}.wal`), { force: true });
    await rename(join(folder, `${file}.restored`), join(folder, file));
    for (const name of await readdir(folder)) if (name !== file) await rm(join(folder, name), { recursive: true });
  }

  async function openFile(namespaceId: string, databaseName: string): Promise<Database> {
    if (directory === undefined) return options.open({ file: inMemory, databaseName, namespaceId, copyDirectory });
    await restoring.get(namespaceId);
    await mkdir(join(directory, namespaceId), { recursive: true });
    const file = join(directory, namespaceId, `${databaseName}.duckdb`);
    try {
      return await options.open({ file, databaseName, namespaceId, copyDirectory });
    } catch (cause) {
      throw new Error(`Could not open the database ${databaseName} in ${file}: ${(cause as Error).message}`, { cause });
    }
  }
}
