import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startPeer } from "./server-process.ts";
import type { ServerProcess } from "./server-process.ts";

/** Another stand-in for Kinesis, from npm. */
export interface Peer {
  readonly name: string;
  /** Package and version that this bench measures. */
  readonly package: string;
  readonly version: string;
  /** How it is set up, for the report. */
  readonly setUp: string;
  start(script: string): Promise<ServerProcess>;
  /** Inside its package. */
  readonly script: string;
}

/** What this bench compares with: each as fast as its own settings let it be, everything in memory. */
export const peers: readonly Peer[] = [
  {
    name: "kinesalite",
    package: "kinesalite",
    version: "3.3.3",
    setUp: "in memory (its default), shard limit raised, no delays, it logs nothing",
    script: "cli.js",
    start: (script) =>
      startPeer(script, (port) => {
        const delays = ["--createStreamMs", "0", "--deleteStreamMs", "0", "--updateStreamMs", "0"];
        return { args: ["--port", String(port), "--shardLimit", "1000", ...delays], env: {} };
      }),
  },
  {
    name: "kinesis-mock",
    package: "kinesis-local",
    version: "0.6.2",
    setUp: "in memory (its default), plain HTTP, shard limit raised, no delays, errors alone logged",
    script: "main.js",
    start: (script) =>
      startPeer(script, (port, tlsPort) => ({
        args: [],
        env: {
          KINESIS_MOCK_PLAIN_PORT: String(port),
          KINESIS_MOCK_TLS_PORT: String(tlsPort),
          KINESIS_MOCK_CERT_PATH: join(dirname(script), "server.json"),
          SHARD_LIMIT: "1000",
          CREATE_STREAM_DURATION: "0ms",
          LOG_LEVEL: "ERROR",
          ROOT_LOG_LEVEL: "ERROR",
          SHOULD_PERSIST_DATA: "false",
        },
      })),
  },
];

const INSTALL_LIMIT_MS = 120_000;

/** Starts a peer, installed under `directory` on first use. Throws an `Error` with the reason if it cannot be had. */
export async function openPeer(peer: Peer, directory: string): Promise<ServerProcess> {
  const home = join(directory, `${peer.package}-${peer.version}`);
  const script = join(home, "node_modules", peer.package, peer.script);
  if (!existsSync(script)) await install(`${peer.package}@${peer.version}`, home);
  return peer.start(script);
}

/** Into a folder of its own, so that neither the workspace's lock nor another peer knows of it. No script of a package runs. */
async function install(wanted: string, home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  const child = spawn("npm", ["install", "--save-exact", ...flags, wanted], {
    cwd: home,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: INSTALL_LIMIT_MS,
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return;
  const reason = /npm error (?!code)(.*)/.exec(said)?.[1] ?? `npm ended with ${code ?? "a signal"}`;
  throw new Error(`npm install ${wanted} failed: ${reason}`);
}
