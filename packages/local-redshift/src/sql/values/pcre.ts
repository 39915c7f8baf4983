/**
 * Patterns of the PCRE dialect, which DuckDB's RE2 does not take (look-ahead, back references). JavaScript's own regular expressions
 * stand in for them (close: no possessive quantifiers, no recursion).
 */

/** Characters of the POSIX classes, for inside of brackets. */
const classes: Readonly<Record<string, string>> = {
  alnum: "a-zA-Z0-9",
  alpha: "a-zA-Z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  lower: "a-z",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

interface Match {
  readonly start: number;
  readonly text: string;
  readonly groups: readonly (string | undefined)[];
}

let lastPattern: { readonly key: string; readonly regexp: RegExp } | undefined;

function compile(pattern: string, ignoreCase: boolean): RegExp {
  const key = `${ignoreCase ? "i" : "c"}${pattern}`;
  if (lastPattern?.key === key) return lastPattern.regexp;
  const source = pattern.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole);
  let regexp: RegExp;
  try {
    regexp = new RegExp(source, ignoreCase ? "gui" : "gu");
  } catch {
    throw new Error(`ERROR: invalid regular expression: ${pattern}`);
  }
  lastPattern = { key, regexp };
  return regexp;
}

function matches(text: string, pattern: string, ignoreCase: boolean): Match[] {
  return [...text.matchAll(compile(pattern, ignoreCase))].map((found) => ({
    start: [...text.slice(0, found.index)].length,
    text: found[0],
    groups: found.slice(1),
  }));
}

/** How many times a pattern is found. */
export function pcreCount(text: string, pattern: string, ignoreCase: boolean): number {
  return matches(text, pattern, ignoreCase).length;
}

/** Where the `occurrence`th match begins, or ends with `atEnd`, counting characters from 1; 0 when there is none. */
export function pcreInstr(
  text: string,
  pattern: string,
  ignoreCase: boolean,
  occurrence: number,
  atEnd: boolean,
): number {
  const found = matches(text, pattern, ignoreCase)[occurrence - 1];
  if (found === undefined) return 0;
  return found.start + 1 + (atEnd ? [...found.text].length : 0);
}

/** The `occurrence`th match, or its first group; empty when there is none. */
export function pcreSubstr(
  text: string,
  pattern: string,
  ignoreCase: boolean,
  occurrence: number,
  group: boolean,
): string {
  const found = matches(text, pattern, ignoreCase)[occurrence - 1];
  if (found === undefined) return "";
  return group && found.groups.length > 0 ? (found.groups[0] ?? "") : found.text;
}

/** Every match replaced; `$1` names a group. */
export function pcreReplace(text: string, pattern: string, ignoreCase: boolean, replacement: string): string {
  return text.replaceAll(compile(pattern, ignoreCase), replacement.replaceAll("$0", "$&"));
}
