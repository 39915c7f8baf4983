import { cp, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { openDatabase, type CellValue, type StreamReader } from "../../src/database/database.ts";
import { openKinesisReader } from "../../src/kinesis-reader/kinesis-reader.ts";
import { credentials, type KinesisWorld } from "../kinesis-world.ts";
import { adminSecretOf, runSql } from "../run-sql.ts";
import { spawnCommand } from "../spawn-command.ts";
import type { Manner } from "./schedule.ts";

/** The database of a schedule, which may end and begin again. */
export interface OracleDatabase {
  rows(sql: string): Promise<readonly (readonly CellValue[])[]>;
  /** Ends it at this moment, whatever it is at, and opens what it left. */
  kill(): Promise<void>;
  /** Closes it in order, and opens it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Opens an empty database in a folder. `atEnd` is given what ends a process of its own, should the test stop half-way. */
export function openOracleDatabase(
  manner: Manner,
  world: KinesisWorld,
  folder: string,
  atEnd: (end: () => void) => void,
): Promise<OracleDatabase> {
  if (manner === "as the command") return openCommand(world, folder, atEnd);
  if (manner === "in process") return openInProcess(world.kinesis.reader, folder, () => undefined);
  const reader = openKinesisReader({
    endpoint: world.kinesis.url,
    region: "eu-west-1",
    pollMs: 50,
    readsPerSecond: 1_000,
  });
  return openInProcess(reader, folder, () => reader.close());
}

async function openInProcess(streams: StreamReader, folder: string, closeReader: () => void): Promise<OracleDatabase> {
  let directory = await mkdtemp(join(folder, "database-"));
  const open = async () => {
    const database = await openDatabase({
      file: join(directory, "dev.duckdb"),
      databaseName: "dev",
      streams,
      isRoleAttached: () => true,
      defaultRoleArn: () => "arn:aws:iam::000000000000:role/redshift",
      region: "eu-west-1",
      readAheadRecords: 1,
      shredFromBytes: 0,
    });
    return { database, connect: () => database.connect({ name: "admin", superuser: true }) };
  };
  let current = await open();
  return {
    async rows(sql) {
      const session = await current.connect();
      try {
        return (await session.execute(sql)).rows;
      } finally {
        await session.close();
      }
    },
    async kill() {
      // What a process leaves when it is killed is its files as they are at that moment.
      const left = await mkdtemp(join(folder, "database-"));
      await cp(directory, left, { recursive: true });
      await current.database.close();
      directory = left;
      current = await open();
    },
    async restart() {
      await current.database.close();
      current = await open();
    },
    async close() {
      closeReader();
      await current.database.close();
    },
  };
}

async function openCommand(
  world: KinesisWorld,
  folder: string,
  atEnd: (end: () => void) => void,
): Promise<OracleDatabase> {
  const directory = join(folder, "command");
  await mkdir(directory);
  const args = ["--port", "0", "--directory", directory, "--kinesis-endpoint", world.kinesis.url, "--poll", "100"];
  const target = { WorkgroupName: "default", Database: "dev" };
  const open = async () => {
    const command = spawnCommand(args, { atEnd });
    const settings = { endpoint: await command.url, region: "eu-west-1", credentials };
    return { command, client: new RedshiftDataClient(settings), SecretArn: await adminSecretOf(settings) };
  };
  let current = await open();
  const end = async (signal: "SIGKILL" | "SIGTERM") => {
    current.client.destroy();
    current.command.kill(signal);
    await current.command.ended;
  };
  return {
    async rows(sql) {
      const rows = await runSql(current.client, { ...target, SecretArn: current.SecretArn }, sql);
      return rows.map((row) => row.map((cell) => cell.stringValue ?? cell.longValue ?? cell.booleanValue ?? null));
    },
    async kill() {
      await end("SIGKILL");
      current = await open();
    },
    async restart() {
      await end("SIGTERM");
      current = await open();
    },
    close: () => end("SIGTERM"),
  };
}
