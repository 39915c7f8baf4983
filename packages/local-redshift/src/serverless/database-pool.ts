import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "../database/database.ts";
import { inMemory } from "../database/duck.ts";
import type { NamespaceRecord } from "./state.ts";

const namespaceDirectoryPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Opens the database kept in `file` for a namespace; what {@link createDatabasePool} needs of the engine. */
export type DatabaseOpener = (request: {
  readonly file: string;
  readonly databaseName: string;
  readonly namespaceId: string;
}) => Promise<Database>;

/** The open databases, one DuckDB file each: `<directory>/<namespace id>/<database>.duckdb`; without a directory they are in memory. */
export interface DatabasePool {
  /** The database, opened if it is not yet. Throws with the file's name when it cannot be opened. */
  open(namespace: NamespaceRecord, databaseName: string): Promise<Database>;
  /** Closes a namespace's databases; its files stay. What is in memory stays open. */
  close(namespaceId: string): Promise<void>;
  /** Closes a namespace's databases and removes their files. */
  remove(namespaceId: string): Promise<void>;
  /** Removes the folders of namespaces that are no more, which a killed process may have left. */
  sweep(namespaceIds: ReadonlySet<string>): Promise<void>;
  /** Closes all. */
  closeAll(): Promise<void>;
}

/** Makes a pool with nothing open. */
export function createDatabasePool(options: {
  readonly directory: string | undefined;
  open: DatabaseOpener;
}): DatabasePool {
  const { directory } = options;
  const databases = new Map<string, Map<string, Promise<Database>>>();

  async function close(namespaceId: string): Promise<void> {
    const opened = databases.get(namespaceId);
    databases.delete(namespaceId);
    for (const opening of opened?.values() ?? []) {
      const database = await opening.catch(() => undefined);
      await database?.close();
    }
  }

  return {
    open({ namespaceId }, databaseName) {
      const opened = databases.get(namespaceId) ?? new Map<string, Promise<Database>>();
      databases.set(namespaceId, opened);
      const known = opened.get(databaseName);
      if (known) return known;
      const opening = openFile(namespaceId, databaseName);
      opened.set(databaseName, opening);
      opening.catch(() => opened.delete(databaseName));
      return opening;
    },
    close: (namespaceId) => (directory === undefined ? Promise.resolve() : close(namespaceId)),
    async remove(namespaceId) {
      await close(namespaceId);
      if (directory === undefined) return;
      await rm(join(directory, namespaceId), { recursive: true, force: true });
    },
    async sweep(namespaceIds) {
      if (directory === undefined) return;
      for (const name of await readdir(directory)) {
        if (!namespaceDirectoryPattern.test(name) || namespaceIds.has(name)) continue;
        await rm(join(directory, name), { recursive: true, force: true });
      }
    },
    async closeAll() {
      await Promise.all([...databases.keys()].map(close));
    },
  };

  async function openFile(namespaceId: string, databaseName: string): Promise<Database> {
    if (directory === undefined) return options.open({ file: inMemory, databaseName, namespaceId });
    await mkdir(join(directory, namespaceId), { recursive: true });
    const file = join(directory, namespaceId, `${databaseName}.duckdb`);
    try {
      return await options.open({ file, databaseName, namespaceId });
    } catch (cause) {
      throw new Error(`Could not open the database ${databaseName} in ${file}: ${(cause as Error).message}`, { cause });
    }
  }
}
