import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { noStreams } from "../src/database/streaming/no-streams.ts";
import { startLocalRedshift } from "../src/local-redshift.ts";
import type { RedshiftSettings } from "../src/redshift.ts";
import { createFakeDatabases, type FakeDatabases } from "./fake-database.ts";
import { createMemorySecrets } from "./memory-secrets.ts";

/** A Redshift over real sockets with unmodified clients, on fake databases unless told otherwise. */
export interface RedshiftFixture {
  readonly directory: string;
  readonly url: string;
  readonly data: RedshiftDataClient;
  readonly serverless: RedshiftServerlessClient;
  readonly databases: FakeDatabases;
  readonly secrets: ReturnType<typeof createMemorySecrets>;
  /** Opens the same directory again, as after a restart. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a Redshift in a folder of its own. */
export async function startFixture(settings: Partial<RedshiftSettings> = {}): Promise<RedshiftFixture> {
  const directory = await mkdtemp(join(tmpdir(), "local-redshift-"));
  const databases = createFakeDatabases();
  const secrets = createMemorySecrets();
  const start = (port: number) =>
    startLocalRedshift({
      port,
      directory,
      streams: noStreams,
      secrets,
      openDatabase: (options) => databases.open(options),
      ...settings,
    });
  let redshift = await start(0);
  const { url } = redshift;
  const options = {
    endpoint: url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const data = new RedshiftDataClient(options);
  const serverless = new RedshiftServerlessClient(options);
  return {
    directory,
    url,
    data,
    serverless,
    databases,
    secrets,
    async restart() {
      await redshift.close();
      redshift = await start(redshift.port);
    },
    async close() {
      data.destroy();
      serverless.destroy();
      await redshift.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Makes namespace `events-ns` with a managed password and workgroup `events-wg`; answers the secret's ARN. */
export async function createWarehouse({ serverless }: Pick<RedshiftFixture, "serverless">): Promise<string> {
  const { namespace } = await serverless.send(
    new CreateNamespaceCommand({ namespaceName: "events-ns", manageAdminPassword: true }),
  );
  await serverless.send(new CreateWorkgroupCommand({ workgroupName: "events-wg", namespaceName: "events-ns" }));
  return namespace?.adminPasswordSecretArn ?? "";
}
