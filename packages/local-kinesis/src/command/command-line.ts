import {
  accountId,
  directoryPath,
  matching,
  portNumber,
  readCommandLine,
  regionName,
  renderCommandHelp,
  wholeNumber,
  type CommandLine,
} from "@millrace/local-wire/command";
import type { LocalKinesisOptions } from "../start-local-kinesis.ts";

/** The command's name. */
export const commandName = "local-kinesis";

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
} as const;

/** An hour, longer than AWS takes for anything. */
const MAX_STATE_DELAY_MS = 3_600_000;

/** Reads a command line. Throws `UsageError` for the first thing wrong with it. */
export function parseCommandLine(args: readonly string[]): CommandLine<LocalKinesisOptions> {
  return readCommandLine(commandName, options, args, ({ directory, ...values }) => ({
    port: portNumber(values.port),
    ...(directory === undefined ? {} : { directory: directoryPath(directory) }),
    region: regionName(values.region),
    accountId: accountId(values["account-id"]),
    limits: matching("--limits", values.limits, /^(on|off)$/, "on or off") === "on",
    stateDelayMs: wholeNumber("--state-delay", values["state-delay"], MAX_STATE_DELAY_MS),
    durability:
      matching("--durability", values.durability, /^(process|power)$/, "process or power") === "power"
        ? "power"
        : "process",
  }));
}

/** The help text. */
export const renderHelp = (): string =>
  renderCommandHelp(commandName, "Kinesis Data Streams on this machine, for any AWS client.", options);
