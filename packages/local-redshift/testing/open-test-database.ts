import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inMemory } from "../src/database/duck.ts";
import {
  openDatabase,
  type CellValue,
  type Database,
  type DatabaseSession,
  type DatabaseSettings,
} from "../src/database/database.ts";
import { memoryStreams, type MemoryStreams } from "./memory-streams.ts";

export const roleArn = "arn:aws:iam::000000000000:role/redshift";

/** A database in a directory of its own, with streams in memory and a session of a superuser. */
export interface TestDatabase extends AsyncDisposable {
  readonly streams: MemoryStreams;
  readonly database: Database;
  readonly session: DatabaseSession;
  /** Rows of a statement. */
  rows(sql: string, parameters?: Readonly<Record<string, string>>): Promise<readonly (readonly CellValue[])[]>;
  /** Runs statements one after another. */
  run(...statements: readonly string[]): Promise<void>;
  /** The message of a statement that fails. */
  error(sql: string): Promise<string>;
  /** Closes the database and opens its file again. */
  reopen(): Promise<TestDatabase>;
}

/** What a test may want otherwise. */
export type TestSettings = Pick<DatabaseSettings, "log" | "readAheadRecords" | "shredFromBytes">;

/** Opens a database for a test; its directory goes with it. */
export async function openTestDatabase(
  streams: MemoryStreams = memoryStreams(),
  directory?: string,
  settings: TestSettings = {},
): Promise<TestDatabase> {
  const path = directory ?? (await mkdtemp(join(tmpdir(), "millrace-database-")));
  return openFile(join(path, "dev.duckdb"), path, streams, settings);
}

/** Opens a database in memory, for tests that neither restart nor kill it: several times as fast. */
export function openMemoryDatabase(): Promise<TestDatabase> {
  return openFile(inMemory, undefined, memoryStreams(), {});
}

async function openFile(
  file: string,
  path: string | undefined,
  streams: MemoryStreams,
  settings: TestSettings,
): Promise<TestDatabase> {
  const database = await openDatabase({
    file,
    databaseName: "dev",
    streams: streams.reader,
    isRoleAttached: (arn) => arn === roleArn,
    defaultRoleArn: () => roleArn,
    region: "eu-west-1",
    ...settings,
  });
  const session = await database.connect({ name: "admin", superuser: true });
  const test: TestDatabase = {
    streams,
    database,
    session,
    async rows(sql, parameters = {}) {
      const list = Object.entries(parameters).map(([name, value]) => ({ name, value }));
      return (await session.execute(sql, list)).rows;
    },
    async run(...statements) {
      for (const statement of statements) await session.execute(statement);
    },
    async error(sql) {
      try {
        await session.execute(sql);
      } catch (error) {
        if (error instanceof Error) return error.message;
      }
      throw new Error(`the statement did not fail: ${sql}`);
    },
    async reopen() {
      await database.close();
      return openTestDatabase(streams, path, settings);
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      if (path !== undefined) await rm(path, { recursive: true, force: true });
    },
  };
  return test;
}
