import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { localProviderDirectory } from "@millrace/local-cloud";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Millrace, millraceOf } from "./harness/millrace.ts";
import { announceSkip, findPulumi } from "./harness/tools.ts";
import { copyWorkspace, type WorkspaceCopy } from "./harness/workspace-copy.ts";

const pulumi = findPulumi();
if (!pulumi)
  announceSkip(
    "the local stage under the real Pulumi engine, and the guards between stages",
    "Put the Pulumi CLI on PATH.",
  );

test.skipIf(pulumi !== undefined)("without the Pulumi CLI, up says how to get it", async () => {
  const { code, stderr } = await millraceOf({ dataDirectory: join(tmpdir(), "millrace-none") }).run([
    "up",
    "--stage",
    "local",
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain("https://www.pulumi.com/docs/install/");
});

describe.skipIf(!pulumi)("the local stage under the real engine", () => {
  let copy: WorkspaceCopy;
  let dataDirectory: string;
  let millrace: Millrace;

  beforeAll(() => {
    copy = copyWorkspace();
    dataDirectory = mkdtempSync(join(tmpdir(), "millrace-engine-"));
    millrace = millraceOf({ checkout: copy.directory, dataDirectory });
  });

  afterAll(() => {
    copy.remove();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  async function run(operation: string): Promise<Record<string, number>> {
    const { code, stdout, stderr } = await millrace.run([operation, "--stage", "local", "--json"]);
    expect(code, stderr).toBe(0);
    return (JSON.parse(stdout) as { changes: Record<string, number> }).changes;
  }

  test("up makes everything, and up again changes nothing", { timeout: 120_000 }, async () => {
    expect(await run("up")).toMatchObject({ create: expect.any(Number) });
    const again = await run("up");
    expect(Object.keys(again)).toEqual(["same"]);
  });

  test("one change of a stack file is one update", { timeout: 60_000 }, async () => {
    const file = join(copy.directory, "stacks/Pulumi.local.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/retentionHours: \d+/, "retentionHours: 48"));
    const { update, same, ...others } = await run("up");
    expect(update).toBe(1);
    expect(same).toBeGreaterThan(5);
    expect(others).toEqual({});
  });

  test("refresh finds nothing changed, destroy leaves nothing", { timeout: 60_000 }, async () => {
    expect(Object.keys(await run("refresh"))).toEqual(["same"]);
    const destroyed = await run("destroy");
    expect(destroyed["delete"]).toBeGreaterThan(5);
  });
});

describe.skipIf(!pulumi)("the guards between stages", () => {
  let copy: WorkspaceCopy;
  let home: string;

  beforeAll(() => {
    copy = copyWorkspace();
    home = mkdtempSync(join(tmpdir(), "millrace-guards-"));
  });

  afterAll(() => {
    copy.remove();
    rmSync(home, { recursive: true, force: true });
  });

  /** Plain `pulumi`, as a person would type it. */
  async function plain(args: readonly string[], path: readonly string[]): Promise<{ code: number; output: string }> {
    const environment = {
      ...process.env,
      PATH: [
        ...path,
        join(copy.directory, "node_modules/@pulumi/pulumi"),
        join(copy.directory, "node_modules/.bin"),
        process.env["PATH"],
      ].join(delimiter),
      PULUMI_BACKEND_URL: `file://${home}`,
      PULUMI_CONFIG_PASSPHRASE: "local",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
    return new Promise((resolve) => {
      execFile(
        pulumi ?? "",
        [...args, "--non-interactive"],
        { cwd: copy.directory, env: environment },
        (error, stdout, stderr) => {
          resolve({ code: error ? ((error.code as unknown as number) ?? 1) : 0, output: stdout + stderr });
        },
      );
    });
  }

  async function resourcesOf(stack: string): Promise<string[]> {
    const { output } = await plain(["stack", "export", "--stack", stack], []);
    const { deployment } = JSON.parse(output.slice(output.indexOf("{"))) as {
      deployment: { resources?: { type: string; id?: string }[] };
    };
    return (deployment.resources ?? [])
      .filter((one) => one.id && !one.type.startsWith("pulumi:"))
      .map((one) => one.type);
  }

  test(
    "staging with the local executables on PATH stops with a sentence and changes nothing",
    { timeout: 60_000 },
    async () => {
      await plain(["stack", "init", "staging"], []);
      const { code, output } = await plain(
        ["up", "--yes", "--skip-preview", "--stack", "staging"],
        [localProviderDirectory],
      );
      expect(code).not.toBe(0);
      expect(output).toMatch(/local provider/i);
      expect(await resourcesOf("staging")).toEqual([]);
    },
  );

  test(
    "local without the local executables stops with a sentence and changes nothing",
    { timeout: 60_000 },
    async () => {
      await plain(["stack", "init", "local"], []);
      const { code, output } = await plain(["up", "--yes", "--skip-preview", "--stack", "local"], []);
      expect(code).not.toBe(0);
      expect(output).toContain("MILLRACE_LOCAL_ENDPOINT");
      expect(await resourcesOf("local")).toEqual([]);
    },
  );
});
