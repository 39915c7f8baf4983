import { inspect } from "node:util";
import { type Command, parseStrictly, renderHelp } from "./command-line.ts";
import { describeError, exitCodes, isForeseen, UsageError } from "./errors.ts";
import { createInterruption } from "./interruption.ts";
import { printLine } from "./output.ts";

/** Every command with the line of the overview; its code is loaded when it is asked for, so that `query` does not wait for an engine. */
const commands: readonly { name: string; description: string; load(): Promise<Command> }[] = [
  {
    name: "dev",
    description: "Run the whole pipeline on this machine; this is `npm start`",
    load: async () => (await import("./commands/dev.ts")).dev,
  },
  {
    name: "replay",
    description: "Send the events of an NDJSON file and account for every line",
    load: async () => (await import("./commands/replay.ts")).replay,
  },
  {
    name: "query",
    description: "Run one SQL statement in the warehouse and print its rows",
    load: async () => (await import("./commands/query.ts")).query,
  },
  {
    name: "migrate",
    description: "Show, apply or begin migrations of the warehouse: plan, up, status, new",
    load: async () => (await import("./commands/migrate.ts")).migrate,
  },
  {
    name: "counts",
    description: "Say whether the stream and the warehouse agree",
    load: async () => (await import("./commands/counts.ts")).counts,
  },
  {
    name: "invoke",
    description: "Run the producer's Lambda handler on this machine",
    load: async () => (await import("./commands/invoke.ts")).invoke,
  },
  {
    name: "preview",
    description: "Show what `up` would change in a stage (needs the Pulumi CLI)",
    load: async () => (await import("./commands/stack.ts")).preview,
  },
  {
    name: "up",
    description: "Bring a stage to what the program and its stack file say (needs the Pulumi CLI)",
    load: async () => (await import("./commands/stack.ts")).up,
  },
  {
    name: "refresh",
    description: "Read a stage's resources back into its state (needs the Pulumi CLI)",
    load: async () => (await import("./commands/stack.ts")).refresh,
  },
  {
    name: "destroy",
    description: "Delete a stage's resources (needs the Pulumi CLI)",
    load: async () => (await import("./commands/stack.ts")).destroy,
  },
];

/** Ctrl-C, `kill`, and a terminal that is closed. */
const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs one command line and resolves with its exit code: 0 done, 1 a failure that a person can put right, 2 a wrong command line,
 * 70 a fault of Millrace's own, 130 interrupted. Results go to stdout, everything else to stderr.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const interruption = createInterruption();
  // A reader that went away (`| head`, a closed terminal) ends a command in order instead of by an exception.
  process.stdout.on("error", interruption.outputClosed);
  process.stderr.on("error", interruption.outputClosed);
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    printLine(renderOverview());
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const found = commands.find((one) => one.name === name);
  if (!found) {
    process.stderr.write(
      `millrace has no command ${JSON.stringify(name)}: it has ${commands.map((one) => one.name).join(", ")}.\n`,
    );
    return exitCodes.usage;
  }
  const subject = await found.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    printLine(await renderHelp(subject));
    return exitCodes.ok;
  }
  for (const name of endingSignals) process.on(name, interruption.receive);
  try {
    return await subject.run(parseStrictly(subject, rest), interruption.signal);
  } catch (error) {
    return report(error, interruption.signal);
  } finally {
    for (const name of endingSignals) process.off(name, interruption.receive);
  }
}

function report(error: unknown, signal: AbortSignal): number {
  const stack = process.env["MILLRACE_DEBUG"] && error instanceof Error ? `${inspect(error)}\n` : "";
  if (signal.aborted) {
    process.stderr.write(`Interrupted.\n${stack}`);
    return exitCodes.interrupted;
  }
  process.stderr.write(`${describeError(error)}\n${stack}`);
  if (error instanceof UsageError) return exitCodes.usage;
  if (isForeseen(error)) return exitCodes.failed;
  if (!stack) process.stderr.write("This is a fault of Millrace's own; MILLRACE_DEBUG=1 shows where it happened.\n");
  return exitCodes.fault;
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
