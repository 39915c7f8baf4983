import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** An option, for `parseArgs` and for the help text: `hint` stands for its value there, `meaning` says what it is for. */
interface CommandOption {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly hint?: string;
  readonly default?: string;
  readonly meaning: string;
}

/** Options by their names, in the order of the help text. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What a command line says of each option. */
type OptionValues<Options extends CommandOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends { type: "boolean" }
    ? boolean | undefined
    : Options[Name] extends { default: string }
      ? string
      : string | undefined;
};

/** What a command line asks for: `start` with what its options say. */
export type CommandLine<StartOptions> =
  { readonly task: "help" | "version" } | { readonly task: "start"; readonly options: StartOptions };

/** What every command has, after its own options. */
const commonOptions = {
  help: { type: "boolean", short: "h", meaning: "print this text" },
  version: { type: "boolean", meaning: "print the version" },
} as const;

/**
 * Reads a command line; `read` checks the values of its options, and is not asked for the help text or the version.
 * Throws {@link UsageError} for the first thing wrong with it.
 */
export function readCommandLine<const Options extends CommandOptions, StartOptions>(
  command: string,
  options: Options,
  args: readonly string[],
  read: (values: OptionValues<Options>) => StartOptions,
): CommandLine<StartOptions> {
  const { help, version, ...values } = parse(command, { ...options, ...commonOptions }, args);
  if (help) return { task: "help" };
  if (version) return { task: "version" };
  return { task: "start", options: read(values as OptionValues<Options>) };
}

function parse(command: string, options: CommandOptions, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    // Node's first sentence names the option; those after it speak of positional arguments, and there are none here.
    const [sentence] = (cause as Error).message.split(/\.\s/, 1);
    throw new UsageError(`${sentence}; ${command} --help lists the options`, { cause });
  }
}

/** The help text: the command, what it is in one sentence, and every option. */
export function renderCommandHelp(command: string, sentence: string, options: CommandOptions): string {
  const rows = Object.entries({ ...options, ...commonOptions } as CommandOptions).map(([name, option]) => [
    `--${name}${option.hint === undefined ? "" : ` ${option.hint}`}`,
    `${option.meaning}${option.default === undefined ? "" : ` (${option.default})`}`,
  ]);
  const width = Math.max(...rows.map(([flag = ""]) => flag.length));
  return [
    `${command}: ${sentence}`,
    "",
    `USAGE  ${command} [options]`,
    "",
    ...rows.map(([flag = "", meaning]) => `  ${flag.padEnd(width)}   ${meaning}`),
    "",
    "On a terminal it says how to use it, elsewhere it prints its URL on one line. Ctrl-C or SIGTERM ends it.",
    "",
  ].join("\n");
}
