import { afterEach, beforeEach, expect, test } from "vitest";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTinyProject, type TinyProject } from "../../testing/tiny-project.ts";
import { readProjectSettings } from "./project-settings.ts";

let project: TinyProject;
const read = () => readProjectSettings(project.directory, "local");

beforeEach(() => {
  project = makeTinyProject();
});
afterEach(() => project.remove());

test("keys get their namespace, and values the form that the program reads", () => {
  project.writeStack(
    "config:\n  setting: two\n  aws:region: eu-west-1\n  tiny:flag: true\n  tiny:list: [a, b]\n  tiny:hours: 24\n",
  );
  expect(read()).toMatchObject({
    project: "tiny",
    programDirectory: join(project.directory, "program"),
    entry: "./main.mjs",
    config: {
      "tiny:setting": "two",
      "aws:region": "eu-west-1",
      "tiny:flag": "true",
      "tiny:list": '["a","b"]',
      "tiny:hours": "24",
    },
  });
});

test.each([
  ["config:\n  tiny:word: { secure: v1:abc }\n", /tiny:word is encrypted/],
  ["config:\n  tiny:deep:\n    inner: { secure: v1:abc }\n", /tiny:deep\.inner is encrypted/],
  ["environment: [base]\n", /no ESC environments/],
  ["config: [", /is not YAML/],
  ["- a\n", /Pulumi\.local\.yaml must hold keys with values.*got \["a"\]/],
  ["config: 3\n", /config must hold keys with values.*got 3/],
])("the stack file %j is refused with a sentence", (text, message) => {
  project.writeStack(text);
  expect(read).toThrow(message);
});

test("a stack file that is not there is told with the cure", () => {
  rmSync(read().stackFile);
  expect(read).toThrow(/Pulumi\.local\.yaml cannot be read: put it back/);
});

test.each([
  ["name: tiny\nruntime: python\n", /runtime must be nodejs, got "python"/],
  ["name: tiny\nruntime: nodejs\nconfig: { a: 1 }\n", /move config to the stack files/],
  ["runtime: nodejs\n", /must have a name/],
])("the project file %j is refused with a sentence", (text, message) => {
  writeFileSync(join(project.directory, "Pulumi.yaml"), text);
  expect(read).toThrow(message);
});
