import { spawnScript, type SpawnOptions, type SpawnedCommand } from "@millrace/local-wire/testing/spawn-script";

/** The command as it is in the repository. */
export const commandScript = new URL("../bin/local-kinesis.mjs", import.meta.url).pathname;

/** Starts the command with its output in pipes. It ends with the test at the latest. */
export const spawnCommand = (args: readonly string[], options?: SpawnOptions): SpawnedCommand =>
  spawnScript(commandScript, args, options);
