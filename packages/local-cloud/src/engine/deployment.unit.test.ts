import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startFakeProvider, type FakeProvider } from "../../testing/fake-provider.ts";
import { secret } from "../pulumi/property-values.ts";
import type { DeployEvent } from "./deploy-event.ts";
import { makeDeployment } from "./deployment.ts";
import { makeProviderHost } from "./provider-host.ts";
import type { Registered, Registration } from "./registration.ts";
import { makeStackStore } from "./stack-store.ts";
import { readState } from "./state-file.ts";

let fake: FakeProvider;
let directory: string;

beforeAll(async () => {
  fake = await startFakeProvider();
});
afterAll(() => fake.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-deployment-"));
  fake.calls.length = 0;
  fake.things.clear();
  fake.failing.clear();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const stateFile = () => join(directory, "state.json");
const state = () => readState(stateFile(), "tiny", "local");

function thing(name: string, rest: Partial<Registration> = {}): Registration {
  return {
    type: "aws:tiny/thing:Thing",
    name,
    custom: true,
    parent: "",
    inputs: {},
    provider: "",
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    protect: false,
    retainOnDelete: false,
    deleteBeforeReplace: undefined,
    ...rest,
  };
}

/** One run of a program that registers the given things one after the other, as those of a real one that need each other. */
async function run(things: readonly Registration[], { dryRun = false, withoutProvider = false } = {}) {
  const events: DeployEvent[] = [];
  const store = makeStackStore(state(), dryRun ? undefined : stateFile());
  const providers = makeProviderHost({ start: fake.start, config: {}, recall: (urn) => store.find(urn)?.inputs });
  const deployment = makeDeployment({
    ...{ project: "tiny", stack: "local", programDirectory: directory, store, providers, dryRun },
    onEvent: (event) => events.push(event),
  });
  const registered: Registered[] = [];
  fake.calls.length = 0;
  try {
    const provider = await deployment.register(thing("local", { type: "pulumi:providers:aws" }));
    for (const one of things) {
      registered.push(
        await deployment.register({ ...one, provider: withoutProvider ? "" : `${provider.urn}::${provider.id}` }),
      );
    }
    await deployment.deleteObsolete();
    store.settle(undefined);
  } catch (error) {
    if (deployment.steps.failures.length === 0) throw error;
  } finally {
    providers.close();
  }
  const calls = fake.calls.map((call) => call.replace(/-\d+$/, ""));
  const { changes, failures } = deployment.steps;
  return { registered, events, calls, changes, failures };
}

describe("a deployment", () => {
  test("makes what is registered, and finds it as it was the next time", async () => {
    const things = [thing("a", { inputs: { size: 1 } }), thing("b")];
    const first = await run(things);
    expect(first.changes).toEqual({ create: 3, update: 0, replace: 0, delete: 0, same: 0 });
    expect(first.registered[0]).toMatchObject({
      id: expect.stringMatching(/^a-/),
      outputs: { size: 1, address: expect.stringMatching(/^at a-/) },
    });
    expect(statSync(stateFile()).mode & 0o777).toBe(0o600);

    const second = await run(things);
    expect(second.calls).toEqual([]);
    expect(second.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 3 });
    expect(second.registered).toEqual(first.registered);
  });

  test("updates what differs and nothing else", async () => {
    await run([thing("a", { inputs: { size: 1 } }), thing("b")]);
    const { calls, changes } = await run([thing("a", { inputs: { size: 2 } }), thing("b")]);
    expect(calls).toEqual(["update a"]);
    expect(changes).toMatchObject({ update: 1, same: 2 });
  });

  test("replaces by making the new one first and deleting the old one last", async () => {
    await run([thing("a", { inputs: { kind: "x" } })]);
    const { calls, changes } = await run([thing("a", { inputs: { kind: "y" } }), thing("b")]);
    expect(calls).toEqual(["create a", "create b", "delete a"]);
    expect(changes).toMatchObject({ replace: 1, create: 1, delete: 0 });
    expect(state().replaced).toEqual([]);
  });

  test("deletes a replaced resource the next time when the run stopped before", async () => {
    await run([thing("a", { inputs: { kind: "x" } })]);
    fake.failing.add("create b");
    await run([thing("a", { inputs: { kind: "y" } }), thing("b")]);
    expect(state().replaced).toHaveLength(1);
    fake.failing.clear();
    expect((await run([thing("a", { inputs: { kind: "y" } })])).calls).toEqual(["delete a"]);
  });

  test("deletes first where deleteBeforeReplace asks for it, and replaces for replaceOnChanges", async () => {
    const options = { deleteBeforeReplace: true, replaceOnChanges: ["size"] };
    await run([thing("a", { inputs: { size: 1 }, ...options })]);
    expect((await run([thing("a", { inputs: { size: 2 }, ...options })])).calls).toEqual(["delete a", "create a"]);
  });

  test("deletes what is no longer registered, the last made first", async () => {
    await run([thing("a"), thing("b"), thing("c")]);
    const { calls, changes } = await run([thing("b")]);
    expect(calls).toEqual(["delete c", "delete a"]);
    expect(changes).toMatchObject({ delete: 2, same: 2 });
  });

  test("forgets without deleting where retainOnDelete asks for it", async () => {
    await run([thing("a", { retainOnDelete: true })]);
    expect((await run([])).calls).toEqual([]);
    expect(state().resources).toHaveLength(1);
  });

  test("keeps a protected resource and says how to let it go", async () => {
    await run([thing("a", { inputs: { kind: "x" }, protect: true })]);
    const replaced = await run([thing("a", { inputs: { kind: "y" }, protect: true })]);
    expect(replaced.failures[0]?.message).toMatch(/protected.*kind.*set protect to false/);
    const removed = await run([]);
    expect(removed.failures[0]?.message).toMatch(/protected and the program no longer has it/);
    expect(fake.things.size).toBe(1);
  });

  test("ignores the changes that ignoreChanges names", async () => {
    const tagged = (owner: string, stage: string) => [
      thing("a", { inputs: { tags: { owner, stage } }, ignoreChanges: ["tags.owner"] }),
    ];
    await run(tagged("x", "1"));
    expect((await run(tagged("y", "1"))).calls).toEqual([]);
    await run(tagged("y", "2"));
    expect([...fake.things.values()]).toEqual([{ tags: { owner: "x", stage: "2" } }]);
  });

  test("a failure stops the run, deletes nothing, and is made good by the next run", async () => {
    await run([thing("old")]);
    fake.failing.add("create b");
    const { failures } = await run([thing("a"), thing("b"), thing("c")]);
    expect(failures).toEqual([
      { urn: expect.stringMatching(/::b$/), operation: "create", message: "create b is refused" },
    ]);
    expect(fake.calls).toEqual(["create a", "create b"]);
    expect(state().pendingCreates).toHaveLength(1);

    fake.failing.clear();
    expect((await run([thing("a"), thing("b")])).calls).toEqual(["create b adopting", "delete old"]);
    expect(state().pendingCreates).toEqual([]);
  });

  test("keeps a resource that was made but not finished, and updates it the next time", async () => {
    fake.unfinished.add("a");
    const { failures } = await run([thing("a", { inputs: { size: 1 } })]);
    expect(failures[0]?.message).toBe("a is not finished");
    fake.unfinished.clear();
    expect((await run([thing("a", { inputs: { size: 1 } })])).calls).toEqual(["update a"]);
  });

  test("names a resource that is registered twice", async () => {
    expect((await run([thing("a"), thing("a")])).failures[0]?.message).toMatch(/::a is registered twice/);
  });

  test("refuses a resource without an explicit provider", async () => {
    const { failures } = await run([thing("a")], { withoutProvider: true });
    expect(failures[0]?.message).toMatch(/::a has no explicit provider.*give it `provider`/);
  });

  test("marks secrets in the state and gives them to the provider", async () => {
    const things = [thing("a", { inputs: { word: secret("hush") }, additionalSecretOutputs: ["address"] })];
    await run(things);
    const record = state().resources.find(({ urn }) => urn.endsWith("::a"));
    expect(record?.inputs.word).toEqual(secret("hush"));
    expect(record?.outputs.address).toEqual(secret(expect.stringMatching(/^at a-/)));
    expect((await run(things)).calls).toEqual([]);
  });

  test("keeps the hash of an asset, and gives the program its own back", async () => {
    const code = (text: string) => ({ "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text });
    const { registered } = await run([thing("a", { inputs: { code: code("the whole program") } })]);
    expect(registered[0]?.outputs.code).toEqual(code("the whole program"));
    expect(readFileSync(stateFile(), "utf8")).not.toContain("the whole program");
    expect((await run([thing("a", { inputs: { code: code("the whole program") } })])).calls).toEqual([]);
    expect((await run([thing("a", { inputs: { code: code("another") } })])).calls).toEqual(["update a"]);
  });

  test("a dry run plans and changes nothing", async () => {
    await run([thing("a", { inputs: { kind: "x" } }), thing("gone")]);
    const before = readFileSync(stateFile(), "utf8");
    const { changes, calls, events } = await run([thing("a", { inputs: { kind: "y" } }), thing("b")], { dryRun: true });
    expect(changes).toEqual({ create: 1, update: 0, replace: 1, delete: 1, same: 1 });
    expect(events).toContainEqual(expect.objectContaining({ name: "b", operation: "create", status: "done" }));
    expect(calls).toEqual([]);
    expect(readFileSync(stateFile(), "utf8")).toBe(before);
  });
});
