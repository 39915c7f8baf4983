import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeRecordedRoute, recordedPath } from "./recorded-route.ts";
import { openRecordedStore } from "./recorded-store.ts";
import { recordedTypes } from "./recorded-types.ts";

let directory: string;
const role = "aws:iam/role:Role";
const open = () => openRecordedStore({ directory, now: () => 0 });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-recorded-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("the recorded resources", () => {
  test("are kept on disk with what the service would add", () => {
    const made = open().create({
      token: role,
      owner: "urn:a",
      inputs: { name: "reader", path: "/x/", assumeRolePolicy: "{}" },
    });
    expect(made).toMatchObject({ id: "reader", attributes: { arn: "arn:aws:iam::000000000000:role/x/reader" } });
    expect(open().get(role, "reader")).toEqual(made);
    expect(open().list()).toEqual([made]);
  });

  test("refuse missing and unknown keys together", () => {
    expect(() => open().create({ token: role, owner: "urn:a", inputs: { name: "reader", colour: "red" } })).toThrow(
      `${role} requires assumeRolePolicy; ${role} has no property colour`,
    );
  });

  test("refuse a second one of the name, but for its own maker after an interruption", () => {
    const store = open();
    const request = { token: role, owner: "urn:a", inputs: { name: "reader", assumeRolePolicy: "{}" } };
    store.create(request);
    expect(() => store.create(request)).toThrow("exists already");
    expect(() => store.create({ ...request, owner: "urn:b", adopt: true })).toThrow("exists already");
    expect(store.create({ ...request, adopt: true }).id).toBe("reader");
  });

  test("adopt a resource that the service names, instead of making a second one", () => {
    const store = open();
    const request = { token: "aws:kms/key:Key", owner: "urn:key", inputs: {} };
    store.create(request);
    store.create({ ...request, adopt: true });
    expect(store.list()).toHaveLength(1);
  });

  test("are reached over HTTP, ids with slashes included", async () => {
    const route = makeRecordedRoute(open());
    const send = async (method: string, path: string, body: unknown = {}) => {
      const answer = await route({ method, path: `${recordedPath}${path}`, body: Buffer.from(JSON.stringify(body)) });
      return { status: answer?.status, body: JSON.parse(answer?.body ?? "null") as Record<string, unknown> };
    };
    const queue = encodeURIComponent("aws:sqs/queue:Queue");
    const made = await send("POST", `/${queue}`, { owner: "urn:q", inputs: { name: "letters" } });
    expect(made).toMatchObject({
      status: 201,
      body: { id: "https://sqs.eu-west-1.amazonaws.com/000000000000/letters" },
    });
    const one = `/${queue}/${encodeURIComponent(String(made.body.id))}`;
    expect(await send("PUT", one, { inputs: { name: "letters", delaySeconds: 1 } })).toMatchObject({ status: 200 });
    expect((await send("GET", one)).body).toMatchObject({ inputs: { delaySeconds: 1 } });
    expect((await send("GET", "")).body.resources).toHaveLength(1);
    expect((await send("DELETE", one)).status).toBe(200);
    expect((await send("GET", one)).status).toBe(404);
    expect((await send("POST", "/other")).body.message).toBe("The local cloud has no resource type other");
    expect(await route({ method: "GET", path: "/else", body: Buffer.alloc(0) })).toBeUndefined();
  });
});

test.each([...recordedTypes.values()])("the keys of $token are those of the SDK", (type) => {
  const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
  const [, path] = /^aws:(.*):/.exec(type.token) ?? [];
  const source = readFileSync(join(sdk, `${path}.js`), "utf8")
    .split("else {")
    .slice(1)
    .join("");
  const keys = [...source.matchAll(/resourceInputs\["(\w+)"\] = args\?\.(?:\w+)/g)].map(([, key]) => key);
  const known = [...type.required, ...type.optional];
  expect(keys).toEqual(expect.arrayContaining(known));
  const required = [...source.matchAll(/Missing required property '(\w+)'/g)].map(([, key]) => key);
  expect(required.sort()).toEqual([...type.required].sort());
  expect(known).toEqual(expect.arrayContaining([...type.createOnly]));
});
