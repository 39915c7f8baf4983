import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** Properties of a resource in the form the engine and its plugins exchange: JSON plus the marked values below. */
export type Properties = Record<string, unknown>;

// The marks are part of Pulumi's wire format: @pulumi/pulumi/runtime/rpc.js.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What a preview sends in place of a value that only an update can know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks a value as a secret. */
export function secret(value: unknown): Properties {
  return { [signatureKey]: secretSignature, value };
}

/** The value with every mark of a secret taken off, at every depth. */
export function withoutSecrets<T = unknown>(value: unknown): T {
  return transform(value, (node) => (isMarked(node, secretSignature) ? node.value : node)) as T;
}

/** Whether a secret is anywhere in the value. */
export function containsSecret(value: unknown): boolean {
  return contains(value, (node) => isMarked(node, secretSignature));
}

/** Whether a value that only an update can know is anywhere in the value. */
export function containsUnknown(value: unknown): boolean {
  return contains(value, (node) => node === unknownValue);
}

/** Whether an asset or an archive is anywhere in the value. */
export function containsAsset(value: unknown): boolean {
  return contains(value, (node) => isMarked(node, assetSignature) || isMarked(node, archiveSignature));
}

/**
 * The value with assets and archives reduced to their mark and hash, so that states stay small and equal contents compare
 * equal. Relative paths are below `directory`. Throws for an asset that is only an address on the network.
 */
export function withAssetHashes<T = unknown>(value: unknown, directory: string): T {
  return transform(value, (node) => {
    if (!isMarked(node, assetSignature) && !isMarked(node, archiveSignature)) return node;
    if (typeof node.hash === "string" && Object.keys(node).length === 2) return node;
    return { [signatureKey]: node[signatureKey], hash: hashAsset(node, directory) };
  }) as T;
}

/**
 * Outputs with the secrets of the inputs marked again: a key that was secret among the inputs is secret among the outputs,
 * and so is every key in `secretKeys`.
 */
export function withSecretsOf(outputs: Properties, inputs: Properties, secretKeys: readonly string[] = []): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const isSecret = secretKeys.includes(key) || containsSecret(inputs[key]);
      return [key, isSecret && !containsSecret(value) ? secret(value) : value];
    }),
  );
}

function hashAsset(node: Properties, directory: string): string {
  if (typeof node.hash === "string" && node.hash !== "") return node.hash;
  if (typeof node.text === "string") return sha256(node.text);
  if (typeof node.path === "string") return hashPath(resolve(directory, node.path));
  if (node.assets && typeof node.assets === "object") {
    const entries = Object.entries(node.assets as Properties).sort(([a], [b]) => (a < b ? -1 : 1));
    return sha256(JSON.stringify(entries.map(([name, asset]) => [name, hashAsset(asset as Properties, directory)])));
  }
  throw new Error(
    `An asset must be text, a file or an archive of these, got one with ${Object.keys(node).join(", ")}: bring remote contents into the project.`,
  );
}

function hashPath(path: string): string {
  if (!statSync(path).isDirectory()) return sha256(readFileSync(path));
  const names = readdirSync(path).sort();
  return sha256(JSON.stringify(names.map((name) => [name, hashPath(join(path, name))])));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function isMarked(node: unknown, signature: string): node is Properties {
  return typeof node === "object" && node !== null && (node as Properties)[signatureKey] === signature;
}

function contains(value: unknown, test: (node: unknown) => boolean): boolean {
  if (test(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((child) => contains(child, test));
}

function transform(value: unknown, change: (node: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== value) return transform(changed, change);
  if (Array.isArray(value)) return value.map((child) => transform(child, change));
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  if (isMarked(value, assetSignature) || isMarked(value, archiveSignature)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, transform(child, change)]));
}
