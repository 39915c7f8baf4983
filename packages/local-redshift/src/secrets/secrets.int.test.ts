import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSecretStore } from "./open-secret-store.ts";
import { makeSecretsManager } from "./secrets-manager.ts";

let directory: string;
const open = () => openSecretStore({ file: join(directory, "secrets.json"), now: () => 1_700_000_000_000 });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-secrets-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a secret is found by name, by ARN and by ARN without its letters, also after opening the file again", async () => {
  const arn = await (await open()).create("redshift!admin", "hush");
  expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:redshift!admin-[A-Za-z0-9]{6}$/);
  for (const id of ["redshift!admin", arn, arn.slice(0, -7)]) expect(await (await open()).get(id)).toBe("hush");
});

test("the file is its owner's alone", async () => {
  await (await open()).create("a", "hush");
  expect(statSync(join(directory, "secrets.json")).mode & 0o777).toBe(0o600);
});

test("a second secret of the name replaces the value and keeps the ARN", async () => {
  const store = await open();
  const arn = await store.create("a", "one");
  expect(await store.create("a", "two")).toBe(arn);
  expect(await store.get(arn)).toBe("two");
  await store.remove("a");
  expect(await store.get(arn)).toBeUndefined();
});

test("a broken file is an error with the cure that shows nothing of it", async () => {
  writeFileSync(join(directory, "secrets.json"), '{"secrets": hush');
  await expect(open()).rejects.toThrow(/cannot be read: delete/);
  await expect(open()).rejects.not.toThrow(/hush/);
});

test("Secrets Manager answers for the store, and in AWS's words for what is missing", async () => {
  const store = await open();
  const arn = await store.create("a", "hush", { description: "for a" });
  const { handle } = makeSecretsManager(store);
  const ask = (operation: string, input: Record<string, unknown>) =>
    handle({ operation, input } as Parameters<typeof handle>[0]);
  expect(await ask("GetSecretValue", { SecretId: arn })).toMatchObject({
    ARN: arn,
    Name: "a",
    SecretString: "hush",
    VersionStages: ["AWSCURRENT"],
  });
  expect(await ask("DescribeSecret", { SecretId: "a" })).toMatchObject({
    Description: "for a",
    CreatedDate: new Date(1_700_000_000_000),
  });
  expect(JSON.stringify(await ask("ListSecrets", {}))).not.toContain("hush");
  await expect(ask("GetSecretValue", { SecretId: "b" })).rejects.toThrow(
    "Secrets Manager can't find the specified secret.",
  );
  const made = await ask("CreateSecret", { Name: "b", SecretString: "quiet" });
  expect(made).toMatchObject({ ARN: await store.create("b", "quieter"), Name: "b" });
  await expect(ask("CreateSecret", { Name: "b", SecretString: "loud" })).rejects.toThrow("already exists");
  await expect(ask("RotateSecret", {})).rejects.toThrow(/does not answer RotateSecret/);
});
