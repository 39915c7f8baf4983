export { readCommandLine, renderCommandHelp } from "./command-line.ts";
export type { CommandLine, CommandOptions } from "./command-line.ts";
export { accountId, directoryPath, matching, portNumber, regionName, wholeNumber } from "./option-values.ts";
export { runCommand } from "./run-command.ts";
export { UsageError } from "./usage-error.ts";
