import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { acquireLock } from "@millrace/local-kinesis/directory-lock";
import { claimDirectory, refuseOtherEngine } from "../cloud/engine-marker.ts";
import { parseLoopbackEndpoint } from "../loopback-endpoint.ts";
import { containsUnknown, withoutSecrets, type Properties } from "../pulumi/property-values.ts";
import { packageOfType } from "../pulumi/urn.ts";
import type { DeployEvent, Operation } from "./deploy-event.ts";
import { makeDeployment, type Deployment } from "./deployment.ts";
import { makeLocalEnvironment } from "./local-environment.ts";
import { digestProgram } from "./program-digest.ts";
import { readProjectSettings } from "./project-settings.ts";
import { makePackageStarter, makeProviderHost, type StartPackage } from "./provider-host.ts";
import { runProgram, stoppedError, throwFailures } from "./run-program.ts";
import { makeStackStore } from "./stack-store.ts";
import { readState, type ResourceRecord, type StackState } from "./state-file.ts";
import { findMissing } from "./find-missing.ts";

/** What is deployed, and where. */
export interface DeployOptions {
  /** The folder of Pulumi.yaml. */
  readonly projectDirectory: string;
  readonly stack: "local";
  /** The data directory of the local cloud at `endpoint`; the state is kept beside its data. */
  readonly directory: string;
  /** The local cloud, such as `http://127.0.0.1:4566`; loopback only. */
  readonly endpoint: string;
  /** Plans only: nothing is made, changed or written. Default false. */
  readonly dryRun?: boolean;
  /** Deletes everything that is deployed, without running the program. Default false. */
  readonly destroy?: boolean;
  readonly onEvent?: (event: DeployEvent) => void;
  /** Stops after the steps that are under way; what was done is in the state. */
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  /** How plugins are started; default the local providers and Pulumi's dynamic provider. For tests. */
  readonly startPackage?: StartPackage;
}

/** What a deployment came to. */
export interface DeployResult {
  /** The stack's outputs, secrets in the clear; in a dry run without those that only an update can know. */
  readonly outputs: Record<string, unknown>;
  readonly changes: Record<Operation, number>;
  readonly resources: { urn: string; operation: string }[];
}

const engineDirectory = fileURLToPath(new URL("..", import.meta.url));

/**
 * Deploys the program's `local` stack with the small engine: hosts it unmodified through Pulumi's own host, brings every
 * resource to what it asks for through the local providers, deletes what it no longer has, and keeps the state in
 * `directory`/state.json. The program is not run at all when nothing it is made from has changed since it last ran to the end
 * and the cloud still has what it made.
 *
 * Throws DeployError with every failure when the run does not reach its end, and Error with the cure for a data directory of
 * the Pulumi CLI or in use by another deployment, a broken state file, or settings that the small engine does not have.
 *
 * @example
 * const { outputs } = await deployLocal({ projectDirectory: ".", stack: "local", directory: ".millrace/local", endpoint: cloud.url });
 */
export async function deployLocal(options: DeployOptions): Promise<DeployResult> {
  const { stack, directory, dryRun = false, destroy = false, onEvent = () => undefined, signal, log } = options;
  const projectDirectory = resolve(options.projectDirectory);
  const endpoint = parseLoopbackEndpoint(options.endpoint, "endpoint (deployment options)");
  const settings = readProjectSettings(projectDirectory, stack);
  refuseOtherEngine(directory, "small");
  const lock = acquireLock(join(directory, "deploy.lock"), `The state of the local stage in ${directory}`);
  try {
    if (signal?.aborted) throw stoppedError();
    const file = join(directory, "state.json");
    const before = readState(file, settings.project, stack);
    const environment = makeLocalEnvironment(process.env, endpoint);
    const digest = destroy ? undefined : digestProgram({ projectDirectory, settings, engineDirectory, environment });
    const missing = options.startPackage || destroy ? [] : await findMissing(before.resources, endpoint);
    if (digest !== undefined && digest === before.settledDigest && missing.length === 0) return unchanged(before);
    if (!dryRun) claimDirectory(directory, "small");

    const store = makeStackStore(withoutMissing(before, missing), dryRun ? undefined : file);
    const start =
      options.startPackage ??
      makePackageStarter({
        project: settings.project,
        stack,
        programDirectory: settings.programDirectory,
        environment,
        log,
      });
    const providers = makeProviderHost({ start, config: settings.config, recall: (urn) => store.find(urn)?.inputs });
    const deployment = makeDeployment({
      project: settings.project,
      stack,
      programDirectory: settings.programDirectory,
      store,
      providers,
      dryRun,
      onEvent,
      signal,
    });
    try {
      for (const packageName of packagesOf(before.resources, options.startPackage === undefined))
        providers.warm(packageName);
      if (!destroy) {
        await runProgram({ settings, projectDirectory, stack, dryRun, environment, deployment, onEvent, signal, log });
      }
      await deployment.deleteObsolete().catch(() => undefined);
      throwFailures(deployment, signal);
      if (destroy) store.setOutputs({});
      store.settle(digest);
      return toResult(deployment, destroy ? {} : deployment.outputs);
    } finally {
      providers.close();
    }
  } finally {
    lock.release();
  }
}

function unchanged(state: StackState): DeployResult {
  const changes = { create: 0, update: 0, replace: 0, delete: 0, same: state.resources.length };
  return {
    outputs: toPlainOutputs(state.outputs),
    changes,
    resources: state.resources.map(({ urn }) => ({ urn, operation: "same" })),
  };
}

function toResult(deployment: Deployment, outputs: Properties): DeployResult {
  return {
    outputs: toPlainOutputs(outputs),
    changes: { ...deployment.steps.changes },
    resources: [...deployment.steps.operations],
  };
}

function toPlainOutputs(outputs: Properties): Record<string, unknown> {
  const known = Object.entries(outputs).filter(([, value]) => !containsUnknown(value));
  return withoutSecrets<Record<string, unknown>>(Object.fromEntries(known));
}

/** Resources that the cloud has lost are made again. */
function withoutMissing(state: StackState, missing: readonly ResourceRecord[]): StackState {
  return { ...state, resources: state.resources.filter((record) => !missing.includes(record)) };
}

/** The packages to start ahead: those of last time, and at first the two that every program of this project uses. */
function packagesOf(resources: readonly ResourceRecord[], isReal: boolean): ReadonlySet<string> {
  const known = resources.filter(({ custom }) => custom).map(({ type }) => packageOfType(type));
  const usual = isReal && known.length === 0 ? ["aws", "aws-native", "pulumi-nodejs"] : [];
  return new Set([...known.filter((name) => name !== ""), ...usual]);
}
