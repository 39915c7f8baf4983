import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { channelOptions } from "../pulumi/rpc.ts";

/** A plugin while it runs. */
export interface PluginProcess {
  readonly client: ResourceProviderClient;
  close(): void;
}

/** Ends a plugin whose engine is gone, however it went: the engine holds the other end of the plugin's standard input. */
const exitWithEngine =
  "data:text/javascript,process.stdin.resume().on('end',()=>process.exit()).on('error',()=>process.exit())";

/**
 * Starts a Node plugin of Pulumi's form: it prints its port as the first line and serves ResourceProvider there. Rejects with
 * the last lines of its standard error when it ends before that.
 */
export async function startPlugin(options: {
  name: string;
  script: string;
  args: readonly string[];
  directory: string;
  environment: Readonly<Record<string, string>>;
  log?: (line: string) => void;
}): Promise<PluginProcess> {
  const { name, script, args, directory, environment, log } = options;
  const child = spawn(process.execPath, ["--import", exitWithEngine, script, ...args], {
    cwd: directory,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    // In a group of its own: Ctrl-C reaches the engine alone, which ends its plugins in order.
    detached: true,
  });
  const port = await readPort(name, child, log);
  return connectPlugin(port, () => child.kill("SIGKILL"));
}

/** A plugin that serves ResourceProvider on a loopback port; `end` ends it. */
export function connectPlugin(port: number, end: () => void): PluginProcess {
  const client = new services.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    channelOptions,
  );
  return {
    client,
    close() {
      client.close();
      end();
    },
  };
}

function readPort(name: string, child: ChildProcess, log: ((line: string) => void) | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const lastLines: string[] = [];
    createInterface({ input: child.stderr! }).on("line", (line) => {
      lastLines.splice(0, Math.max(0, lastLines.length - 9));
      lastLines.push(line);
      log?.(`${name}: ${line}`);
    });
    createInterface({ input: child.stdout! })
      .once("line", (line) => resolve(Number(line)))
      .on("line", (line) => {
        if (!/^\d+$/.test(line)) log?.(`${name}: ${line}`);
      });
    child.stdin!.on("error", () => undefined);
    child.once("error", (cause) => reject(new Error(`The plugin ${name} could not be started`, { cause })));
    child.once("exit", (code) =>
      reject(new Error(`The plugin ${name} ended with code ${code} before it was ready: ${lastLines.join("\n")}`)),
    );
  });
}
