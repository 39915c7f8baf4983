import { type Command, parseStrictly, renderHelp } from "./command-line.ts";
import { counts } from "./commands/counts.ts";
import { dev } from "./commands/dev.ts";
import { invoke } from "./commands/invoke.ts";
import { query } from "./commands/query.ts";
import { replay } from "./commands/replay.ts";
import { destroy, preview, refresh, up } from "./commands/stack.ts";
import { describeError, exitCodes, UsageError, UserError } from "./errors.ts";
import { printLine } from "./output.ts";

const commands: readonly Command[] = [dev, replay, query, counts, invoke, preview, up, refresh, destroy];

/**
 * Runs one command line and resolves with its exit code: 0 done, 1 a failure that a person can put right, 2 a wrong command line,
 * 70 a fault of Millrace's own, 130 interrupted. Results go to stdout, everything else to stderr.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    printLine(renderOverview());
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const subject = commands.find((one) => one.name === name);
  if (!subject) {
    process.stderr.write(
      `millrace has no command ${JSON.stringify(name)}: it has ${commands.map((one) => one.name).join(", ")}.\n`,
    );
    return exitCodes.usage;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    printLine(await renderHelp(subject));
    return exitCodes.ok;
  }
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    return await subject.run(parseStrictly(subject, rest), interruption.signal);
  } catch (error) {
    return report(error, interruption.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

function report(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    process.stderr.write("Interrupted.\n");
    return exitCodes.interrupted;
  }
  process.stderr.write(`${describeError(error)}\n`);
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof UserError || isExpected(error)) return exitCodes.failed;
  if (process.env["MILLRACE_DEBUG"] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else process.stderr.write("This is a fault of Millrace's own; MILLRACE_DEBUG=1 shows where it happened.\n");
  return exitCodes.fault;
}

/** Errors of the packages below that carry a sentence meant for people. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof Error &&
    ["StatementError", "MigrationError", "DeployError", "LocalCloudError", "DashboardError"].includes(error.name)
  );
}

function renderOverview(): string {
  const width = Math.max(...commands.map((one) => one.name.length));
  return [
    "millrace: a server's events on a chart within a second, through Kinesis and Redshift, on this machine or on AWS.",
    "",
    "USAGE  millrace COMMAND [options]",
    "",
    ...commands.map((one) => `  ${one.name.padEnd(width)}   ${one.description}`),
    "",
    "Start with `npm start`; each command explains itself with `--help`.",
  ].join("\n");
}
