import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** What Pulumi.yaml and the stack file say. */
export interface ProjectSettings {
  readonly project: string;
  /** Where the program runs: the folder of `main`. */
  readonly programDirectory: string;
  /** The file name of `main`, or `.`. */
  readonly entry: string;
  readonly projectFile: string;
  readonly stackFile: string;
  /** Namespaced keys to text; objects as JSON. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Reads Pulumi.yaml and `Pulumi.STACK.yaml`. Throws an Error that names file, key and cure for what the small engine does
 * not have: encrypted values, other runtimes, ESC environments, defaults in Pulumi.yaml.
 */
export function readProjectSettings(projectDirectory: string, stack: string): ProjectSettings {
  const projectFile = join(projectDirectory, "Pulumi.yaml");
  const project = readYaml(projectFile);
  if (typeof project.name !== "string") throw new Error(`${projectFile} must have a name.`);
  const { runtime } = project;
  const runtimeName = typeof runtime === "string" ? runtime : (runtime as { name?: string } | undefined)?.name;
  if (runtimeName !== "nodejs") {
    throw new Error(`${projectFile}: runtime must be nodejs, got ${JSON.stringify(runtimeName)}.`);
  }
  if (project.config !== undefined) {
    throw new Error(`${projectFile}: the small engine has no defaults in Pulumi.yaml; move config to the stack files.`);
  }
  const main = resolve(projectDirectory, typeof project.main === "string" ? project.main : ".");
  const isFile = /\.[cm]?[jt]s$/.test(main);
  const stackFile = join(
    projectDirectory,
    typeof project.stackConfigDir === "string" ? project.stackConfigDir : ".",
    `Pulumi.${stack}.yaml`,
  );
  return {
    project: project.name,
    programDirectory: isFile ? dirname(main) : main,
    entry: isFile ? `./${basename(main)}` : ".",
    projectFile,
    stackFile,
    config: readConfig(stackFile, project.name),
  };
}

function readConfig(stackFile: string, project: string): Record<string, string> {
  const stack = readYaml(stackFile);
  if (stack.environment !== undefined) {
    throw new Error(`${stackFile}: the small engine has no ESC environments; remove \`environment\`.`);
  }
  return Object.fromEntries(
    Object.entries(requireMapping(stack.config ?? {}, `${stackFile}: config`)).map(([key, value]) => {
      refuseSecure(value, `${stackFile}: ${key}`);
      const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
      return [key.includes(":") ? key : `${project}:${key}`, text];
    }),
  );
}

function refuseSecure(value: unknown, where: string): void {
  if (typeof value !== "object" || value === null) return;
  if ("secure" in value && Object.keys(value).length === 1) {
    throw new Error(
      `${where} is encrypted, and the small engine has no key to it: the local stage takes plain values only, or deploy it with the Pulumi CLI.`,
    );
  }
  for (const [key, child] of Object.entries(value)) refuseSecure(child, `${where}.${key}`);
}

function readYaml(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read: put it back (\`git restore\`), or make it readable.`, { cause });
  }
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (cause) {
    throw new Error(`${file} is not YAML: ${(cause as Error).message.trim()}`, { cause });
  }
  return requireMapping(content, file);
}

function requireMapping(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${where} must hold keys with values (\`key: value\`), got ${JSON.stringify(value)}.`);
}
