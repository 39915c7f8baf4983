import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { replaceFile } from "../replace-file.ts";
import type { SecretStore } from "./secret-store.ts";

/** A secret as it is kept. `value` never goes into logs or messages. */
export interface StoredSecret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  readonly versionId: string;
  readonly createdAt: string;
  readonly description?: string;
}

/** Secrets that can be looked through, as Secrets Manager does. */
export interface KeptSecrets extends SecretStore {
  find(nameOrArn: string): StoredSecret | undefined;
  list(): readonly StoredSecret[];
}

/** How to keep secrets; see {@link openSecretStore}. */
export interface SecretStoreOptions {
  /** A file that only its owner may read, made with the first secret; without it they are kept in memory. */
  readonly file?: string;
  readonly region?: string;
  readonly accountId?: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Opens a store of secrets. A second secret of a name replaces the value and keeps the ARN. Throws an Error with the cure when the file is
 * broken.
 */
export async function openSecretStore(options: SecretStoreOptions = {}): Promise<KeptSecrets> {
  const { file, region = "eu-west-1", accountId = "000000000000", now = Date.now } = options;
  let secrets = file === undefined ? [] : await readSecrets(file);
  let lastChange: Promise<unknown> = Promise.resolve();
  const change = (act: () => readonly StoredSecret[]): Promise<void> => {
    const changed = lastChange.then(async () => {
      const next = act();
      if (file !== undefined) await replaceFile(file, JSON.stringify({ version: 1, secrets: next }, null, 2));
      secrets = next;
    });
    lastChange = changed.catch(() => undefined);
    return changed;
  };
  const find = (nameOrArn: string) =>
    secrets.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn || arn.slice(0, -7) === nameOrArn);

  return {
    async create(name, value, { description } = {}) {
      const suffix = Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join("");
      await change(() => {
        const old = find(name);
        const arn = old?.arn ?? `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
        const createdAt = old?.createdAt ?? new Date(now()).toISOString();
        const versionId = crypto.randomUUID();
        const created = { name, arn, value, versionId, createdAt, ...(description ? { description } : {}) };
        return [...secrets.filter((secret) => secret !== old), created];
      });
      return find(name)!.arn;
    },
    get: async (nameOrArn) => find(nameOrArn)?.value,
    remove: (nameOrArn) =>
      change(() => {
        const old = find(nameOrArn);
        return secrets.filter((secret) => secret !== old);
      }),
    find,
    list: () => secrets,
  };
}

async function readSecrets(file: string): Promise<readonly StoredSecret[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    return (JSON.parse(text) as { secrets: StoredSecret[] }).secrets;
  } catch {
    // The cause would quote the contents.
    throw new Error(`The secrets in ${file} cannot be read: delete the data directory and start anew.`);
  }
}
