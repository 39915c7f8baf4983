import {
  accountId,
  directoryPath,
  matching,
  portNumber,
  readCommandLine,
  regionName,
  renderCommandHelp,
  UsageError,
  wholeNumber,
  type CommandLine,
} from "@millrace/local-wire/command";
import type { LocalRedshiftOptions } from "../local-redshift.ts";

/** The command's name. */
export const commandName = "local-redshift";

/** What the command starts: a Redshift that has a workgroup. */
export interface StartOptions extends LocalRedshiftOptions {
  readonly workgroup: string;
  readonly region: string;
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
} as const;

/** An hour, longer than AWS takes for anything. */
const maxDelayMs = 3_600_000;
/** Reads of a shard that AWS allows in a second. Source: KDS service-sizes-and-limits. */
const leastReadsPerSecond = 5;

/** Reads a command line. Throws {@link UsageError} for the first thing wrong with it. */
export function parseCommandLine(args: readonly string[]): CommandLine<StartOptions> {
  return readCommandLine(commandName, options, args, ({ directory, memory, ...values }) => {
    if (directory !== undefined && memory) throw new UsageError("--directory and --memory exclude each other");
    const endpoint = values["kinesis-endpoint"];
    const pollMs = wholeNumber("--poll", values.poll, maxDelayMs, 1);
    const readsPerSecond = Math.max(leastReadsPerSecond, Math.ceil(1_000 / pollMs));
    return {
      port: portNumber(values.port),
      ...(endpoint === undefined
        ? {}
        : { kinesis: { endpoint: webAddress("--kinesis-endpoint", endpoint), pollMs, readsPerSecond } }),
      ...(directory === undefined ? {} : { directory: directoryPath(directory) }),
      workgroup: matching("--workgroup", values.workgroup, /^[a-z0-9-]{3,64}$/, "3 to 64 of a-z, 0-9 and -"),
      region: regionName(values.region),
      accountId: accountId(values["account-id"]),
      refreshDelayMs: wholeNumber("--refresh-delay", values["refresh-delay"], maxDelayMs),
    };
  });
}

/** The help text. */
export function renderHelp(): string {
  const sentence = "Redshift Serverless on this machine, with streaming views over any Kinesis.";
  return renderCommandHelp(commandName, sentence, options);
}

function webAddress(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new UsageError(`${option} must be a URL such as http://127.0.0.1:4567, got ${JSON.stringify(text)}`);
}
