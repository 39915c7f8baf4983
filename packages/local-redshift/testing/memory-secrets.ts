import type { SecretStore } from "../src/secrets/secret-store.ts";

/** Secrets kept in memory, by name. */
export function createMemorySecrets(): SecretStore & { readonly names: () => string[] } {
  const secrets = new Map<string, { readonly arn: string; readonly value: string }>();
  let count = 0;
  const nameOf = (nameOrArn: string) =>
    secrets.has(nameOrArn) ? nameOrArn : [...secrets].find(([, { arn }]) => arn === nameOrArn)?.[0];
  return {
    names: () => [...secrets.keys()],
    create(name, value) {
      if (secrets.has(name)) return Promise.reject(new Error(`The secret ${name} exists`));
      const arn = `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${name}-${String(++count).padStart(6, "a")}`;
      secrets.set(name, { arn, value });
      return Promise.resolve(arn);
    },
    get: (nameOrArn) => Promise.resolve(secrets.get(nameOf(nameOrArn) ?? "")?.value),
    remove(nameOrArn) {
      secrets.delete(nameOf(nameOrArn) ?? "");
      return Promise.resolve();
    },
  };
}
