import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ProjectSettings } from "./project-settings.ts";

/** Folders that are made, not written; and files that no program reads. */
const ignoredFolders = new Set(["node_modules", "dist", "coverage", ".git", ".nx", ".millrace"]);
const ignoredFiles = /\.(unit|int)\.test\.ts$|\.md$|\.log$/;

/**
 * A digest of everything that decides what the program registers: Pulumi.yaml, the stack file, the lock file, the Node
 * version, every file of the program's package and of the workspace packages it depends on, this engine's own files, and the
 * settings in the environment that the program is started with. Undefined where the project is no npm workspace: then nothing
 * is known about where the program's files end.
 */
export function digestProgram(options: {
  projectDirectory: string;
  settings: ProjectSettings;
  engineDirectory: string;
  environment: Readonly<Record<string, string>>;
}): string | undefined {
  const { projectDirectory, settings, engineDirectory, environment } = options;
  const lockFile = join(projectDirectory, "package-lock.json");
  const packages = findPackages(projectDirectory, settings.programDirectory);
  if (!packages || !existsSync(lockFile)) return undefined;
  const hash = createHash("sha256");
  const add = (name: string, content: string | Uint8Array) =>
    hash.update(`${name}\0${content.length}\0`).update(content);
  add("node", process.version);
  // The endpoint is left out: it may change from run to run, and is in no resource. So is PATH, which finds nothing here.
  const told = Object.entries(environment).filter(
    ([key]) => /^(MILLRACE|AWS|PULUMI)_/.test(key) && !/ENDPOINT/.test(key),
  );
  add("environment", JSON.stringify(told.sort()));
  for (const file of [settings.projectFile, settings.stackFile, lockFile]) add(file, readFileSync(file));
  for (const directory of [...packages, engineDirectory].sort()) {
    for (const file of listFiles(directory)) add(relative(projectDirectory, file), readFileSync(file));
  }
  return hash.digest("hex");
}

/** The folders of the program's package and of the workspace packages that it depends on, directly or not. */
function findPackages(projectDirectory: string, programDirectory: string): readonly string[] | undefined {
  const root = readPackage(projectDirectory);
  if (!Array.isArray(root?.workspaces)) return undefined;
  const folders = (root.workspaces as string[]).flatMap((pattern) => expand(projectDirectory, pattern));
  const byName = new Map(folders.map((folder) => [readPackage(folder)?.name, folder]));
  const own = folders.find((folder) => programDirectory === folder || programDirectory.startsWith(`${folder}/`));
  if (!own) return undefined;
  const found = new Set([own]);
  for (const folder of found) {
    const { dependencies = {}, devDependencies = {} } = readPackage(folder) ?? {};
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const needed = byName.get(name);
      if (needed) found.add(needed);
    }
  }
  return [...found];
}

function expand(projectDirectory: string, pattern: string): readonly string[] {
  const folder = join(projectDirectory, pattern);
  if (!pattern.endsWith("/*")) return existsSync(join(folder, "package.json")) ? [folder] : [];
  if (!existsSync(dirname(folder))) return [];
  return readdirSync(dirname(folder))
    .map((name) => join(dirname(folder), name))
    .filter((candidate) => existsSync(join(candidate, "package.json")));
}

interface PackageFile {
  readonly name?: string;
  readonly workspaces?: unknown;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function readPackage(folder: string): PackageFile | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as PackageFile) : undefined;
}

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return ignoredFolders.has(entry.name) ? [] : listFiles(path);
      return entry.isFile() && !ignoredFiles.test(entry.name) ? [path] : [];
    });
}
