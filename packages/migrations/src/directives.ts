import { SqlSyntaxError } from "./lex-sql.ts";

/** What the lines `--! …` at the top of a migration file say. */
export interface Directives {
  /** `--! no-transaction`: the one statement of the file runs by itself. */
  readonly noTransaction: boolean;
  /** `--! done-when: SELECT …`: a query on the catalogue that returns a row when the statement happened. */
  readonly doneWhen: string | undefined;
  /** `--! after: R__a, R__b`: repeatable files that must run before this one. */
  readonly after: readonly string[];
}

/**
 * Reads the directives of a file: its first lines, before anything else. Throws `SqlSyntaxError` for an unknown one, for one given twice and for one
 * that stands further down, where it would be a comment without effect.
 */
export function readDirectives(text: string): Directives {
  const found = new Map<string, string>();
  let isTop = true;
  text.split(/\r\n|\r|\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (!line.startsWith("--!")) {
      if (line !== "") isTop = false;
      return;
    }
    const place = index + 1;
    if (!isTop) throw new SqlSyntaxError("directives stand at the top of the file, before anything else", place);
    const [, name = "", value = ""] = /^--!\s*([a-z-]*)\s*:?\s*(.*)$/.exec(line) ?? [];
    if (found.has(name)) throw new SqlSyntaxError(`the directive ${name} is given twice`, place);
    if (!(name in needsValue)) {
      throw new SqlSyntaxError(`"${line}" is no directive; known are ${Object.keys(needsValue).join(", ")}`, place);
    }
    if (needsValue[name as keyof typeof needsValue] !== (value !== "")) {
      throw new SqlSyntaxError(`the directive ${name} takes ${value === "" ? "a" : "no"} value`, place);
    }
    found.set(name, value);
  });
  return {
    noTransaction: found.has("no-transaction"),
    doneWhen: found.get("done-when"),
    after: (found.get("after") ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  };
}

const needsValue = { "no-transaction": false, "done-when": true, after: true } as const;
