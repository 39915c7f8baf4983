import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { acquireLock } from "@millrace/local-kinesis/directory-lock";
import { startFakeProvider, type FakeProvider } from "../../testing/fake-provider.ts";
import { makeTinyProject, type TinyProject } from "../../testing/tiny-project.ts";
import { claimDirectory } from "../cloud/engine-marker.ts";
import { deployLocal, type DeployOptions } from "./deploy-local.ts";
import type { DeployError } from "./deploy-event.ts";
import type { StackState } from "./state-file.ts";

let fake: FakeProvider;
let project: TinyProject;

beforeAll(async () => {
  fake = await startFakeProvider();
});
afterAll(() => fake.close());
beforeEach(() => {
  project = makeTinyProject();
  fake.calls.length = 0;
  fake.things.clear();
  fake.failing.clear();
});
afterEach(() => project.remove());

const deploy = (options: Partial<DeployOptions> = {}) =>
  deployLocal({
    projectDirectory: project.directory,
    stack: "local",
    directory: project.dataDirectory,
    endpoint: "http://127.0.0.1:1",
    startPackage: fake.start,
    ...options,
  });
const stateFile = () => join(project.dataDirectory, "state.json");
const readStateFile = () => JSON.parse(readFileSync(stateFile(), "utf8")) as StackState;
const callsOf = async (run: Promise<unknown>) => {
  fake.calls.length = 0;
  await run;
  return [...fake.calls];
};
const failureOf = (run: Promise<unknown>): Promise<DeployError> =>
  run.then(
    () => expect.fail("the deployment did not fail"),
    (error: DeployError) => error,
  );

describe("a deployment by the small engine", () => {
  test("makes what the program registers, and a second run finds it as it was", async () => {
    project.declare([
      { name: "a", props: { size: 1 } },
      { name: "b", props: { near: "$a.address" } },
    ]);
    const first = await deploy();
    expect(first.changes).toEqual({ create: 6, update: 0, replace: 0, delete: 0, same: 0 });
    expect(first.outputs).toMatchObject({
      names: ["a", "b"],
      setting: "one",
      addresses: { a: expect.stringMatching(/^at a-/) },
    });
    expect([...fake.things.values()]).toContainEqual({ near: expect.stringMatching(/^at a-/) });
    expect(statSync(stateFile()).mode & 0o777).toBe(0o600);

    fake.calls.length = 0;
    const second = await deploy();
    expect(fake.calls).toEqual([]);
    expect(second.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 6 });
    expect(second.outputs).toEqual(first.outputs);
  });

  test("deletes what the program no longer registers, dependents first", async () => {
    project.declare([{ name: "a" }, { name: "b", dependsOn: ["a"] }, { name: "c", props: { near: "$b.address" } }]);
    await deploy();
    project.declare([]);
    const calls = await callsOf(deploy());
    expect(calls.map((call) => call.replace(/-\d+$/, ""))).toEqual(["delete c", "delete b", "delete a"]);
  });

  test("a failure of a leaf fails the run, keeps what was made and is made good by the next run", async () => {
    project.declare([{ name: "a" }, { name: "b", dependsOn: ["a"] }, { name: "c", dependsOn: ["b"] }]);
    fake.failing.add("create c");
    const error = await failureOf(deploy());
    expect(error.failures).toEqual([
      { urn: expect.stringMatching(/::c$/), operation: "create", message: "create c is refused" },
    ]);
    expect(fake.things.size).toBe(2);

    fake.failing.clear();
    expect(await callsOf(deploy())).toEqual(["create c adopting"]);
    expect(readStateFile().pendingCreates).toEqual([]);
  });

  test("a failing program is an error with its own words, and deletes nothing", async () => {
    project.declare([{ name: "a" }]);
    await deploy();
    writeFileSync(join(project.directory, "program/resources.json"), "{ broken");
    expect((await failureOf(deploy())).message).toContain("JSON");
    expect(fake.things.size).toBe(1);
  });

  test("destroys everything without running the program", async () => {
    project.declare([{ name: "a" }, { name: "b", dependsOn: ["a"] }]);
    await deploy();
    writeFileSync(join(project.directory, "program/main.mjs"), "throw new Error('not run')");
    const { changes } = await deploy({ destroy: true });
    expect(changes.delete).toBe(6);
    expect(fake.things.size).toBe(0);
    expect(readStateFile().resources).toEqual([]);
  });

  test("that was stopped before it began ends at once, also where nothing has changed", async () => {
    project.declare([{ name: "a", props: {} }]);
    await deploy();
    const calls = await callsOf(
      failureOf(deploy({ signal: AbortSignal.abort() })).then(({ message }) =>
        expect(message).toContain("was stopped"),
      ),
    );
    expect(calls).toEqual([]);
    expect((await deploy()).changes.create).toBe(0);
  });

  test("stops after the step under way when the caller asks", async () => {
    project.declare([{ name: "a" }]);
    const stop = new AbortController();
    const run = deploy({ signal: stop.signal, onEvent: ({ name }) => name === "a" && stop.abort() });
    expect((await failureOf(run)).message).toContain("was stopped");
    expect(existsSync(join(project.dataDirectory, "deploy.lock"))).toBe(false);
  });
});

describe("a data directory", () => {
  test("of the Pulumi CLI is refused by name", async () => {
    claimDirectory(project.dataDirectory, "pulumi");
    expect((await failureOf(deploy())).message).toContain("the Pulumi CLI");
  });

  test("with a broken state file is refused with the cure", async () => {
    mkdirSync(project.dataDirectory);
    writeFileSync(stateFile(), "{");
    expect((await failureOf(deploy())).message).toMatch(/state\.json is not JSON: delete/);
  });

  test("being deployed is refused with the pid", async () => {
    const lock = acquireLock(join(project.dataDirectory, "deploy.lock"), "It");
    expect((await failureOf(deploy())).message).toContain(`process ${process.pid}`);
    lock.release();
  });
});

test("an encrypted value in the stack file is refused with a sentence", async () => {
  project.writeStack("config:\n  tiny:setting: { secure: v1:abc }\n");
  expect((await failureOf(deploy())).message).toMatch(/tiny:setting is encrypted/);
});
