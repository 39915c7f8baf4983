import { parseArgs } from "node:util";
import type { LocalRedshiftOptions } from "../local-redshift.ts";

/** What the command starts: a Redshift that has a workgroup. */
export interface StartOptions extends LocalRedshiftOptions {
  readonly workgroup: string;
  readonly region: string;
}

/** What a command line asks for. */
export type CommandLine =
  { readonly task: "help" | "version" } | { readonly task: "start"; readonly options: StartOptions };

/** The command line itself is wrong; the message says what was expected. Exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Every option, for `parseArgs` and for the help text: `hint` stands for its value there, `meaning` says what it is for. */
const options = {
  port: { type: "string", hint: "PORT", default: "4568", meaning: "port on 127.0.0.1; 0 takes any free one" },
  "kinesis-endpoint": {
    type: "string",
    hint: "URL",
    meaning: "the Kinesis that streaming views read, such as http://127.0.0.1:4567; without it there is no stream",
  },
  directory: { type: "string", hint: "PATH", meaning: "where databases, workgroups and secrets are kept" },
  memory: { type: "boolean", meaning: "keep all in memory and nothing on disk; so it is without --directory" },
  workgroup: {
    type: "string",
    hint: "NAME",
    default: "default",
    meaning: "made when missing, with a namespace of that name, database dev and user admin",
  },
  region: { type: "string", hint: "REGION", default: "eu-west-1", meaning: "for ARNs, and of the Kinesis" },
  "account-id": { type: "string", hint: "ID", default: "000000000000", meaning: "for ARNs, twelve digits" },
  "refresh-delay": {
    type: "string",
    hint: "MS",
    default: "0",
    meaning: "how long an automatic refresh waits; AWS takes seconds",
  },
  poll: {
    type: "string",
    hint: "MS",
    default: "250",
    meaning: "how often streams are read; AWS allows 5 reads a second of a shard, to all readers together",
  },
  help: { type: "boolean", short: "h", meaning: "print this text" },
  version: { type: "boolean", meaning: "print the version" },
} as const;

/** An hour, longer than AWS takes for anything. */
const maxDelayMs = 3_600_000;
/** Reads of a shard that AWS allows in a second. Source: KDS service-sizes-and-limits. */
const leastReadsPerSecond = 5;

/** Reads a command line. Throws {@link UsageError} for the first thing wrong with it. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { help, version, directory, memory, ...values } = parse(args);
  if (help) return { task: "help" };
  if (version) return { task: "version" };
  if (directory !== undefined && memory) throw new UsageError("--directory and --memory exclude each other");
  const endpoint = values["kinesis-endpoint"];
  const pollMs = wholeNumber("--poll", values.poll, maxDelayMs, 1);
  const readsPerSecond = Math.max(leastReadsPerSecond, Math.ceil(1_000 / pollMs));
  return {
    task: "start",
    options: {
      port: wholeNumber("--port", values.port, 65_535),
      ...(endpoint === undefined
        ? {}
        : { kinesis: { endpoint: webAddress("--kinesis-endpoint", endpoint), pollMs, readsPerSecond } }),
      ...(directory === undefined ? {} : { directory: matching("--directory", directory, /./, "a path") }),
      workgroup: matching("--workgroup", values.workgroup, /^[a-z0-9-]{3,64}$/, "3 to 64 of a-z, 0-9 and -"),
      region: matching("--region", values.region, /^[a-z]+(-[a-z]+)+-\d+$/, "a region such as eu-west-1"),
      accountId: matching("--account-id", values["account-id"], /^\d{12}$/, "twelve digits"),
      refreshDelayMs: wholeNumber("--refresh-delay", values["refresh-delay"], maxDelayMs),
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
    "local-redshift: Redshift Serverless on this machine, with streaming views over any Kinesis.",
    "",
    "USAGE  local-redshift [options]",
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
    throw new UsageError(`${sentence}; local-redshift --help lists the options`, { cause });
  }
}

function wholeNumber(option: string, text: string, maximum: number, minimum = 0): number {
  if (/^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum) return Number(text);
  throw new UsageError(`${option} must be a whole number from ${minimum} to ${maximum}, got ${JSON.stringify(text)}`);
}

function webAddress(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new UsageError(`${option} must be a URL such as http://127.0.0.1:4567, got ${JSON.stringify(text)}`);
}

function matching(option: string, text: string, pattern: RegExp, expected: string): string {
  if (pattern.test(text)) return text;
  throw new UsageError(`${option} must be ${expected}, got ${JSON.stringify(text)}`);
}
