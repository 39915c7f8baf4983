import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SqlSyntaxError } from "./lex-sql.ts";
import { MigrationError } from "./migration-error.ts";
import { parseMigration } from "./migration-file.ts";
import type { MigrationFile } from "./migration-file.ts";
import { orderMigrations } from "./migration-order.ts";
import type { MigrationEntry } from "./migration-result.ts";

/** The project's own migrations. */
export const defaultDirectory = join(import.meta.dirname, "..", "sql");

/**
 * Lists the migrations of a directory (default: the project's own) in the order in which they run.
 * Throws `MigrationError` that names every file that is no migration, with the reason.
 */
export async function listMigrations(directory: string = defaultDirectory): Promise<readonly MigrationEntry[]> {
  return (await readMigrations(directory)).map(toEntry);
}

/** The same as `listMigrations`, for callers that cannot wait. */
export function listMigrationsSync(directory: string = defaultDirectory): readonly MigrationEntry[] {
  const texts = sqlFiles(readdirSync(directory)).map(
    (file) => [file, readFileSync(join(directory, file), "utf8")] as const,
  );
  return parseAll(texts).map(toEntry);
}

/** Reads and parses every `.sql` file of a directory, in the order in which they run. Throws `MigrationError` as `listMigrations` does. */
export async function readMigrations(directory: string): Promise<readonly MigrationFile[]> {
  const files = sqlFiles(await readdir(directory));
  return parseAll(
    await Promise.all(files.map(async (file) => [file, await readFile(join(directory, file), "utf8")] as const)),
  );
}

/** A migration without its text. */
export function toEntry({ name, checksum, kind }: MigrationEntry): MigrationEntry {
  return { name, checksum, kind };
}

/** What is wrong, with file and line where the fault has one. */
export function describeProblem(name: string, error: unknown): string {
  if (error instanceof SqlSyntaxError) return `${name}.sql:${error.line}: ${error.message}`;
  throw error;
}

function sqlFiles(files: readonly string[]): readonly string[] {
  return files.filter((file) => file.endsWith(".sql")).sort();
}

function parseAll(texts: readonly (readonly [file: string, text: string])[]): readonly MigrationFile[] {
  const problems: string[] = [];
  const files: MigrationFile[] = [];
  for (const [file, text] of texts) {
    const name = file.slice(0, -".sql".length);
    try {
      files.push(parseMigration(name, text));
    } catch (error) {
      problems.push(describeProblem(name, error));
    }
  }
  const order = orderMigrations(files);
  // A file that cannot be parsed would be reported a second time as a gap.
  if (problems.length === 0) problems.push(...order.problems);
  if (problems.length > 0) throw new MigrationError(problems);
  return order.ordered;
}
