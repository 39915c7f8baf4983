import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, startKinesisWorld } from "../testing/kinesis-world.ts";
import { adminSecretOf, runSql } from "../testing/run-sql.ts";
import { spawnCommand } from "../testing/spawn-command.ts";

const workspace = resolve(import.meta.dirname, "../../..");
/** The Node that npm itself runs on, which may be the oldest that is supported. */
const machineNode = process.env["npm_node_execpath"] ?? process.execPath;

let temporary: string;
/** Where the packages are installed. */
let folder: string;
/** What the package of the command consists of. */
let packed: string[];

/** Runs a program to its end and answers what it printed; all of that is in the error if it fails. */
async function run(directory: string, file: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(file, args, { cwd: directory })).stdout;
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${file} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause });
  }
}

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "local-redshift-"));
  folder = join(temporary, "installed");
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const packages = ["local-wire", "local-redshift"];
  const builds = packages.map(async (name) => {
    const source = join("packages", name);
    const built = join(temporary, name);
    await run(workspace, process.execPath, "scripts/build-package.mjs", source, built);
    const [{ filename, files }] = JSON.parse(await run(temporary, "npm", "pack", built, "--json"));
    return { tarball: join(temporary, filename), files: files.map(({ path }: { path: string }) => path) };
  });
  const tarballs = await Promise.all(builds);
  packed = tarballs[1]?.files ?? [];
  const quietly = ["--prefer-offline", "--no-audit", "--no-fund"];
  await run(folder, "npm", "install", ...quietly, ...tarballs.map(({ tarball }) => tarball));
}, 120_000);

afterAll(() => rm(temporary, { recursive: true, force: true }));

describe("the package, packed and installed in an empty folder", () => {
  it("consists of JavaScript, declarations, the command, README and licence", () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "bin/local-redshift.mjs",
        "package.json",
        "src/index.d.ts",
        "src/index.js",
      ]),
    );
    expect(packed.filter((path) => !/^(LICENSE|README\.md|package\.json|.*\.(js|mjs|d\.ts))$/.test(path))).toEqual([]);
    expect(packed.filter((path) => /test/.test(path))).toEqual([]);
  });

  it("can be published", async () => {
    const description = JSON.parse(
      await readFile(join(folder, "node_modules/@millrace/local-redshift/package.json"), "utf8"),
    );
    expect(description).not.toHaveProperty("private");
    expect(description).toMatchObject({
      license: "Apache-2.0",
      engines: { node: expect.stringMatching(/^>=\d+\.\d+$/) },
    });
  });

  it("runs its command, which fills a view from a Kinesis and ends by a signal", async () => {
    await using world = await startKinesisWorld();
    await world.createStream("events");
    await world.put("events", ['{"n":1}']);
    const command = spawnCommand(["--port", "0", "--kinesis-endpoint", world.kinesis.url, "--poll", "20"], {
      node: machineNode,
      script: join(folder, "node_modules/.bin/local-redshift"),
    });
    const settings = { endpoint: await command.url, region: "eu-west-1", credentials };
    const client = new RedshiftDataClient(settings);
    const SecretArn = await adminSecretOf(settings);
    const run = (sql: string) => runSql(client, { WorkgroupName: "default", Database: "dev", SecretArn }, sql);
    await run("CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default");
    await run("CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT JSON_PARSE(kinesis_data) AS p FROM kds.events");
    await expect.poll(() => run("SELECT p.n::int FROM mv"), { timeout: 15_000 }).toEqual([[{ longValue: 1 }]]);
    client.destroy();
    command.kill("SIGTERM");
    const { status, stderr } = await command.ended;
    expect(status).toBe(0);
    // AWS's SDK announces the end of its support for an old Node; nothing else is said.
    expect(stderr).toMatch(/^$|NodeVersionSupportWarning/);
  });

  it("declares its types to a strict compiler that checks libraries too", async () => {
    await writeFile(
      join(folder, "consumer.ts"),
      `import { startLocalRedshift, type LocalRedshift } from "@millrace/local-redshift";
       const redshift: LocalRedshift = await startLocalRedshift({ workgroup: "events-wg" });
       await redshift.close();
       // @ts-expect-error: a port is a number.
       await startLocalRedshift({ port: "4568" });`,
    );
    const compiler = join(workspace, "node_modules/typescript/bin/tsc");
    const nodeTypes = ["--types", "node", "--typeRoots", join(workspace, "node_modules/@types")];
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--lib", "es2023", ...nodeTypes];
    await run(folder, process.execPath, compiler, ...options, "consumer.ts");
  }, 120_000);
});
