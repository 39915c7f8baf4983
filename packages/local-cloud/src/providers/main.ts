import { createRequire } from "node:module";
import grpc from "@grpc/grpc-js";
import { channelOptions, listen } from "../pulumi/rpc.ts";
import { makeLocalProvider } from "./local-provider.ts";
import { addProviderService } from "./provider-service.ts";

const [packageName] = process.argv.slice(2);
if (packageName !== "aws" && packageName !== "aws-native") {
  console.error(`A local provider is started for aws or aws-native, got ${packageName ?? "nothing"}`);
  process.exit(2);
}

const server = new grpc.Server(channelOptions);
addProviderService(server, makeLocalProvider({ packageName, environment: process.env }), sdkVersion(packageName));
const port = await listen(server);
// The first line on standard output is the port: how every engine finds its plugins.
process.stdout.write(`${port}\n`);

/** The version of the SDK that talks to this provider; an engine warns when the two differ. */
function sdkVersion(name: string): string {
  const require = createRequire(import.meta.url);
  return (require(`@pulumi/${name}/package.json`) as { version: string }).version;
}
