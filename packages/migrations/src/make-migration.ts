import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultDirectory } from "./migration-directory.ts";
import { MigrationError } from "./migration-error.ts";
import type { MigrationKind } from "./migration-file.ts";

const templates: Readonly<Record<MigrationKind, string>> = {
  versioned: `-- Runs once, as one transaction. What cannot run in one stands alone in a file that begins with
--   --! no-transaction
--   --! done-when: SELECT 1 FROM … WHERE …
`,
  repeatable: `-- Runs again whenever this text changes. What it reads comes first: --! after: R__other
CREATE OR REPLACE VIEW public.name AS
SELECT
`,
};

/**
 * Writes an empty migration with the next free number, or a repeatable one, and returns its path. `title` is what stands behind the number: words of
 * a-z, 0-9 and _; blanks and dashes become _. Throws `MigrationError` for a title that is none, and for a file that is there.
 */
export async function makeMigration(
  title: string,
  {
    kind = "versioned",
    directory = defaultDirectory,
  }: { readonly kind?: MigrationKind; readonly directory?: string } = {},
): Promise<string> {
  const name = title
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  if (!/^[a-z0-9_]{1,100}$/.test(name))
    throw new MigrationError([`${JSON.stringify(title)} is no title of a migration: 1 to 100 of a-z, 0-9 and _`]);
  const numbers = (await readdir(directory)).map((file) => Number(/^V(\d+)__.*\.sql$/.exec(file)?.[1] ?? 0));
  const prefix = kind === "versioned" ? `V${String(Math.max(0, ...numbers) + 1).padStart(3, "0")}` : "R";
  const path = join(directory, `${prefix}__${name}.sql`);
  try {
    await writeFile(path, templates[kind], { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new MigrationError([`${path} is there already`]);
  }
  return path;
}
