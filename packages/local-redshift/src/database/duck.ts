import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import { quoteName, quoteText } from "../sql/bound.ts";
import { leastThreads } from "./query-threads.ts";
import { registerUserFunctions } from "./user-functions.ts";

/** The file name of a database that is gone with its process. Source: DuckDB's documentation, "Connect". */
export const inMemory = ":memory:";
/** Memory that DuckDB may take before it writes intermediate results to disk. */
const memoryLimit = "1GB";
/**
 * Size of the write-ahead log at which DuckDB folds it into the file, while commits wait: some 65,000 events of 200 B, 0.13 s. What is folded at once
 * becomes row groups of its own, so a smaller log leaves more of them to read.
 */
const checkpointThreshold = "32MB";
/**
 * Row groups that a checkpoint may merge or rid of deleted rows. DuckDB's own 100 made one in three of them write older rows anew and last 1.1 s
 * instead of 0.25 (DuckDB 1.5.6). Row groups whose rows are all deleted go either way.
 */
const mostVacuumTasks = 0;

/**
 * Opens the DuckDB file of a database, or one in memory, without any way from SQL to the network or to other files than those in
 * `copyDirectory`, where {@link copyDuck} may write.
 * Throws when another process has it open, with DuckDB's own words as the cause.
 */
export async function openDuck(file: string, copyDirectory?: string): Promise<DuckDBInstance> {
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(file, {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      memory_limit: memoryLimit,
      threads: String(leastThreads),
      // Otherwise what does not fit would go to the folder that the process was started in.
      ...(file === inMemory ? { temp_directory: "" } : {}),
      preserve_insertion_order: "false",
      // Compression by zstd came with a later form of the file than the one DuckDB writes when it is not told; files of that one stay as they are.
      storage_compatibility_version: "latest",
    });
  } catch (cause) {
    throw new Error(`cannot open the database file ${file}: is another process using it?`, { cause });
  }
  const connection = await instance.connect();
  await connection.run(`SET checkpoint_threshold = '${checkpointThreshold}'`);
  await connection.run(`SET max_vacuum_tasks = ${mostVacuumTasks}`);
  await connection.run("SET TimeZone = 'UTC'");
  // DuckDB 1.5.6 plans a prepared statement by the statistics its tables have then, and took an IS NULL over a staging table, empty
  // at that moment, for never true (seen 2026-11-21). The setting is the instance's; a session cannot have its own.
  await connection.run("SET disabled_optimizers = 'statistics_propagation'");
  if (copyDirectory !== undefined)
    await connection.run(`SET allowed_directories = [${quoteText(join(copyDirectory, "/"))}]`);
  await connection.run("SET enable_external_access = false");
  registerUserFunctions(connection);
  connection.closeSync();
  return instance;
}

/** DuckDB's own figure, for the time of {@link compact}. */
const vacuumTasksOfVacuum = 100;

/**
 * Rids all tables of deleted rows and merges their row groups, as far as DuckDB does: rows that an open transaction may see stay, and so do
 * deleted rows when the table would not have fewer row groups (122,880 rows) without them (DuckDB 1.5.6). Only a database that has something
 * to write is compacted.
 */
export async function compact(connection: DuckDBConnection): Promise<void> {
  await connection.run(`SET max_vacuum_tasks = ${vacuumTasksOfVacuum}`);
  try {
    await connection.run("CHECKPOINT");
  } finally {
    await connection.run(`SET max_vacuum_tasks = ${mostVacuumTasks}`);
  }
}

/** Changes how many threads the instance has. */
export async function setThreads(duck: DuckDBInstance, threads: number): Promise<void> {
  const connection = await duck.connect();
  try {
    await connection.run(`SET threads = ${threads}`);
  } finally {
    connection.closeSync();
  }
}

/**
 * Writes what is committed at one moment into a new file, sequences as they stand, while others read and write. Only one copy is written at
 * a time. Of 1,000,000 rows in 1.1 s (DuckDB 1.5.6, 2 cores).
 */
export async function copyDuck(duck: DuckDBInstance, file: string): Promise<void> {
  const connection = await duck.connect();
  try {
    const [[own] = []] = await readRows(connection, "SELECT current_database()");
    await connection.run(`ATTACH ${quoteText(file)} AS copied (STORAGE_VERSION 'latest')`);
    try {
      await connection.run(`COPY FROM DATABASE ${quoteName(own as string)} TO copied`);
    } finally {
      await connection.run("DETACH copied");
    }
  } finally {
    connection.closeSync();
  }
}

/** Rows of a query, each an array of DuckDB's values. */
export async function readRows(connection: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

/** Does `work` in a transaction of the connection's own: committed when it resolves, rolled back when it rejects. */
export async function inTransaction(connection: DuckDBConnection, work: () => Promise<void>): Promise<void> {
  await connection.run("BEGIN TRANSACTION");
  try {
    await work();
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
