import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate, throwIfFailed } from "@millrace/migrations";
import { createWarehouse } from "@millrace/warehouse";
import type { SessionWarehouse, Warehouse } from "@millrace/warehouse";
import { startScript } from "../kinesis/server-process.ts";
import type { ServerProcess } from "../kinesis/server-process.ts";

const STREAM_NAME = "events";
const SHARD_COUNT = 4;
const ROLE_ARN = "arn:aws:iam::000000000000:role/redshift";
const clientOptions = {
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
};

/** A local cloud in a process of its own with the product's views over one stream. */
export interface CloudUnderTest {
  readonly process: ServerProcess;
  readonly streamName: string;
  readonly warehouse: Warehouse;
  /** Ends the process and starts one over the same data; the figure is from there to the first row of a query. */
  restart(query: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts an empty one and applies the product's migrations. */
export async function startCloud(): Promise<CloudUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-bench-"));
  let server = await startScript("../redshift/serve.ts", [directory]);
  const secretArn = await prepare(server.url);
  let warehouse = warehouseAt(server.url, secretArn);
  throwIfFailed(await migrate({ warehouse, values: { streamName: STREAM_NAME, redshiftRoleArn: ROLE_ARN } }));
  return {
    get process() {
      return server;
    },
    streamName: STREAM_NAME,
    get warehouse() {
      return warehouse;
    },
    async restart(query) {
      await server.stop();
      const startedAt = performance.now();
      server = await startScript("../redshift/serve.ts", [directory]);
      warehouse = warehouseAt(server.url, secretArn);
      await warehouse.query(query);
      return performance.now() - startedAt;
    },
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function warehouseAt(endpoint: string, secretArn: string): SessionWarehouse {
  const client = new RedshiftDataClient({ ...clientOptions, endpoint });
  return createWarehouse({ client, target: { workgroupName: "bench", database: "dev", secretArn } });
}

/** Makes stream, namespace and workgroup; answers the admin's secret. */
async function prepare(endpoint: string): Promise<string> {
  const kinesis = new KinesisClient({ ...clientOptions, endpoint });
  const serverless = new RedshiftServerlessClient({ ...clientOptions, endpoint });
  await kinesis.send(new CreateStreamCommand({ StreamName: STREAM_NAME, ShardCount: SHARD_COUNT }));
  const summary = new DescribeStreamSummaryCommand({ StreamName: STREAM_NAME });
  while ((await kinesis.send(summary)).StreamDescriptionSummary?.StreamStatus !== "ACTIVE") await sleep(20);
  const { namespace } = await serverless.send(
    new CreateNamespaceCommand({
      namespaceName: "bench",
      manageAdminPassword: true,
      iamRoles: [ROLE_ARN],
      defaultIamRoleArn: ROLE_ARN,
    }),
  );
  await serverless.send(new CreateWorkgroupCommand({ workgroupName: "bench", namespaceName: "bench" }));
  kinesis.destroy();
  serverless.destroy();
  return namespace?.adminPasswordSecretArn ?? "";
}
