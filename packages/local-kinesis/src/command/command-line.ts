import { parseArgs } from "node:util";
import type { LocalKinesisOptions } from "../start-local-kinesis.ts";

/** What a command line asks for. */
export type CommandLine =
  { readonly task: "help" | "version" } | { readonly task: "start"; readonly options: LocalKinesisOptions };

/** The command line itself is wrong; the message says what was expected. Exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Every option, for `parseArgs` and for the help text: `hint` stands for its value there, `meaning` says what it is for. */
const options = {
  port: { type: "string", hint: "PORT", default: "4567", meaning: "port on 127.0.0.1; 0 takes any free one" },
  directory: {
    type: "string",
    hint: "PATH",
    meaning: "where streams and records are kept; without it in a temporary directory, removed at the end",
  },
  region: { type: "string", hint: "REGION", default: "eu-west-1", meaning: "for ARNs" },
  "account-id": { type: "string", hint: "ID", default: "000000000000", meaning: "for ARNs, twelve digits" },
  limits: {
    type: "string",
    hint: "on|off",
    default: "on",
    meaning: "the rates that AWS allows to shards, streams and operations",
  },
  "state-delay": {
    type: "string",
    hint: "MS",
    default: "500",
    meaning: "how long streams are CREATING, UPDATING and DELETING; 0: never seen",
  },
  durability: {
    type: "string",
    hint: "process|power",
    default: "process",
    meaning: "what an answered call survives: the end of the process, or a power cut too",
  },
  help: { type: "boolean", short: "h", meaning: "print this text" },
  version: { type: "boolean", meaning: "print the version" },
} as const;

/** An hour, longer than AWS takes for anything. */
const MAX_STATE_DELAY_MS = 3_600_000;

/** Reads a command line. Throws {@link UsageError} for the first thing wrong with it. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { help, version, directory, ...values } = parse(args);
  if (help) return { task: "help" };
  if (version) return { task: "version" };
  return {
    task: "start",
    options: {
      port: wholeNumber("--port", values.port, 65_535),
      ...(directory === undefined ? {} : { directory: matching("--directory", directory, /./, "a path") }),
      region: matching("--region", values.region, /^[a-z]+(-[a-z]+)+-\d+$/, "a region such as eu-west-1"),
      accountId: matching("--account-id", values["account-id"], /^\d{12}$/, "twelve digits"),
      limits: matching("--limits", values.limits, /^(on|off)$/, "on or off") === "on",
      stateDelayMs: wholeNumber("--state-delay", values["state-delay"], MAX_STATE_DELAY_MS),
      durability:
        matching("--durability", values.durability, /^(process|power)$/, "process or power") === "power"
          ? "power"
          : "process",
    },
  };
}

/** The help text. */
export function renderHelp(): string {
  const rows = Object.entries(options).map(([name, option]) => [
    `--${name}${"hint" in option ? ` ${option.hint}` : ""}`,
    `${option.meaning}${"default" in option ? ` (${option.default})` : ""}`,
  ]);
  const width = Math.max(...rows.map(([flag = ""]) => flag.length));
  return [
    "local-kinesis: Kinesis Data Streams on this machine, for any AWS client.",
    "",
    "USAGE  local-kinesis [options]",
    "",
    ...rows.map(([flag = "", meaning]) => `  ${flag.padEnd(width)}   ${meaning}`),
    "",
    "On a terminal it says how to use it, elsewhere it prints its URL on one line. Ctrl-C or SIGTERM ends it.",
    "",
  ].join("\n");
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    // Node's first sentence names the option; those after it speak of positional arguments, and there are none here.
    const [sentence] = (cause as Error).message.split(/\.\s/, 1);
    throw new UsageError(`${sentence}; local-kinesis --help lists the options`, { cause });
  }
}

function wholeNumber(option: string, text: string, maximum: number): number {
  if (/^\d+$/.test(text) && Number(text) <= maximum) return Number(text);
  throw new UsageError(`${option} must be a whole number from 0 to ${maximum}, got ${JSON.stringify(text)}`);
}

function matching(option: string, text: string, pattern: RegExp, expected: string): string {
  if (pattern.test(text)) return text;
  throw new UsageError(`${option} must be ${expected}, got ${JSON.stringify(text)}`);
}
