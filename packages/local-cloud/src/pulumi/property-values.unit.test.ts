import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  containsSecret,
  containsUnknown,
  secret,
  unknownValue,
  withAssetHashes,
  withoutSecrets,
  withSecretsOf,
} from "./property-values.ts";

const mark = "4dabf18193072939515e22adb298388d";
const asset = (rest: object) => ({ [mark]: "c44067f5952c0a294b673a41bacd8c17", ...rest });
const archive = (rest: object) => ({ [mark]: "0def7320c3a5731c473e5ecbe6d01bc7", ...rest });

test("secrets are taken off at every depth", () => {
  const value = { a: secret({ b: [secret("c")] }), d: 1 };
  expect(withoutSecrets(value)).toEqual({ a: { b: ["c"] }, d: 1 });
  expect(containsSecret(value)).toBe(true);
  expect(containsSecret(withoutSecrets(value))).toBe(false);
});

test("outputs are secret where the input of the name was, and where asked for", () => {
  const inputs = { word: { inner: secret("x") }, plain: 1 };
  expect(withSecretsOf({ word: { inner: "x" }, plain: 1, more: 2 }, inputs, ["more"])).toEqual({
    word: secret({ inner: "x" }),
    plain: 1,
    more: secret(2),
  });
});

test("unknowns are found at every depth", () => {
  expect(containsUnknown({ a: [{ b: unknownValue }] })).toBe(true);
  expect(containsUnknown({ a: "known" })).toBe(false);
});

test("equal contents have equal hashes, and the contents are gone", () => {
  const directory = mkdtempSync(join(tmpdir(), "millrace-assets-"));
  try {
    writeFileSync(join(directory, "index.mjs"), "code");
    const text = withAssetHashes({ code: archive({ assets: { "index.mjs": asset({ text: "code" }) } }) }, directory);
    const file = withAssetHashes(
      { code: archive({ assets: { "index.mjs": asset({ path: "index.mjs" }) } }) },
      directory,
    );
    expect(text).toEqual(file);
    expect(JSON.stringify(text)).not.toContain("index.mjs");
    expect(withAssetHashes(text, directory)).toEqual(text);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("an asset that is only an address is refused", () => {
  expect(() => withAssetHashes({ code: asset({ uri: "https://example.com/x" }) }, ".")).toThrow(/must be text, a file/);
});
