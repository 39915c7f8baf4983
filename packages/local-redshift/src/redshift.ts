import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { WireService } from "@millrace/local-wire";
import { openDatabase } from "./database/database.ts";
import type { Database, DatabaseSettings } from "./database/database.ts";
import type { StreamReader } from "./database/streaming/stream-reader.ts";
import type { DataApiLimits } from "./data-api/limits.ts";
import type { StatementEvent } from "./data-api/run.ts";
import { openDataApi } from "./data-api/service.ts";
import { createDatabasePool, type DatabasePool } from "./serverless/database-pool.ts";
import { openRegistry, type Registry } from "./serverless/registry.ts";
import type { SecretStore } from "./secrets/secret-store.ts";
import { createServerlessService } from "./serverless/service.ts";
import { liveSnapshots } from "./serverless/snapshot.ts";
import { createWarehouses } from "./warehouses.ts";

/** How to open a Redshift; see {@link openRedshift}. */
export interface RedshiftSettings {
  /**
   * Folder of this Redshift alone, made when missing: the state of the control plane and the databases. Without it all is in memory, and
   * nothing is written to the disk.
   */
  readonly directory?: string;
  /** Where streaming views read. */
  readonly streams: StreamReader;
  /** Where the admin passwords are kept, and what a `SecretArn` is looked up in. */
  readonly secrets: SecretStore;
  /** Default `eu-west-1`. */
  readonly region?: string;
  /** Twelve digits; default `000000000000`. */
  readonly accountId?: string;
  /** Epoch milliseconds; default the system's clock. */
  readonly now?: () => number;
  /** Default silent. Never gets SQL, results or secrets. */
  readonly log?: (line: string) => void;
  /** How long an automatic refresh of a streaming view waits, in milliseconds; default as fast as it can. */
  readonly refreshDelayMs?: number;
  /** How long namespaces and workgroups are CREATING, MODIFYING and DELETING, in milliseconds; default 0: never seen. */
  readonly stateDelayMs?: number;
  /** `aws` refuses what is over the Data API's requests a second; default `none`. */
  readonly requestRates?: "aws" | "none";
  /** The Data API's limits, where they are to differ from AWS's. */
  readonly limits?: Partial<DataApiLimits>;
  /** Called with the EventBridge event of a statement that was run `WithEvent`; default nobody hears it. */
  readonly onStatementEvent?: (event: StatementEvent) => void;
  /** Opens a database; default DuckDB, one file each. A test may give its own. */
  readonly openDatabase?: (settings: DatabaseSettings) => Promise<Database>;
}

/** A Redshift Serverless with its Data API. */
export interface Redshift {
  /** The Data API (`RedshiftData`) and the control plane (`RedshiftServerless`). */
  readonly services: readonly WireService[];
  /** Ends statements, sessions and refreshes, and closes the databases. */
  close(): Promise<void>;
}

/**
 * Opens the Redshift kept in a directory, and the databases of its workgroups, so that streaming views refresh without a client.
 * Throws when the state or a database cannot be read, or another process has it open.
 */
export async function openRedshift(settings: RedshiftSettings): Promise<Redshift> {
  const { directory, secrets, region = "eu-west-1", accountId = "000000000000", now = Date.now } = settings;
  const { log = () => undefined } = settings;
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const registry = await openRegistry({ directory, now, stateDelayMs: settings.stateDelayMs ?? 0 });
  const databases = createDatabasePool({
    directory,
    open: ({ file, databaseName, namespaceId, copyDirectory }) =>
      (settings.openDatabase ?? openDatabase)({
        file,
        databaseName,
        ...(copyDirectory === undefined ? {} : { copyDirectory }),
        streams: settings.streams,
        isRoleAttached: (arn) => registry.findNamespaceById(namespaceId)?.iamRoles.includes(arn) ?? false,
        defaultRoleArn: () => registry.findNamespaceById(namespaceId)?.defaultIamRoleArn,
        configParameters: () => parametersOf(registry, namespaceId),
        region,
        now,
        ...(settings.refreshDelayMs === undefined ? {} : { refreshDelayMs: settings.refreshDelayMs }),
        log,
      }),
  });
  await databases.sweep({
    namespaceIds: new Set(registry.state.namespaces.map(({ namespaceId }) => namespaceId)),
    snapshotIds: new Set(liveSnapshots(now(), registry.state).map(({ snapshotId }) => snapshotId)),
  });
  await openExisting(registry, databases);
  const place = { region, accountId };
  const dataApi = await openDataApi({
    warehouses: createWarehouses({ ...place, registry, databases, secrets }),
    resultDirectory: directory === undefined ? undefined : join(directory, "results"),
    principal: `arn:aws:iam::${accountId}:user/local`,
    now,
    ...(settings.limits ? { limits: settings.limits } : {}),
    ...(settings.requestRates ? { requestRates: settings.requestRates } : {}),
    ...(settings.onStatementEvent ? { onStatementEvent: settings.onStatementEvent } : {}),
  });
  const serverless = createServerlessService({ ...place, registry, databases, secrets, now, log });
  return {
    services: [dataApi.service, serverless],
    async close() {
      await dataApi.close();
      await databases.closeAll();
    },
  };
}

/** The parameters of a namespace's workgroup; there is one workgroup at most. */
function parametersOf(registry: Registry, namespaceId: string): Readonly<Record<string, string>> {
  const name = registry.findNamespaceById(namespaceId)?.namespaceName;
  return registry.state.workgroups.find(({ namespaceName }) => namespaceName === name)?.configParameters ?? {};
}

async function openExisting(registry: Registry, databases: DatabasePool): Promise<void> {
  try {
    await Promise.all(
      registry.state.workgroups.map(async ({ namespaceName }) => {
        const namespace = registry.findNamespace(namespaceName);
        if (namespace) await databases.open(namespace, namespace.dbName);
      }),
    );
  } catch (error) {
    await databases.closeAll();
    throw error;
  }
}
