import { createRequire } from "node:module";
import grpc from "@grpc/grpc-js";
import { channelOptions, listen } from "../pulumi/rpc.ts";
import { makeLocalProvider } from "./local-provider.ts";
import { addProviderService } from "./provider-service.ts";

/** Packages that have a local provider. */
export const localPackages = ["aws", "aws-native"] as const;
export type LocalPackage = (typeof localPackages)[number];

/** Whether a package has a local provider. */
export function isLocalPackage(name: string | undefined): name is LocalPackage {
  return (localPackages as readonly (string | undefined)[]).includes(name);
}

/**
 * Serves a package's local provider on a free loopback port: in a process of its own for the Pulumi CLI, in the engine's for the small
 * one, which so starts half a second sooner. `environment` is `makeLocalProvider`'s.
 */
export async function serveLocalProvider(
  packageName: LocalPackage,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly port: number; close(): void }> {
  const server = new grpc.Server(channelOptions);
  addProviderService(server, makeLocalProvider({ packageName, environment }), sdkVersion(packageName));
  const port = await listen(server);
  return { port, close: () => server.forceShutdown() };
}

/** The version of the SDK that talks to this provider; an engine warns when the two differ. */
function sdkVersion(name: string): string {
  const require = createRequire(import.meta.url);
  return (require(`@pulumi/${name}/package.json`) as { version: string }).version;
}
