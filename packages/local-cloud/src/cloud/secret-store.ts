import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomic } from "../atomic-file.ts";
import { localAccountId, localRegion } from "../aws-constants.ts";

/** A secret as it is kept. `value` never goes into logs or messages. */
export interface StoredSecret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  readonly versionId: string;
  readonly createdAt: string;
  readonly description?: string;
}

/** The secrets of one data directory, in one file that only its owner may read. */
export interface SecretStore {
  /** Stores a secret and returns its ARN, which ends in six random letters. A second one of the name replaces the value. */
  create(name: string, value: string, options?: { description?: string }): Promise<string>;
  get(nameOrArn: string): Promise<string | undefined>;
  remove(nameOrArn: string): Promise<void>;
  find(nameOrArn: string): StoredSecret | undefined;
  list(): readonly StoredSecret[];
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Opens the store in `file`. `random` gives an integer below its argument, `now` epoch milliseconds.
 * Throws an Error with the cure when the file is broken.
 */
export function openSecretStore(options: {
  file: string;
  now?: () => number;
  random?: (below: number) => number;
  makeId?: () => string;
}): SecretStore {
  const { file, now = Date.now, random = randomInt, makeId = () => crypto.randomUUID() } = options;
  let secrets = readSecrets(file);
  const save = (next: readonly StoredSecret[]) => {
    writeFileAtomic(file, JSON.stringify({ version: 1, secrets: next }, null, 2));
    secrets = next;
  };
  const find = (nameOrArn: string) =>
    secrets.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn || arn.slice(0, -7) === nameOrArn);

  return {
    async create(name, value, { description } = {}) {
      const old = find(name);
      const suffix = Array.from({ length: 6 }, () => letters[random(letters.length)]).join("");
      const arn = old?.arn ?? `arn:aws:secretsmanager:${localRegion}:${localAccountId}:secret:${name}-${suffix}`;
      const createdAt = old?.createdAt ?? new Date(now()).toISOString();
      const created = { name, arn, value, versionId: makeId(), createdAt, ...(description ? { description } : {}) };
      save([...secrets.filter((secret) => secret !== old), created]);
      return arn;
    },
    get: async (nameOrArn) => find(nameOrArn)?.value,
    async remove(nameOrArn) {
      const old = find(nameOrArn);
      if (old) save(secrets.filter((secret) => secret !== old));
    },
    find,
    list: () => secrets,
  };
}

function readSecrets(file: string): readonly StoredSecret[] {
  if (!existsSync(file)) return [];
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { secrets: StoredSecret[] }).secrets;
  } catch {
    // The cause would quote the contents.
    throw new Error(`The secrets in ${file} cannot be read: delete the data directory and start anew.`);
  }
}
