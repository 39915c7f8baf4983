import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spawnCommand } from "../testing/spawn-command.ts";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";

const workspace = resolve(import.meta.dirname, "../../..");
/** The Node that npm itself runs on, which may be the oldest that is supported. */
const machineNode = process.env["npm_node_execpath"] ?? process.execPath;

let temporary: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
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
  temporary = await makeTemporaryDirectory();
  folder = join(temporary.path, "installed");
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const packages = ["local-wire", "local-kinesis"];
  const builds = packages.map(async (name) => {
    const source = join("packages", name);
    const built = join(temporary.path, name);
    await run(workspace, process.execPath, "scripts/build-package.mjs", source, built);
    const [{ filename, files }] = JSON.parse(await run(temporary.path, "npm", "pack", built, "--json"));
    return { tarball: join(temporary.path, filename), files: files.map(({ path }: { path: string }) => path) };
  });
  const tarballs = await Promise.all(builds);
  packed = tarballs[1]?.files ?? [];
  const quietly = ["--prefer-offline", "--no-audit", "--no-fund"];
  await run(folder, "npm", "install", ...quietly, ...tarballs.map(({ tarball }) => tarball));
}, 120_000);

afterAll(() => temporary.remove());

describe("the package, packed and installed in an empty folder", () => {
  it("consists of JavaScript, declarations, the command, README and licence", () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "bin/local-kinesis.mjs",
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
      await readFile(join(folder, "node_modules/@millrace/local-kinesis/package.json"), "utf8"),
    );
    expect(description).not.toHaveProperty("private");
    expect(description).toMatchObject({
      license: "Apache-2.0",
      engines: { node: expect.stringMatching(/^>=\d+\.\d+$/) },
    });
  });

  it("runs its command, which keeps records and ends by a signal", async () => {
    const command = spawnCommand(["--port", "0", "--state-delay", "0"], {
      node: machineNode,
      script: join(folder, "node_modules/.bin/local-kinesis"),
    });
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = new KinesisClient({ endpoint: await command.url, region: "eu-west-1", credentials });
    const StreamName = "s";
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { ShardId, SequenceNumber } = await client.send(
      new PutRecordCommand({ StreamName, PartitionKey: "key", Data: Buffer.from("hello") }),
    );
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ Data, ...record }) => ({ ...record, text: Buffer.from(Data ?? []).toString() }))).toEqual([
      expect.objectContaining({ SequenceNumber, PartitionKey: "key", text: "hello" }),
    ]);
    client.destroy();
    command.kill("SIGTERM");
    expect(await command.ended).toMatchObject({ status: 0, stderr: "" });
  });

  it("declares its types to a strict compiler that checks libraries too", async () => {
    await writeFile(
      join(folder, "consumer.ts"),
      `import { startLocalKinesis, type LocalKinesis } from "@millrace/local-kinesis";
       const kinesis: LocalKinesis = await startLocalKinesis({ limits: false, stateDelayMs: 0 });
       await kinesis.close();
       // @ts-expect-error: a port is a number.
       await startLocalKinesis({ port: "4567" });`,
    );
    const compiler = join(workspace, "node_modules/typescript/bin/tsc");
    const nodeTypes = ["--types", "node", "--typeRoots", join(workspace, "node_modules/@types")];
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--lib", "es2023", ...nodeTypes];
    await run(folder, process.execPath, compiler, ...options, "consumer.ts");
  }, 120_000);
});
