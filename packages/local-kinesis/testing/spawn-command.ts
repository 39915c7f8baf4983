import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** A `local-kinesis` under way. */
export interface SpawnedCommand {
  /** The first line of stdout. Rejects with what stderr says if the command ends before it. */
  readonly url: Promise<string>;
  /** What it left once it ended. */
  readonly ended: Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a script, by default the command as it is in the repository, with its output in pipes. */
export function spawnCommand(
  args: readonly string[],
  {
    node = process.execPath,
    script = new URL("../bin/local-kinesis.mjs", import.meta.url).pathname,
    temporaryDirectory = undefined as string | undefined,
  } = {},
): SpawnedCommand {
  const child = spawn(node, [script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...(temporaryDirectory === undefined ? {} : { TMPDIR: temporaryDirectory }) },
  });
  const ended = Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]).then(
    ([, stdout, stderr]) => ({ status: child.exitCode, stdout, stderr }),
  );
  const firstLine = new Promise<string>((resolve) => {
    let head = "";
    child.stdout.on("data", (chunk: Buffer) => {
      head += chunk.toString();
      if (head.includes("\n")) resolve(head.slice(0, head.indexOf("\n")));
    });
  });
  const endedEarly = ended.then(({ stderr }) => Promise.reject(new Error(`the command ended early: ${stderr}`)));
  const url = Promise.race([firstLine, endedEarly]);
  url.catch(() => {}); // Who expects it to fail asks for `ended` only.
  return { url, ended, kill: (signal) => void child.kill(signal) };
}
