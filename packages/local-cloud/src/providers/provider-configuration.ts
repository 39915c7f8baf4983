import { localAccessKey, localRegion } from "../aws-constants.ts";
import { parseLoopbackEndpoint } from "../loopback-endpoint.ts";
import type { Properties } from "../pulumi/property-values.ts";

/** What a local provider was configured with. */
export interface ProviderConfiguration {
  readonly endpoint: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

/**
 * Checks the inputs of a provider resource, values in the clear. Throws an Error with the cure unless MILLRACE_LOCAL_ENDPOINT
 * is a loopback address and the access key and region are the local ones: a stage on AWS never gets past this.
 */
export function configureProvider(
  providerName: string,
  inputs: Properties,
  environment: Readonly<Record<string, string | undefined>>,
): ProviderConfiguration {
  const cure = "take the local providers off PATH to deploy another stage";
  const endpoint = parseLoopbackEndpoint(
    environment.MILLRACE_LOCAL_ENDPOINT,
    `Millrace's local provider for ${providerName} serves the local stage alone: MILLRACE_LOCAL_ENDPOINT`,
  );
  if (inputs.accessKey !== localAccessKey) {
    throw new Error(
      `Millrace's local provider for ${providerName} serves the local stage alone: its accessKey must be \`${localAccessKey}\`, got ${inputs.accessKey ? "another" : "none"}; ${cure}.`,
    );
  }
  if (inputs.region !== localRegion) {
    throw new Error(
      `The local cloud has one region: the ${providerName} provider's region must be ${localRegion}, got ${String(inputs.region ?? "none")}; ${cure}.`,
    );
  }
  return { endpoint, defaultTags: readDefaultTags(inputs.defaultTags) };
}

/** The SDK sends nested provider settings as JSON text; the engine's state may hold them as an object. */
function readDefaultTags(value: unknown): Record<string, string> {
  const parsed = (typeof value === "string" && value !== "" ? JSON.parse(value) : value) as {
    tags?: Record<string, string>;
  };
  return parsed?.tags ?? {};
}
