import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../atomic-file.ts";

/** Who keeps the resources of a data directory: the small engine of `npm start`, or the Pulumi CLI. */
export type EngineName = "small" | "pulumi";

const descriptions: Record<EngineName, string> = { small: "the small engine of `npm start`", pulumi: "the Pulumi CLI" };

/** The engine that owns the data directory, or undefined when none does yet. */
export function readEngine(directory: string): EngineName | undefined {
  const file = markerFile(directory);
  if (!existsSync(file)) return undefined;
  const name = readFileSync(file, "utf8").trim();
  if (name === "small" || name === "pulumi") return name;
  throw new Error(
    `${file} must hold \`small\` or \`pulumi\`, got ${JSON.stringify(name)}: delete ${directory} to start anew.`,
  );
}

/** Throws an Error that names the other engine when the data directory is that one's. */
export function refuseOtherEngine(directory: string, engine: EngineName): void {
  const owner = readEngine(directory);
  if (owner === undefined || owner === engine) return;
  throw new Error(
    `${directory} belongs to ${descriptions[owner]} and cannot be used with ${descriptions[engine]}: use another data directory, or destroy the stage with ${descriptions[owner]} and delete the directory.`,
  );
}

/** Marks the data directory as this engine's; throws as `refuseOtherEngine` does. */
export function claimDirectory(directory: string, engine: EngineName): void {
  refuseOtherEngine(directory, engine);
  if (readEngine(directory) === undefined) writeFileAtomic(markerFile(directory), `${engine}\n`);
}

function markerFile(directory: string): string {
  return join(directory, "engine");
}
