import { devNull } from "node:os";
import { delimiter } from "node:path";
import { localAccessKey, localRegion } from "../aws-constants.ts";
import { localProviderDirectory } from "../local-provider-directory.ts";

/** Pulumi's own gRPC channels and fetch would send even these through the proxy of the shell. */
const loopbackHosts = ["127.0.0.1", "localhost"];

/**
 * The environment of everything that belongs to the local stage. Settings of AWS and Pulumi that a shell happens to have
 * are dropped, those of the AWS config files too, so that nothing leads outside; nor does a proxy that the shell names.
 */
export function makeLocalEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  endpoint: string,
): Record<string, string> {
  const kept = Object.entries(base).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS|PULUMI|MILLRACE)_/.test(entry[0]),
  );
  const noProxy = [base.no_proxy ?? base.NO_PROXY ?? "", ...loopbackHosts].filter(Boolean).join(",");
  return {
    ...Object.fromEntries(kept),
    no_proxy: noProxy,
    NO_PROXY: noProxy,
    MILLRACE_LOCAL_ENDPOINT: endpoint,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: localAccessKey,
    AWS_SECRET_ACCESS_KEY: localAccessKey,
    AWS_REGION: localRegion,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    PATH: [localProviderDirectory, base.PATH ?? ""].join(delimiter),
  };
}
