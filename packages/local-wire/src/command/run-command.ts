import { readFileSync } from "node:fs";
import type { CommandLine } from "./command-line.ts";
import { UsageError } from "./usage-error.ts";

/** A command that starts a service and keeps it until a signal. */
export interface Command<StartOptions> {
  readonly name: string;
  /** The package.json that has its version. */
  readonly packageFile: URL;
  /** Throws {@link UsageError}. */
  parse(args: readonly string[]): CommandLine<StartOptions>;
  renderHelp(): string;
  /** Starts the service, whose faults go to `log`. Loads it only now, so that a help text or a mistake is told at once. */
  start(options: StartOptions, log: (line: string) => void): Promise<StartedService>;
}

/** A service that a command has started. */
export interface StartedService {
  /** For whom it prints into a pipe. */
  readonly url: string;
  /** For whom it prints on a terminal. */
  readonly welcome: string;
  close(): Promise<void>;
}

/** Ctrl-C, `kill`, and a terminal that is closed. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs one command line until a signal ends it. Resolves with the exit status: 0 ended in order, 1 could not start, 2 a wrong
 * command line. Faults while it runs go to stderr.
 */
export async function runCommand<StartOptions>(
  command: Command<StartOptions>,
  args: readonly string[],
): Promise<number> {
  // A reader of the output that went away is no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  try {
    const line = command.parse(args);
    if (line.task === "start") await serve(command, line.options);
    else process.stdout.write(line.task === "help" ? command.renderHelp() : `${readVersion(command.packageFile)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${command.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function serve<StartOptions>(command: Command<StartOptions>, options: StartOptions): Promise<void> {
  // Later signals are ignored: npm passes a Ctrl-C on that the terminal has already sent, and closing does not take long.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ENDING_SIGNALS) process.on(signal, () => resolve());
  });
  const service = await command.start(options, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(process.stdout.isTTY ? service.welcome : `${service.url}\n`);
  await ended;
  await service.close();
}

function readVersion(packageFile: URL): string {
  const description: unknown = JSON.parse(readFileSync(packageFile, "utf8"));
  return (description as { version: string }).version;
}
