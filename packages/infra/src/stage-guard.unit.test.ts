import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findCrossings } from "./stage-guard.ts";

const endpoint = "http://127.0.0.1:4566";
let root: string;
let local: string;
let real: string;
let other: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "millrace-guard-"));
  [local, real, other] = [join(root, "local"), join(root, "real"), join(root, "other")];
  for (const folder of [local, real, other]) await mkdir(folder);
  for (const folder of [local, real]) {
    for (const name of ["pulumi-resource-aws", "pulumi-resource-aws-native"]) {
      await writeFile(join(folder, name), "", { mode: 0o755 });
    }
  }
  await writeFile(join(local, "LOCAL_PROVIDERS"), "");
  await writeFile(join(other, "pulumi-resource-aws"), "not executable", { mode: 0o644 });
});
afterAll(() => rm(root, { recursive: true }));

describe("the stage local", () => {
  const env = (more: Record<string, string | undefined> = {}) => ({
    MILLRACE_LOCAL_ENDPOINT: endpoint,
    AWS_ENDPOINT_URL: endpoint,
    PATH: [other, local, real].join(delimiter),
    ...more,
  });
  const crossings = (more?: Record<string, string | undefined>) => findCrossings({ stage: "local", env: env(more) });

  it("is at home with the local cloud's address and providers", () => {
    expect(crossings()).toEqual([]);
    const named = "http://localhost:1";
    expect(crossings({ MILLRACE_LOCAL_ENDPOINT: named, AWS_ENDPOINT_URL: named })).toEqual([]);
  });

  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ["no local endpoint", { MILLRACE_LOCAL_ENDPOINT: undefined }, /needs MILLRACE_LOCAL_ENDPOINT.*got nothing/],
    ["an endpoint elsewhere", { MILLRACE_LOCAL_ENDPOINT: "http://10.0.0.1:4566" }, /got "http:\/\/10\.0\.0\.1:4566"/],
    ["clients that go to AWS", { AWS_ENDPOINT_URL: undefined }, /needs AWS_ENDPOINT_URL/],
    ["one client that goes elsewhere", { AWS_ENDPOINT_URL_KINESIS: "https://x.example" }, /AWS_ENDPOINT_URL_KINESIS/],
    ["a profile", { AWS_PROFILE: "work" }, /AWS_PROFILE/],
    ["attached providers", { PULUMI_DEBUG_PROVIDERS: "aws:1" }, /PULUMI_DEBUG_PROVIDERS/],
    ["ignored providers on PATH", { PULUMI_IGNORE_AMBIENT_PLUGINS: "true" }, /PULUMI_IGNORE_AMBIENT_PLUGINS/],
    ["ignored endpoints", { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "True" }, /AWS_IGNORE_CONFIGURED_ENDPOINT_URLS/],
  ])("is refused with %s", (_, more, expected) => {
    expect(crossings(more)).toEqual([expect.stringMatching(expected)]);
  });

  it("is refused without the local providers, and where others come first", () => {
    expect(crossings({ PATH: other })).toEqual([
      expect.stringMatching(/pulumi-resource-aws first on PATH, and none is there/),
      expect.stringMatching(/pulumi-resource-aws-native first on PATH, and none is there/),
    ]);
    expect(crossings({ PATH: [real, local].join(delimiter) })).toEqual([
      expect.stringMatching(/the first one there is another/),
      expect.stringMatching(/the first one there is another/),
    ]);
  });
});

describe("any other stage", () => {
  const crossings = (env: Record<string, string | undefined>) => findCrossings({ stage: "staging", env });

  it("is at home with a profile, no endpoint, and the local providers not first", () => {
    expect(crossings({ AWS_PROFILE: "work", PATH: [real, local].join(delimiter) })).toEqual([]);
    expect(crossings({ AWS_ENDPOINT_URL: "", PATH: other })).toEqual([]);
  });

  it.each(["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_REDSHIFT_DATA", "MILLRACE_LOCAL_ENDPOINT"])(
    "is refused with %s",
    (name) => {
      expect(crossings({ [name]: endpoint })).toEqual([expect.stringContaining(`${name} set`)]);
    },
  );

  it("is refused with the local providers first, and with providers attached for AWS", () => {
    expect(crossings({ PATH: [local, real].join(delimiter) })).toHaveLength(2);
    expect(crossings({ PULUMI_DEBUG_PROVIDERS: "random:1,aws-native:2" })).toHaveLength(1);
  });
});
