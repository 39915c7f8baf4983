import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** A `local-redshift` under way. */
export interface SpawnedCommand {
  /** The first line of stdout. Rejects with what stderr says if the command ends before it. */
  readonly url: Promise<string>;
  /** What it left once it ended. */
  readonly ended: Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a script, by default the command as it is in the repository, with its output in pipes. It ends with the test at the latest. */
export function spawnCommand(
  args: readonly string[],
  {
    node = process.execPath,
    script = new URL("../bin/local-redshift.mjs", import.meta.url).pathname,
    temporaryDirectory = undefined as string | undefined,
    /** Tests that run at the same time have to give their own. */
    atEnd = onTestFinished as (end: () => void) => void,
  } = {},
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
