import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { spawnScript } from "./spawn-script.ts";

/**
 * Tests what every command does before it starts anything: what it says of wrong options, its help text and version, and the Node it
 * needs. `script` is the command as it is in the repository, `bin/NAME.mjs`; its help text has `helpLine`.
 */
export function testCommand(script: string, helpLine: string): void {
  const name = basename(script, ".mjs");

  it("says in one line with status 2 what is wrong with its options", async () => {
    expect(await spawnScript(script, ["--port", "x"]).ended).toEqual({
      status: 2,
      stdout: "",
      stderr: `${name}: --port must be a whole number from 0 to 65535, got "x"\n`,
    });
  });

  it("prints its help text and its version", async () => {
    expect(await spawnScript(script, ["--help"]).ended).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(helpLine),
    });
    expect(await spawnScript(script, ["--version"]).ended).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it("names the Node it needs on an older one", async () => {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, "bin"));
    const copy = join(folder, "bin", basename(script));
    await cp(script, copy);
    await writeFile(join(folder, "package.json"), JSON.stringify({ engines: { node: ">=1000.1" } }));
    expect(await spawnScript(copy, []).ended).toEqual({
      status: 1,
      stdout: "",
      stderr: `${name} needs Node 1000.1 or newer and met ${process.versions.node}: install a newer Node.\n`,
    });
  });
}
