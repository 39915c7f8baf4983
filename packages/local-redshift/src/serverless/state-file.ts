import { readFile } from "node:fs/promises";
import { replaceFile } from "../replace-file.ts";
import { emptyState, type ServerlessState } from "./state.ts";

/**
 * Reads the state file; a missing file is an empty state.
 * Throws an `Error` that names the file when it is not one of ours: it is never overwritten with a guess.
 */
export async function readState(file: string): Promise<ServerlessState> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyState();
    throw error;
  }
  let state: Partial<ServerlessState> | null;
  try {
    state = JSON.parse(text) as Partial<ServerlessState> | null;
  } catch (cause) {
    throw new Error(`${file} is not JSON; move it away to start with no namespaces (their data stays beside it)`, {
      cause,
    });
  }
  if (state?.version !== 1 || !state.namespaces || !state.workgroups || !state.usageLimits) {
    throw new Error(`${file} must hold Redshift Serverless state of version 1, got version ${String(state?.version)}`);
  }
  return state as ServerlessState;
}

/** Replaces the state file in one step: a process killed at any moment leaves the old text or the new one. */
export function writeState(file: string, state: ServerlessState): Promise<void> {
  return replaceFile(file, `${JSON.stringify(state, undefined, 2)}\n`);
}
