import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@millrace/e2e-pipeline/millrace";

/** A server under measurement, in a process of its own. */
export interface ServerProcess {
  /** HTTP/1.1. */
  readonly url: string;
  /** HTTP/2 with prior knowledge, of servers that speak it. */
  readonly http2Url?: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** How long a server may take to answer for the first time. */
const START_LIMIT_MS = 20_000;
/** How much of what a failed server said is worth repeating. */
const REASON_LENGTH = 160;

/**
 * Starts a script of this bench that prints one JSON line with its `url` (and `http2Url`) once it listens, and ends with its stdin. Throws an
 * `Error` with what it said if it ends before.
 */
export async function startScript(script: string, args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [new URL(script, import.meta.url).pathname, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const said = collectLastLine(child);
  const line = await Promise.race([firstLine(child), ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`${script} ended before it listened: ${said()}`);
  const { url, http2Url } = JSON.parse(line) as { url: string; http2Url?: string };
  return {
    url,
    ...(http2Url === undefined ? {} : { http2Url }),
    pid: child.pid ?? 0,
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
}

/** Starts a peer's script on a free port and waits until it answers ListStreams. Throws an `Error` with the reason if it does not. */
export async function startPeer(
  script: string,
  optionsFor: (
    port: number,
    otherPort: number,
  ) => {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<ServerProcess> {
  const [port, otherPort] = [await freePort(), await freePort()];
  const { args, env } = optionsFor(port, otherPort);
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A peer knows nothing of us, so nothing but this ends it when the bench is ended.
  const kill = (): void => void child.kill("SIGKILL");
  process.on("exit", kill);
  const ended = once(child, "close").then(() => void process.off("exit", kill));
  const said = collectLastLine(child);
  child.stdout?.resume();
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${said()}`);
    if (performance.now() > deadline) {
      kill();
      throw new Error(`it did not answer within ${START_LIMIT_MS / 1000} s: ${said()}`);
    }
    await sleep(50);
  }
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      kill();
      await ended;
    },
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { method: "POST", body: "{}" }).then(
    async (response) => {
      await response.arrayBuffer();
      return true;
    },
    () => false,
  );
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
  });
}

/** What a child said last on stderr. */
function collectLastLine(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => (text = (text + chunk.toString()).slice(-4096)));
  return () => {
    const lines = text.split("\n").map((line) => line.trim());
    const told = lines.findLast((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== "");
    return (told ?? "it said nothing").slice(0, REASON_LENGTH);
  };
}
