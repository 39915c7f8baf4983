import { createHash } from "node:crypto";
import type { Properties } from "../pulumi/property-values.ts";
import { nameOfUrn } from "../pulumi/urn.ts";
import type { ResourceHandler } from "./resource-handler.ts";

/**
 * Inputs with a physical name: the given one, the one the resource already has, or the logical name with seven hexadecimal
 * digits drawn from the engine's seed.
 */
export function withPhysicalName(
  inputs: Properties,
  handler: Pick<ResourceHandler, "nameKey" | "namePrefix">,
  context: { urn: string; oldInputs: Properties; seed: Uint8Array },
): Properties {
  const { nameKey, namePrefix = "" } = handler;
  if (nameKey === undefined || inputs[nameKey] !== undefined) return inputs;
  const start = typeof inputs.namePrefix === "string" ? inputs.namePrefix : `${namePrefix}${nameOfUrn(context.urn)}-`;
  const old = context.oldInputs[nameKey];
  if (typeof old === "string" && old.startsWith(start)) return { ...inputs, [nameKey]: old };
  const digits = createHash("sha256").update(context.urn).update(context.seed).digest("hex").slice(0, 7);
  return { ...inputs, [nameKey]: `${start}${digits}` };
}
