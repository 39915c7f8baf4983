import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Static, TSchema } from "typebox";
import { Errors } from "typebox/value";
import { parse } from "yaml";

/**
 * Reads the subjects in the YAML files below a folder, each with its place; a file may hold a list of them. `isWanted` looks at paths
 * below the folder.
 * Throws an error that names file and place for one that is not of the form.
 */
export async function readSubjects<Form extends TSchema>(
  folder: string,
  form: Form,
  isWanted: (path: string) => boolean = () => true,
): Promise<readonly (Static<Form> & { readonly path: string })[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isWanted(relative(folder, path)));
  const files = await Promise.all(
    paths.toSorted().map(async (file) => {
      const content: unknown = parse(await readFile(file, "utf8"));
      const subjects: readonly unknown[] = Array.isArray(content) ? content : [content];
      return subjects.map((subject, index) => {
        const path = `${relative(folder, file)}[${index}]`;
        const [first] = Errors(form, subject);
        if (first !== undefined) throw new Error(`${path}${first.instancePath}: ${first.message}`);
        return { ...(subject as object), path } as Static<Form> & { readonly path: string };
      });
    }),
  );
  return files.flat();
}
