import { listMigrations } from "@millrace/migrations";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity.js";
import { getStack, RunError, runtime } from "@pulumi/pulumi";
import { bundleHandler } from "./handler-bundle.ts";
import { Migrations, type MigrationsArgs } from "./migrations.ts";
import { findNetwork } from "./network.ts";
import { readStreamPolicy } from "./policies.ts";
import { ProducerFunction } from "./producer-function.ts";
import { ProducerSchedule } from "./producer-schedule.ts";
import { makeProviders } from "./providers.ts";
import { ServiceRole } from "./roles.ts";
import { readSettings, type Settings, SettingsError, type SettingsSource } from "./settings.ts";
import type { StackOutputs } from "./stack-outputs.ts";
import { findCrossings, type StageSurroundings } from "./stage-guard.ts";
import { EventStream } from "./stream.ts";
import { stageTags } from "./tags.ts";
import { EventWarehouse } from "./warehouse.ts";

/** All that the program takes from outside; tests give their own. */
export interface ProgramSurroundings extends StageSurroundings, SettingsSource {
  listMigrations(): Promise<MigrationsArgs["migrations"]>;
  bundleHandler(): Promise<string>;
}

/**
 * The Pulumi program, the same for every stage. Throws a `RunError`, before any resource is registered, where the
 * surroundings belong to another stage or the configuration is wrong.
 */
export async function program(surroundings: ProgramSurroundings = surroundingsOfProcess()): Promise<StackOutputs> {
  const crossings = findCrossings(surroundings);
  if (crossings.length > 0) throw new RunError([...crossings, "Nothing was changed."].join("\n"));
  const settings = readSettingsOrStop(surroundings);

  const { stage, region, protectData } = settings;
  const providers = makeProviders(settings);
  const opts = { providers: { ...providers } };
  const [handlerCode, migrations, { accountId }, network] = await Promise.all([
    surroundings.bundleHandler(),
    surroundings.listMigrations(),
    getCallerIdentity({}, { provider: providers.aws }),
    findNetwork(settings.network, { isProduction: settings.isProduction, provider: providers.aws }),
  ]);
  const tags = stageTags(stage);

  const stream = new EventStream(
    "millrace-events",
    { streamName: `millrace-events-${stage}`, settings: settings.stream, tags, protectData },
    opts,
  );
  const { streamName, streamArn, keyArn } = stream;
  const redshiftRole = new ServiceRole(
    "millrace-redshift",
    {
      // The SQL of the external schema names this role.
      roleName: `millrace-redshift-${stage}`,
      description: `Lets Redshift read the stream millrace-events-${stage}`,
      services: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"],
      accountId,
      policy: readStreamPolicy({ region, streamArn, ...(keyArn === undefined ? {} : { keyArn }) }),
    },
    opts,
  );
  const warehouse = new EventWarehouse(
    "millrace-warehouse",
    { settings: settings.warehouse, network, roleArn: redshiftRole.arn, tags, protectData },
    opts,
  );
  const producer = new ProducerFunction(
    "millrace-producer",
    {
      functionName: `millrace-producer-${stage}`,
      accountId,
      region,
      streamName,
      streamArn,
      keyArn,
      handlerCode,
      logRetentionDays: settings.producer.logRetentionDays,
    },
    opts,
  );
  new ProducerSchedule(
    "millrace-producer-schedule",
    {
      groupName: `millrace-${stage}`,
      accountId,
      functionArn: producer.functionArn,
      deadLetterArn: producer.deadLetterArn,
      settings: settings.producer,
    },
    opts,
  );
  const applied = new Migrations(
    "millrace-migrations",
    {
      region,
      workgroupName: warehouse.workgroupName,
      databaseName: settings.warehouse.databaseName,
      adminSecretArn: warehouse.adminSecretArn,
      streamName,
      redshiftRoleArn: redshiftRole.arn,
      migrations,
    },
    // The SQL reads the stream with the role, by names and not by outputs that would order all of it.
    { dependsOn: [stream, redshiftRole, warehouse] },
  );

  return {
    stage,
    region,
    streamName,
    streamArn,
    namespaceName: warehouse.namespaceName,
    namespaceArn: warehouse.namespaceArn,
    workgroupName: warehouse.workgroupName,
    workgroupArn: warehouse.workgroupArn,
    endpointAddress: warehouse.endpointAddress,
    endpointPort: warehouse.endpointPort,
    databaseName: settings.warehouse.databaseName,
    adminSecretArn: warehouse.adminSecretArn,
    redshiftRoleArn: redshiftRole.arn,
    producerRoleArn: producer.roleArn,
    producerFunctionName: producer.functionName,
    migrationsApplied: applied.migrationsApplied,
  };
}

function readSettingsOrStop(source: SettingsSource): Settings {
  try {
    return readSettings(source);
  } catch (error) {
    // A RunError is printed without its stack.
    throw error instanceof SettingsError ? new RunError(error.message) : error;
  }
}

function surroundingsOfProcess(): ProgramSurroundings {
  return {
    stage: getStack(),
    env: process.env,
    config: runtime.allConfig(),
    isSecret,
    listMigrations: () =>
      listMigrations().catch((error: Error) => {
        throw new RunError(error.message);
      }),
    bundleHandler: () => bundleHandler(),
  };
}

/** Pulumi exports this without declaring it, and offers no declared way to ask. */
function isSecret(key: string): boolean {
  return (runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
