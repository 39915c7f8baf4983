import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A resource of the tiny program: its options are Pulumi's own; `dependsOn` and `parent` name others above it. */
export interface TinyResource {
  readonly name: string;
  readonly type?: string;
  readonly props?: Record<string, unknown>;
  readonly options?: Record<string, unknown>;
  readonly dependsOn?: readonly string[];
  readonly withoutProvider?: boolean;
}

/** A project in a temporary folder whose program registers what a JSON file says. */
export interface TinyProject {
  readonly directory: string;
  readonly dataDirectory: string;
  declare(resources: readonly TinyResource[]): void;
  writeStack(text: string): void;
  remove(): void;
}

const program = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
const { resources } = JSON.parse(readFileSync("resources.json", "utf8"));
const keys = { region: "eu-west-1", accessKey: "local", secretKey: "local" };
const providers = Object.fromEntries(["aws", "aws-native"].map((name) => [name, new pulumi.ProviderResource(name, name, keys)]));
class Group extends pulumi.ComponentResource {
  constructor(name) { super("tiny:index:Group", name); this.registerOutputs({}); }
}
const parent = new Group("group");
const made = {};
for (const { name, type = "aws:tiny/thing:Thing", props = {}, options = {}, dependsOn = [], withoutProvider } of resources) {
  const fill = (value) => {
    if (typeof value === "string" && value.startsWith("$")) return made[value.slice(1).split(".")[0]][value.split(".")[1]];
    if (typeof value === "string" && value.startsWith("secret:")) return pulumi.secret(value.slice(7));
    if (value && value.text) return new pulumi.asset.StringAsset(value.text);
    return value;
  };
  const filled = Object.fromEntries(Object.entries(props).map(([key, value]) => [key, fill(value)]));
  made[name] = new pulumi.CustomResource(type, name, { ...filled, address: undefined }, {
    parent, ...(withoutProvider ? {} : { provider: providers[type.split(":")[0]] }), ...options, dependsOn: dependsOn.map((other) => made[other]),
  });
}
export const names = Object.keys(made);
export const addresses = pulumi.all(Object.fromEntries(Object.entries(made).map(([name, resource]) => [name, resource.address])));
export const setting = new pulumi.Config().get("setting");
`;

/** Makes the project; its `node_modules` are this workspace's. */
export function makeTinyProject(): TinyProject {
  const directory = mkdtempSync(join(tmpdir(), "millrace-engine-"));
  const pulumi = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
  symlinkSync(dirname(dirname(dirname(pulumi))), join(directory, "node_modules"));
  mkdirSync(join(directory, "stacks"));
  mkdirSync(join(directory, "program"));
  writeFileSync(
    join(directory, "Pulumi.yaml"),
    "name: tiny\nruntime: { name: nodejs, options: { typescript: false } }\nmain: program/main.mjs\nstackConfigDir: stacks\n",
  );
  writeFileSync(join(directory, "package.json"), '{ "name": "whole", "workspaces": ["program"] }');
  writeFileSync(join(directory, "package-lock.json"), "{}");
  writeFileSync(join(directory, "program/package.json"), '{ "name": "tiny", "type": "module" }');
  writeFileSync(join(directory, "program/main.mjs"), program);
  const project: TinyProject = {
    directory,
    dataDirectory: join(directory, "data"),
    declare: (resources) => writeFileSync(join(directory, "program/resources.json"), JSON.stringify({ resources })),
    writeStack: (text) => writeFileSync(join(directory, "stacks/Pulumi.local.yaml"), text),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
  project.writeStack("config:\n  tiny:setting: one\n");
  project.declare([]);
  return project;
}
