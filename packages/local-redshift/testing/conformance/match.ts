import { expect } from "vitest";

/** Values that are saved by name in the course of a case. */
export type Saved = ReadonlyMap<string, unknown>;

/** What an expectation may say instead of a value. */
const kinds: Readonly<Record<string, () => unknown>> = {
  $any: () => expect.anything() as unknown,
  $date: () => expect.any(Date) as unknown,
  $number: () => expect.any(Number) as unknown,
  $text: () => expect.any(String) as unknown,
  $uuid: () => expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown,
};

/**
 * An expectation with its `$any`, `$date`, `$number`, `$text` and `$uuid` as matchers, and `$name` as what was saved. Members that are to
 * be absent are left out: see {@link absentMembers}.
 */
export function asExpectation(value: unknown, saved: Saved): unknown {
  return mapTexts(value, (text) => (Object.hasOwn(kinds, text) ? kinds[text]!() : fill(text, saved)));
}

/** The names of the members whose expectation is `$absent`. */
export function absentMembers(output: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(output).filter((name) => output[name] === absent);
}

const absent = "$absent";

/** An input with `$name` replaced by what was saved. */
export function asInput(value: unknown, saved: Saved): unknown {
  return mapTexts(value, (text) => fill(text, saved));
}

/** Text that is nothing but a name becomes the value itself. */
function fill(text: string, saved: Saved): unknown {
  if (text.startsWith("$") && saved.has(text.slice(1))) return saved.get(text.slice(1));
  return text.replace(/\$(\w+)/g, (written, name: string) => (saved.has(name) ? String(saved.get(name)) : written));
}

function mapTexts(value: unknown, map: (text: string) => unknown): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, item]) => item !== absent);
  return Object.fromEntries(members.map(([name, item]) => [name, mapTexts(item, map)]));
}

/** The member of an answer at a dotted path. */
export function memberAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], value);
}
