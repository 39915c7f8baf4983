import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import type { SpawnedCommand } from "@millrace/local-wire/testing/spawn-script";
import { expect, onTestFinished } from "vitest";
import { credentials, startKinesisWorld } from "./kinesis-world.ts";
import { adminSecretOf, runSql } from "./run-sql.ts";

/** Starts the command beside a Kinesis that has a record, and waits until a view over its stream has it. */
export async function spawnAndFillView(spawn: (args: readonly string[]) => SpawnedCommand): Promise<SpawnedCommand> {
  const world = await startKinesisWorld();
  onTestFinished(() => world[Symbol.asyncDispose]());
  await world.createStream("events");
  await world.put("events", ['{"n":1}']);
  const command = spawn(["--port", "0", "--kinesis-endpoint", world.kinesis.url, "--poll", "20"]);
  const settings = { endpoint: await command.url, region: "eu-west-1", credentials };
  const client = new RedshiftDataClient(settings);
  const SecretArn = await adminSecretOf(settings);
  const run = (sql: string) => runSql(client, { WorkgroupName: "default", Database: "dev", SecretArn }, sql);
  await run("CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default");
  await run("CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT JSON_PARSE(kinesis_data) AS p FROM kds.events");
  await expect.poll(() => run("SELECT p.n::int FROM mv"), { timeout: 15_000 }).toEqual([[{ longValue: 1 }]]);
  client.destroy();
  return command;
}
