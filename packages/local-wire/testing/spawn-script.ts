import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** A command under way. */
export interface SpawnedCommand {
  /** The first line of stdout. Rejects with what stderr says if the command ends before it. */
  readonly url: Promise<string>;
  /** What it left once it ended. */
  readonly ended: Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>;
  kill(signal: NodeJS.Signals): void;
}

/** How a script is started. */
export interface SpawnOptions {
  /** Default the Node of this process. */
  readonly node?: string;
  /** Default the one of this process. */
  readonly temporaryDirectory?: string;
  /** Takes what ends the script with the test at the latest. Tests that run at the same time have to give their own. */
  readonly atEnd?: (end: () => void) => void;
}

/** Starts a command's script with its output in pipes. It ends with the test at the latest. */
export function spawnScript(
  script: string,
  args: readonly string[],
  { node = process.execPath, temporaryDirectory, atEnd = onTestFinished }: SpawnOptions = {},
): SpawnedCommand {
  const child = spawn(node, [script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...(temporaryDirectory === undefined ? {} : { TMPDIR: temporaryDirectory }) },
  });
  atEnd(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes("\n")) resolve(stdout.slice(0, stdout.indexOf("\n")));
    });
    child.on("close", () => reject(new Error(`the command ended early: ${stderr}`)));
  });
  url.catch(() => {}); // Who expects it to fail asks for `ended` only.
  const ended = once(child, "close").then(() => ({ status: child.exitCode, stdout, stderr }));
  return { url, ended, kill: (signal) => void child.kill(signal) };
}
