import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestProgram } from "./program-digest.ts";

let directory: string;
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(directory, file)), { recursive: true });
  writeFileSync(join(directory, file), text);
};
const digest = (environment: Record<string, string> = {}) =>
  digestProgram({
    projectDirectory: directory,
    settings: {
      project: "tiny",
      programDirectory: join(directory, "packages/infra"),
      entry: "./main.mjs",
      projectFile: join(directory, "Pulumi.yaml"),
      stackFile: join(directory, "stacks/Pulumi.local.yaml"),
      config: {},
    },
    engineDirectory: join(directory, "engine"),
    environment,
  });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-digest-"));
  write("package.json", '{ "workspaces": ["packages/*"] }');
  write("package-lock.json", "{}");
  write("Pulumi.yaml", "name: tiny");
  write("stacks/Pulumi.local.yaml", "config: {}");
  write("engine/engine.ts", "");
  write("packages/infra/package.json", '{ "name": "infra", "dependencies": { "migrations": "1" } }');
  write("packages/infra/main.mjs", "");
  write("packages/migrations/package.json", '{ "name": "migrations" }');
  write("packages/migrations/sql/V001.sql", "SELECT 1");
  write("packages/page/package.json", '{ "name": "page" }');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test.each([
  "Pulumi.yaml",
  "stacks/Pulumi.local.yaml",
  "package-lock.json",
  "engine/engine.ts",
  "packages/infra/main.mjs",
  "packages/infra/src/new.ts",
  "packages/migrations/sql/V001.sql",
  "packages/migrations/sql/V002.sql",
])("a change of %s changes it", (file) => {
  const before = digest();
  write(file, "changed: yes");
  expect(digest()).not.toBe(before);
});

test.each(["packages/page/index.ts", "packages/infra/src/x.unit.test.ts", "packages/infra/node_modules/a.js"])(
  "a change of %s does not",
  (file) => {
    const before = digest();
    write(file, "changed: yes");
    expect(digest()).toBe(before);
  },
);

test("a setting in the environment changes it, the endpoint does not", () => {
  expect(digest({ MILLRACE_FLAG: "1" })).not.toBe(digest());
  expect(digest({ MILLRACE_LOCAL_ENDPOINT: "http://127.0.0.1:1", HOME: "/x" })).toBe(digest());
});

test("there is none where it is not known which files a program is made of", () => {
  write("package.json", "{}");
  expect(digest()).toBeUndefined();
});
