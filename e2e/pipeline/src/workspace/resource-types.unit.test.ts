import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { recordProgram } from "@millrace/infra/testing";
import { emulatedTokens, localProviderDirectory, lookUpTokens, recordedTokens } from "@millrace/local-cloud";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { workspaceDirectory } from "../harness/workspace-copy.ts";

const privateSubnets = ["a", "b", "c"].map((zone) => ({
  id: `subnet-0000000${zone}`,
  availabilityZone: `eu-west-1${zone}`,
  mapPublicIpOnLaunch: false,
}));

/** Settings that bring in every resource the program knows, on top of what a stage's file says. */
const allOn = { "millrace:streamKey": "customer-managed", "millrace:scheduleEnabled": "true" };
const everything: Record<string, Record<string, string>> = {
  local: allOn,
  staging: allOn,
  production: {
    ...allOn,
    "millrace:subnetIds": JSON.stringify(privateSubnets.map((subnet) => subnet.id)),
    "millrace:securityGroupIds": '["sg-00000001"]',
  },
};
const endpoint = "http://127.0.0.1:4566";
const localEnvironment = {
  PATH: localProviderDirectory,
  MILLRACE_LOCAL_ENDPOINT: endpoint,
  AWS_ENDPOINT_URL: endpoint,
};

async function stackFile(stage: string): Promise<Record<string, string>> {
  const { config } = parse(await readFile(join(workspaceDirectory, `stacks/Pulumi.${stage}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** What the program of each stage registers and looks up, as token → stages. */
async function tokensByStage(): Promise<Map<string, { kind: "resource" | "look-up"; stages: string[] }>> {
  const found = new Map<string, { kind: "resource" | "look-up"; stages: string[] }>();
  for (const [stage, settings] of Object.entries(everything)) {
    const config = { ...(await stackFile(stage)), ...settings };
    const run = await recordProgram({ stage, config, env: stage === "local" ? localEnvironment : {} }, privateSubnets);
    const note = (token: string, kind: "resource" | "look-up"): void => {
      const entry = found.get(token) ?? { kind, stages: [] };
      if (!entry.stages.includes(stage)) entry.stages.push(stage);
      found.set(token, entry);
    };
    for (const { type } of run.resources) if (/^aws/.test(type)) note(type, "resource");
    for (const { token } of run.invokes) note(token, "look-up");
  }
  return found;
}

test("every type that the program names for some stage is emulated or recorded, and the table says which", async () => {
  const found = await tokensByStage();
  const servedAs = (token: string): string => {
    if ((emulatedTokens as readonly string[]).includes(token)) return "emulated";
    if (recordedTokens.includes(token)) return "recorded";
    if (lookUpTokens.includes(token)) return "answered";
    return "MISSING";
  };
  const rows = [...found]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([token, { kind, stages }]) => `| \`${token}\` | ${kind} | ${stages.join(", ")} | ${servedAs(token)} |`);
  expect(rows.filter((row) => row.includes("MISSING"))).toEqual([]);
  const table = [
    "# What the program names, and how the local cloud serves it",
    "",
    "*emulated*: the service's own API answers, with behaviour. *recorded*: inputs are validated and stored, nothing acts on them yet. *answered*: a look-up with fixed answers.",
    "This page is written by `e2e/pipeline/src/workspace/resource-types.unit.test.ts` (`vitest run -u`) from what the program registers in each stage with all its options on.",
    "",
    "| type | kind | stages | local cloud |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
  await expect(table).toMatchFileSnapshot(join(workspaceDirectory, "docs/local-resource-types.md"));
});
