import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { createWarehouse } from "@millrace/warehouse";
import { callerName } from "./caller-name.ts";
import { makeProvider } from "./provider-functions.ts";
import type { MigrationsInputs } from "./provider-inputs.ts";
import type { LockHolder } from "./run-lock.ts";

export type { MigrationsInputs, MigrationsOutputs } from "./provider-inputs.ts";

/**
 * Migrations as a Pulumi dynamic resource: `check`, `diff`, `create`, `read`, `update` and `delete` in the shapes of
 * `pulumi.dynamic.ResourceProvider`, for a stub that calls them by name. Names and signatures are permanent: ../PROVIDER-CONTRACT.md.
 *
 * The client is made at each call from the environment (credentials; endpoint from `AWS_ENDPOINT_URL`) and the region of the inputs.
 */
export const provider = makeProvider({ openWarehouse, who: callerName(), onWait: sayWait });

const { check, diff, create, read, update, delete: forget } = provider;
export { check, diff, create, read, update, forget as delete };

function openWarehouse({ region, workgroupName, databaseName, adminSecretArn }: MigrationsInputs) {
  const client = new RedshiftDataClient({ region });
  const warehouse = createWarehouse({
    client,
    target: { workgroupName, database: databaseName, secretArn: adminSecretArn },
  });
  return { warehouse, close: () => client.destroy() };
}

/** The engine shows what its providers write there. */
function sayWait({ who, since }: LockHolder): void {
  process.stderr.write(`migrations: waiting for ${who}, who is migrating this warehouse since ${since} UTC\n`);
}
