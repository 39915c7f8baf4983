import { createHash } from "node:crypto";
import type { DatabaseUser } from "./database/database.ts";
import { secretUnknown, secretUnusable } from "./data-api/errors.ts";
import type { Warehouse, Warehouses } from "./data-api/target.ts";
import { matchesPassword } from "./serverless/admin-password.ts";
import { arnOf, type Place } from "./serverless/arn.ts";
import type { DatabasePool } from "./serverless/database-pool.ts";
import { iamUserName } from "./serverless/iam-user.ts";
import type { Registry } from "./serverless/registry.ts";
import type { SecretStore } from "./secrets/secret-store.ts";
import type { NamespaceRecord, WorkgroupRecord } from "./serverless/state.ts";

/** The control plane's workgroups, as the Data API sees them. */
export function createWarehouses(
  options: Place & { readonly registry: Registry; readonly databases: DatabasePool; readonly secrets: SecretStore },
): Warehouses {
  const { registry, databases, secrets } = options;
  /** Given passwords that matched, by namespace: hashing anew for each statement would take longer than the statement. */
  const matched = new Map<string, string>();

  async function identifyUser(
    namespace: NamespaceRecord,
    secretArn: string | undefined,
  ): Promise<DatabaseUser | Error> {
    if (secretArn === undefined) return { name: iamUserName, superuser: false };
    const text = await secrets.get(secretArn);
    if (text === undefined) throw secretUnknown();
    const { username, password } = readSecret(text);
    if (username === namespace.adminUsername) {
      const isRight = await isAdminPassword(namespace, password);
      return isRight ? { name: username, superuser: true } : wrongPassword(username);
    }
    const isRight = await isUsersPassword(namespace, username, password);
    return isRight instanceof Error ? isRight : { name: username, superuser: false };
  }

  /** Users that SQL made are in the database. */
  async function isUsersPassword(
    namespace: NamespaceRecord,
    username: string,
    password: string,
  ): Promise<true | Error> {
    try {
      const database = await databases.open(namespace, namespace.dbName);
      return database.isPassword(username, password) ? true : wrongPassword(username);
    } catch (error) {
      return error as Error;
    }
  }

  async function isAdminPassword(namespace: NamespaceRecord, password: string): Promise<boolean> {
    if (namespace.adminPasswordSecretArn !== undefined) {
      const managed = await secrets.get(namespace.adminPasswordSecretArn);
      return managed !== undefined && readSecret(managed).password === password;
    }
    const kept = namespace.adminPasswordHash;
    if (!kept) return false;
    const fingerprint = createHash("sha256").update(kept.hash).update(password).digest("base64");
    if (matched.get(namespace.namespaceId) === fingerprint) return true;
    const isRight = await matchesPassword(password, kept);
    if (isRight) matched.set(namespace.namespaceId, fingerprint);
    return isRight;
  }

  function describe(workgroup: WorkgroupRecord, namespace: NamespaceRecord): Warehouse {
    const isAvailable = [workgroup, namespace].every((record) => registry.statusOf(record) === "AVAILABLE");
    return {
      namespaceId: namespace.namespaceId,
      workgroupName: workgroup.workgroupName,
      isAvailable,
      databaseNames: [namespace.dbName],
      open: (databaseName) => databases.open(namespace, databaseName),
      identify: (secretArn) => identifyUser(namespace, secretArn),
    };
  }

  return {
    find(nameOrArn) {
      const workgroup = nameOrArn.startsWith("arn:")
        ? registry.state.workgroups.find((record) => arnOf(options, "workgroup", record.workgroupId) === nameOrArn)
        : registry.findWorkgroup(nameOrArn);
      const namespace = workgroup && registry.findNamespace(workgroup.namespaceName);
      return workgroup && namespace ? describe(workgroup, namespace) : undefined;
    },
  };
}

/** The same for a user that does not exist. */
const wrongPassword = (username: string) => new Error(`FATAL: password authentication failed for user "${username}"`);

function readSecret(text: string): { readonly username: string; readonly password: string } {
  let secret: unknown;
  try {
    secret = JSON.parse(text);
  } catch {
    throw secretUnusable();
  }
  const { username, password } = (secret ?? {}) as { username?: unknown; password?: unknown };
  if (typeof username !== "string" || typeof password !== "string") throw secretUnusable();
  return { username, password };
}
