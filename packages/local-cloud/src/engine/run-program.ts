import grpc from "@grpc/grpc-js";
import { channelOptions, listen } from "../pulumi/rpc.ts";
import { nameOfUrn, typeOfUrn } from "../pulumi/urn.ts";
import { DeployError, type OnEvent } from "./deploy-event.ts";
import type { Deployment } from "./deployment.ts";
import { addMonitorServices } from "./monitor-service.ts";
import { failureWasTold, startProgram } from "./program-process.ts";
import type { ProjectSettings } from "./project-settings.ts";

/** Steps that run at the same time. */
const parallel = 16;

/** Hosts the program until it ends, a step fails, or the caller stops it. Throws DeployError unless it came to its end. */
export async function runProgram(options: {
  settings: ProjectSettings;
  projectDirectory: string;
  stack: string;
  dryRun: boolean;
  environment: Readonly<Record<string, string>>;
  deployment: Deployment;
  onEvent: OnEvent;
  signal: AbortSignal | undefined;
  log: ((line: string) => void) | undefined;
}): Promise<void> {
  const { settings, deployment, onEvent, signal } = options;
  const said: string[] = [];
  let refusal: Error | undefined;
  const server = new grpc.Server(channelOptions);
  addMonitorServices(server, {
    project: settings.project,
    stack: options.stack,
    dryRun: options.dryRun,
    parallel,
    deployment,
    onEvent(event) {
      if (event.status === "error" && event.message) said.push(event.message);
      onEvent(event);
    },
    refuse: (error) => (refusal ??= error),
  });
  const port = await listen(server);
  const program = startProgram({ ...options, address: `127.0.0.1:${port}`, parallel });
  const stop = () => void deployment.idle().then(program.kill);
  const unsubscribe = deployment.steps.onFailure(stop);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    const { code, lastErrors } = await program.ended;
    await deployment.idle();
    throwFailures(deployment, signal);
    if (refusal) throw new DeployError(refusal.message, [], deployment.steps.changes);
    if (code !== 0) {
      const reason = said.join("\n") || lastErrors || `it ended with code ${code}`;
      const message = code === failureWasTold || said.length > 0 ? reason : `The program failed: ${reason}`;
      throw new DeployError(message, [], deployment.steps.changes);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    unsubscribe();
    program.kill();
    server.forceShutdown();
  }
}

/** Throws DeployError where the run has failures or its caller has asked to stop. */
export function throwFailures({ steps: { failures, changes } }: Deployment, signal: AbortSignal | undefined): void {
  if (failures.length > 0) {
    const lines = failures.map(
      ({ urn, operation, message }) => `${operation} of ${nameOfUrn(urn)} (${typeOfUrn(urn)}) failed: ${message}`,
    );
    throw new DeployError(lines.join("\n"), failures, changes);
  }
  if (signal?.aborted) throw stoppedError(changes);
}

/** What a deployment ends with whose caller has asked to stop; `changes` were done by then. */
export function stoppedError(
  changes: DeployError["changes"] = { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
): DeployError {
  return new DeployError("The deployment was stopped; the next one goes on from where it was.", [], changes);
}
