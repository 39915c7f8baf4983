import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { spawnScript, type SpawnedCommand } from "./spawn-script.ts";

const workspace = resolve(import.meta.dirname, "../../..");
/** The Node that npm itself runs on, which may be the oldest that is supported. */
const machineNode = process.env["npm_node_execpath"] ?? process.execPath;

/** A package outside the repository. */
export interface InstalledPackage {
  /** Starts its command on the machine's own Node. */
  spawn(args: readonly string[]): SpawnedCommand;
}

/**
 * Builds and packs a command's package and the wire's, installs both in an empty folder for the tests beside it, and tests what holds for
 * every such package. `consumer` is TypeScript that uses the package's types.
 */
export function testInstalledPackage(name: string, consumer: string): InstalledPackage {
  let temporary: string;
  /** Where the packages are installed. */
  let folder: string;
  /** What the package of the command consists of. */
  let packed: readonly string[];
  /** The same of the wire's. */
  let wirePacked: readonly string[];

  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), `${name}-`));
    folder = join(temporary, "installed");
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const [wire, command] = await Promise.all([pack("local-wire", temporary), pack(name, temporary)]);
    packed = command.files;
    wirePacked = wire.files;
    await run(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", wire.tarball, command.tarball);
  }, 120_000);

  afterAll(() => rm(temporary, { recursive: true, force: true }));

  it("consists of JavaScript, declarations, the command, README and licence", () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        `bin/${name}.mjs`,
        "package.json",
        "src/index.d.ts",
        "src/index.js",
      ]),
    );
    const all = [...packed, ...wirePacked];
    expect(all.filter((path) => !/^(LICENSE|README\.md|package\.json|.*\.(js|mjs|d\.ts))$/.test(path))).toEqual([]);
    expect(all.filter((path) => /test/.test(path))).toEqual([]);
  });

  it("can be published", async () => {
    const description = JSON.parse(
      await readFile(join(folder, `node_modules/@millrace/${name}/package.json`), "utf8"),
    ) as object;
    expect(description).not.toHaveProperty("private");
    expect(description).toMatchObject({
      license: "Apache-2.0",
      engines: { node: expect.stringMatching(/^>=\d+\.\d+$/) },
    });
  });

  it("declares its types to a strict compiler that checks libraries too", async () => {
    await writeFile(join(folder, "consumer.ts"), consumer);
    const compiler = join(workspace, "node_modules/typescript/bin/tsc");
    const nodeTypes = ["--types", "node", "--typeRoots", join(workspace, "node_modules/@types")];
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--lib", "es2023", ...nodeTypes];
    await run(folder, process.execPath, compiler, ...options, "consumer.ts");
  }, 120_000);

  return {
    spawn: (args) => spawnScript(join(folder, "node_modules/.bin", name), args, { node: machineNode }),
  };
}

/** Builds a package of this repository and packs it in a folder. */
async function pack(name: string, folder: string): Promise<{ tarball: string; files: string[] }> {
  const built = join(folder, name);
  await run(workspace, process.execPath, "scripts/build-package.mjs", join("packages", name), built);
  const [{ filename, files }] = JSON.parse(await run(folder, "npm", "pack", built, "--json")) as [
    { filename: string; files: { path: string }[] },
  ];
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

/** Runs a program to its end and answers what it printed; all of that is in the error if it fails. */
async function run(directory: string, file: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(file, args, { cwd: directory })).stdout;
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${file} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause });
  }
}
