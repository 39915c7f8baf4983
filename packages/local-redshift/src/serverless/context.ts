import type { Place } from "./arn.ts";
import type { DatabasePool } from "./database-pool.ts";
import type { Registry } from "./registry.ts";
import type { SecretStore } from "../secrets/secret-store.ts";

/** What the control plane's operations work on. */
export interface ServerlessContext extends Place {
  readonly registry: Registry;
  readonly databases: DatabasePool;
  readonly secrets: SecretStore;
  readonly now: () => number;
  readonly log: (line: string) => void;
}
