import { stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, parseArgs, renderUsage } from "citty";
import { UsageError } from "./errors.ts";

/** A command as data: citty's definition of its options, examples for its help text, and what it does. */
export interface Command<Args extends ArgsDef = ArgsDef> {
  readonly name: string;
  readonly description: string;
  readonly args: Args;
  /** Command lines that work as they stand, each with a word on what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Resolves with the exit code. Prints results on stdout, progress on stderr. */
  run(args: ReturnType<typeof parseArgs<Args>>, signal: AbortSignal): Promise<number>;
}

/** Keeps the argument types of a command's definition. */
export function command<const Args extends ArgsDef>(definition: Command<Args>): Command {
  return definition as unknown as Command;
}

/** Options that most commands share. */
export const stageOption = {
  type: "string",
  default: "local",
  description: "Stage: local, staging, production, or any stack with a file in stacks/",
  valueHint: "STAGE",
} as const;
export const jsonOption = { type: "boolean", default: false, description: "Print the result as JSON" } as const;

/** The help text of one command: usage, options and examples; without colours, so that a pipe reads the same as a terminal. */
export async function renderHelp(subject: Command): Promise<string> {
  const usage = await renderUsage({
    meta: { name: `millrace ${subject.name}`, description: subject.description },
    args: subject.args,
  } as CommandDef);
  const width = Math.max(...subject.examples.map(([line]) => line.length));
  const examples = subject.examples.map(([line, meaning]) => `  ${line.padEnd(width)}   ${meaning}`);
  return `${stripVTControlCharacters(usage)}\nEXAMPLES\n\n${examples.join("\n")}\n`;
}

/** Parses strictly: an unknown option, a missing or surplus argument is a `UsageError` that names it and the command's help. */
export function parseStrictly(subject: Command, rawArgs: string[]): ReturnType<typeof parseArgs> {
  const known = new Set<string>();
  const takesValue = new Set<string>();
  let positionals = 0;
  for (const [name, definition] of Object.entries(subject.args)) {
    if (definition.type === "positional") {
      positionals++;
      continue;
    }
    known.add(`--${name}`);
    if (definition.type === "boolean") known.add(`--no-${name}`);
    else takesValue.add(`--${name}`);
  }
  const help = `see \`npx millrace ${subject.name} --help\``;
  for (let index = 0; index < rawArgs.length; index++) {
    const raw = rawArgs[index] ?? "";
    if (raw === "--") break;
    if (!raw.startsWith("-") || raw === "-") continue;
    const [flag = "", value] = raw.split("=", 2);
    if (!known.has(flag)) throw new UsageError(`millrace ${subject.name} has no option ${flag}: ${help}.`);
    if (takesValue.has(flag) && value === undefined) {
      index++;
      if (rawArgs[index] === undefined) throw new UsageError(`${flag} takes a value: ${help}.`);
    }
  }
  let parsed;
  try {
    parsed = parseArgs(rawArgs, subject.args);
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (${help})`, { cause: error });
  }
  if (parsed._.length > positionals) {
    throw new UsageError(`millrace ${subject.name} takes ${positionals} argument(s), got ${parsed._.length}: ${help}.`);
  }
  return parsed;
}

/** A whole number within bounds from a command line, or a `UsageError` that names the option. */
export function wholeNumber(option: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw new UsageError(
      `${option} must be a whole number from ${minimum} to ${maximum}, got ${JSON.stringify(text)}.`,
    );
  }
  return value;
}
