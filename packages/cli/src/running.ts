import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "./errors.ts";
import type { StageOutputs } from "./stage.ts";

/** What a running `npm start` tells the other commands about itself. */
export interface Running {
  /** Process id of `millrace dev`. */
  readonly pid: number;
  /** Address of the local cloud, e.g. `http://127.0.0.1:4566`. */
  readonly cloud: string;
  /** Address of the live page. */
  readonly page: string;
  readonly outputs: StageOutputs;
}

const fileName = "running.json";

/** Announces a running `dev` to the other commands; atomic, so that a reader never sees half a file. */
export async function announce(directory: string, running: Running): Promise<void> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, fileName);
  await writeFile(`${path}.${running.pid}`, `${JSON.stringify(running, null, 2)}\n`);
  await rename(`${path}.${running.pid}`, path);
}

/** Takes the announcement back. */
export async function retract(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}

/**
 * The `dev` that runs on this directory. Throws `UserError` when there is none, also where one that was killed left its announcement
 * and its process id has been given to another process since: `answers` asks the local cloud at an address.
 */
export async function findRunning(
  directory: string,
  answers: (cloud: string) => Promise<boolean> = isCloudAt,
): Promise<Running> {
  const running = parseRunning(await readFile(join(directory, fileName), "utf8").catch(() => ""));
  if (!running || !isAlive(running.pid) || !(await answers(running.cloud))) {
    throw new UserError(
      "Nothing runs for stage local: start it in another terminal with `npm start`, then run this again.",
    );
  }
  return running;
}

/** `undefined` for what a crash of the machine may have left: nothing, or half a file. */
function parseRunning(text: string): Running | undefined {
  try {
    return JSON.parse(text) as Running;
  } catch {
    return undefined;
  }
}

/** How long the local cloud may take to say that it is there, in milliseconds; a busy one takes well under one second. */
const healthTimeoutMs = 10_000;

async function isCloudAt(cloud: string): Promise<boolean> {
  try {
    const answer = await fetch(`${cloud}/_millrace/health`, { signal: AbortSignal.timeout(healthTimeoutMs) });
    return answer.ok;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
