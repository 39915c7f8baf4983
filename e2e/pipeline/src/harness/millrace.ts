import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { workspaceDirectory } from "./workspace-copy.ts";

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One way to run `millrace`: which checkout, which data directory. */
export interface Millrace {
  /** Runs a command to its end. */
  run(args: readonly string[], input?: string): Promise<Finished>;
  /** Starts `millrace dev` on free ports and resolves when it has announced itself. */
  dev(args?: readonly string[]): Promise<Dev>;
  /** Starts a command and does not wait. */
  spawn(args: readonly string[]): ChildProcess;
}

/** A running `millrace dev`. */
export interface Dev {
  readonly page: string;
  readonly cloud: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly stderr: () => string;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** `millrace` from a checkout (this one by default) with its data under `dataDirectory`. */
export function millraceOf({
  checkout = workspaceDirectory,
  dataDirectory,
  environment = {},
}: {
  readonly checkout?: string;
  readonly dataDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
}): Millrace {
  const start = (args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [join(checkout, "packages/cli/bin/millrace.mjs"), ...args], {
      cwd: checkout,
      env: { ...process.env, MILLRACE_DIRECTORY: dataDirectory, ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
  return {
    spawn: start,
    async run(args, input) {
      const child = start(args);
      child.stdin?.end(input ?? "");
      const [stdout, stderr, [code]] = await Promise.all([
        textOf(child.stdout),
        textOf(child.stderr),
        once(child, "close"),
      ]);
      return { code: code as number | null, stdout, stderr };
    },
    async dev(args = []) {
      const child = start(["dev", "--port", "0", "--cloud-port", "0", "--json", ...args]);
      let stderr = "";
      child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      const closed = once(child, "close");
      const line = await Promise.race([firstLine(child), closed.then(() => undefined)]);
      if (line === undefined) throw new Error(`millrace dev ended before it announced itself:\n${stderr}`);
      const end = async (signal: NodeJS.Signals): Promise<number | null> => {
        if (child.exitCode === null && child.signalCode === null) child.kill(signal);
        await closed;
        return child.exitCode;
      };
      const announced = JSON.parse(line) as Pick<Dev, "page" | "cloud" | "outputs">;
      return {
        ...announced,
        pid: child.pid ?? 0,
        stderr: () => stderr,
        stop: () => end("SIGINT"),
        kill: async () => void (await end("SIGKILL")),
      };
    },
  };
}

/** A port that was free a moment ago, for who must know it before a server does. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The first line of a child's stdout; what follows is read and dropped, so that the child never waits for a reader. */
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

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += chunk.toString();
  return text;
}
