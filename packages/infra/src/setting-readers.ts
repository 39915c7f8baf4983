/** Turns the text of one setting into its value; `undefined` when the text is not acceptable. */
export interface Reader<T> {
  /** What is acceptable, to stand after "must be". */
  readonly expected: string;
  read(text: string): T | undefined;
}

/** `true` or `false`. */
export function flag(): Reader<boolean> {
  return { expected: "true or false", read: (text) => ({ true: true, false: false })[text] };
}

/** An integer for which `accepts` holds; `expected` describes the accepted set and its unit. */
export function integer(expected: string, accepts: (value: number) => boolean): Reader<number> {
  return {
    expected,
    read(text) {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return accepts(value) ? value : undefined;
    },
  };
}

/** One of the given words, exactly. */
export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return { expected: `one of ${words.join(", ")}`, read: (text) => words.find((word) => word === text) };
}

/** A text that matches `pattern` as a whole. */
export function textLike(expected: string, pattern: RegExp): Reader<string> {
  return { expected, read: (text) => (pattern.test(text) ? text : undefined) };
}

/** A list of distinct elements, written in YAML as a list (the engine hands it over as JSON). */
export function listOf<T>(element: Reader<T>, lengths: { readonly min: number; readonly max: number }): Reader<T[]> {
  return {
    expected: `a list of ${lengths.min} to ${lengths.max} different values, each ${element.expected}`,
    read(text) {
      const items = parseList(text)?.map((item) => (typeof item === "string" ? element.read(item) : undefined));
      if (items === undefined || items.length < lengths.min || items.length > lengths.max) return undefined;
      const values = items.filter((item) => item !== undefined);
      return new Set(values).size === items.length ? values : undefined;
    },
  };
}

function parseList(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
