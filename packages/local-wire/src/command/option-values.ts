import { UsageError } from "./usage-error.ts";

/** An option's text as a whole number within bounds, both included. Throws {@link UsageError} that names them. */
export function wholeNumber(option: string, text: string, maximum: number, minimum = 0): number {
  if (/^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum) return Number(text);
  throw new UsageError(`${option} must be a whole number from ${minimum} to ${maximum}, got ${JSON.stringify(text)}`);
}

/** An option's text, if the pattern knows it. Throws {@link UsageError} that says what was `expected`. */
export function matching(option: string, text: string, pattern: RegExp, expected: string): string {
  if (pattern.test(text)) return text;
  throw new UsageError(`${option} must be ${expected}, got ${JSON.stringify(text)}`);
}

/** What options that both commands have take. They throw {@link UsageError} for anything else. */
export const portNumber = (text: string): number => wholeNumber("--port", text, 65_535);
export const directoryPath = (text: string): string => matching("--directory", text, /./, "a path");
export const regionName = (text: string): string =>
  matching("--region", text, /^[a-z]+(-[a-z]+)+-\d+$/, "a region such as eu-west-1");
export const accountId = (text: string): string => matching("--account-id", text, /^\d{12}$/, "twelve digits");
