import { delimiter } from "node:path";
import { localAccessKey, localRegion } from "../aws-constants.ts";
import { localProviderDirectory } from "../local-provider-directory.ts";

/**
 * The environment of everything that belongs to the local stage. Settings of AWS and Pulumi that a shell happens to have
 * are dropped, so that nothing leads outside.
 */
export function makeLocalEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  endpoint: string,
): Record<string, string> {
  const kept = Object.entries(base).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS|PULUMI|MILLRACE)_/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    MILLRACE_LOCAL_ENDPOINT: endpoint,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: localAccessKey,
    AWS_SECRET_ACCESS_KEY: localAccessKey,
    AWS_REGION: localRegion,
    AWS_EC2_METADATA_DISABLED: "true",
    PATH: [localProviderDirectory, base.PATH ?? ""].join(delimiter),
  };
}
