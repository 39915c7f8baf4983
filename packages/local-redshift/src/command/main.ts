import { readFileSync } from "node:fs";
import { parseCommandLine, renderHelp, UsageError, type StartOptions } from "./command-line.ts";
import { renderWelcome } from "./welcome.ts";

/** Ctrl-C, `kill`, and a terminal that is closed. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs one command line until a signal ends it. Resolves with the exit status: 0 ended in order, 1 could not start, 2 a wrong
 * command line. Faults while it runs go to stderr.
 */
export async function main(args: readonly string[]): Promise<number> {
  // A reader of the output that went away is no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  try {
    const line = parseCommandLine(args);
    if (line.task === "start") await serve(line.options);
    else process.stdout.write(line.task === "help" ? renderHelp() : `${readVersion()}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`local-redshift: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function serve(options: StartOptions): Promise<void> {
  // Later signals are ignored: npm passes a Ctrl-C on that the terminal has already sent.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ENDING_SIGNALS) process.on(signal, () => resolve());
  });
  // Loaded here, so that a help text or a mistake is told at once.
  const { startLocalRedshift } = await import("../local-redshift.ts");
  const redshift = await startLocalRedshift({
    ...options,
    ...(options.kinesis === undefined ? {} : { kinesis: { ...options.kinesis, ...namedCredentials() } }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(process.stdout.isTTY ? renderWelcome(redshift, options) : `${redshift.url}\n`);
  await ended;
  await redshift.close();
}

/** Credentials that the environment names are for the Kinesis; a local one takes any. */
function namedCredentials() {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (!accessKeyId || !secretAccessKey) return {};
  const sessionToken = process.env["AWS_SESSION_TOKEN"];
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } };
}

function readVersion(): string {
  const description: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (description as { version: string }).version;
}
