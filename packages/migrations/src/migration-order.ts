import type { MigrationFile } from "./migration-file.ts";

/**
 * The order in which files run: versioned ones by number, then repeatable ones, each behind those that it names in `after`, otherwise by name.
 * Also returns what is wrong with the set, one sentence each: a number missing or given twice, an unknown name in `after`, a circle.
 */
export function orderMigrations<File extends Pick<MigrationFile, "name" | "kind" | "version" | "directives">>(
  files: readonly File[],
): { readonly ordered: readonly File[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const versioned = files
    .filter(({ kind }) => kind === "versioned")
    .sort((a, b) => a.version - b.version || compare(a.name, b.name));
  versioned.forEach((file, index) => {
    const before = versioned[index - 1]?.version ?? 0;
    if (file.version === before)
      problems.push(`${file.name}.sql: number ${file.version} is taken by ${versioned[index - 1]?.name}.sql`);
    else if (file.version !== before + 1) problems.push(`${file.name}.sql: number ${before + 1} is missing before it`);
  });

  const waiting = new Map(files.filter(({ kind }) => kind === "repeatable").map((file) => [file.name, file]));
  for (const { name, directives } of waiting.values()) {
    for (const other of directives.after) {
      if (!waiting.has(other)) problems.push(`${name}.sql: after names ${other}, which is no repeatable file here`);
    }
  }
  const ordered = [...versioned];
  const names = [...waiting.keys()].sort(compare);
  while (waiting.size > 0) {
    const next = names.find((name) => waiting.get(name)?.directives.after.every((other) => !waiting.has(other)));
    const file = next === undefined ? undefined : waiting.get(next);
    if (!file) {
      problems.push(`${[...waiting.keys()].sort(compare).join(", ")}: these name each other in after, in a circle`);
      break;
    }
    waiting.delete(file.name);
    ordered.push(file);
  }
  return { ordered, problems };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
