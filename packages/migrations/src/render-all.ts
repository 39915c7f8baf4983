import { describeProblem } from "./migration-directory.ts";
import { MigrationError } from "./migration-error.ts";
import { renderMigration } from "./migration-file.ts";
import type { MigrationFile, RenderedMigration } from "./migration-file.ts";
import type { PlaceholderValues } from "./placeholders.ts";

/** Fills the placeholders of all files. Throws `MigrationError` that names every fault: a value without a placeholder is one. */
export function renderAll(files: readonly MigrationFile[], values: PlaceholderValues): readonly RenderedMigration[] {
  const problems: string[] = [];
  const rendered: RenderedMigration[] = [];
  for (const file of files) {
    try {
      rendered.push(renderMigration(file, values));
    } catch (error) {
      problems.push(describeProblem(file.name, error));
    }
  }
  const used = new Set(files.flatMap(({ placeholders }) => placeholders));
  for (const name of Object.keys(values)) {
    if (!used.has(name)) problems.push(`no file uses the value ${name}; leave it out or write the placeholder`);
  }
  if (problems.length > 0) throw new MigrationError(problems);
  return rendered;
}
