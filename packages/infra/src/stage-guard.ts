import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What the guard looks at. */
export interface StageSurroundings {
  readonly stage: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The file that marks a folder of providers for this machine. */
const marker = "LOCAL_PROVIDERS";
const executables = ["pulumi-resource-aws", "pulumi-resource-aws-native"] as const;

/**
 * Tells whether the surroundings belong to another stage than the one that is run: the `local` stage with a way to
 * AWS, or any other stage with a way to the local cloud. Answers one sentence a crossing, with the cure; none when
 * all is well.
 *
 * The engine takes the first `pulumi-resource-<name>` on PATH whatever its version, so PATH alone decides who answers.
 */
export function findCrossings(surroundings: StageSurroundings): string[] {
  return surroundings.stage === "local" ? crossingsOfLocal(surroundings.env) : crossingsOfOthers(surroundings);
}

function crossingsOfLocal(env: StageSurroundings["env"]): string[] {
  const found: string[] = [];
  const start = "start it with `npm start` or `npx millrace up --stage local`";
  const endpoint = env["MILLRACE_LOCAL_ENDPOINT"];
  if (!isLoopback(endpoint)) {
    found.push(
      `The stage local needs MILLRACE_LOCAL_ENDPOINT, the address of the local cloud on this machine such as http://127.0.0.1:4566, and got ${shown(endpoint)}: ${start}.`,
    );
  } else if (env["AWS_ENDPOINT_URL"] !== endpoint) {
    found.push(
      `The stage local needs AWS_ENDPOINT_URL equal to MILLRACE_LOCAL_ENDPOINT (${endpoint}) and got ${shown(env["AWS_ENDPOINT_URL"])}: ${start}.`,
    );
  }
  for (const name of serviceEndpoints(env)) {
    if (env[name] !== endpoint) found.push(`The stage local must not be run with ${name} set: unset it.`);
  }
  for (const name of ["AWS_PROFILE", "PULUMI_DEBUG_PROVIDERS", "PULUMI_IGNORE_AMBIENT_PLUGINS"]) {
    if (env[name])
      found.push(`The stage local must not be run with ${name} set, it leads past the local cloud: unset it.`);
  }
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") {
    found.push("The stage local must not be run with AWS_IGNORE_CONFIGURED_ENDPOINT_URLS set to true: unset it.");
  }
  for (const executable of executables) {
    const folder = firstOnPath(executable, env);
    if (folder !== undefined && existsSync(join(folder, marker))) continue;
    const instead = folder === undefined ? "none is there" : "the first one there is another";
    found.push(`The stage local needs the local provider ${executable} first on PATH, and ${instead}: ${start}.`);
  }
  return found;
}

function crossingsOfOthers({ stage, env }: StageSurroundings): string[] {
  const found: string[] = [];
  for (const name of ["MILLRACE_LOCAL_ENDPOINT", "AWS_ENDPOINT_URL", ...serviceEndpoints(env)]) {
    if (env[name]) found.push(`The stage ${stage} must not be run with ${name} set, it leads away from AWS: unset it.`);
  }
  if (/(^|,)\s*aws(-native)?:/.test(env["PULUMI_DEBUG_PROVIDERS"] ?? "")) {
    found.push(`The stage ${stage} must not be run with PULUMI_DEBUG_PROVIDERS set for AWS: unset it.`);
  }
  for (const executable of executables) {
    const folder = firstOnPath(executable, env);
    if (folder === undefined || !existsSync(join(folder, marker))) continue;
    found.push(
      `The stage ${stage} must not be run with the local provider ${executable} first on PATH: take its folder off PATH.`,
    );
  }
  return found;
}

function serviceEndpoints(env: StageSurroundings["env"]): string[] {
  return Object.keys(env)
    .filter((name) => /^AWS_ENDPOINT_URL_./.test(name) && env[name])
    .sort();
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}

function firstOnPath(executable: string, env: StageSurroundings["env"]): string | undefined {
  return (env["PATH"] ?? "").split(delimiter).find((folder) => folder !== "" && isExecutable(join(folder, executable)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function shown(value: string | undefined): string {
  return value === undefined || value === "" ? "nothing" : `"${value}"`;
}
