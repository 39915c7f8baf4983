import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomic } from "../atomic-file.ts";
import type { Properties } from "../pulumi/property-values.ts";

/** A resource as the small engine keeps it. Secrets are marked, and in the clear: the file is its owner's alone. */
export interface ResourceRecord {
  readonly urn: string;
  readonly type: string;
  /** Whether a provider keeps it; false for components and the stack. */
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly parent?: string;
  /** The provider resource: `URN::ID`; absent for dynamic resources, components and providers. */
  readonly provider?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly additionalSecretOutputs: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Why the resource is not yet as asked for; such a one is updated by the next run. */
  readonly initErrors?: readonly string[];
}

/** What the small engine knows about a stack between runs. */
export interface StackState {
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  /** In the order in which they were registered: what a resource needs comes before it. */
  readonly resources: readonly ResourceRecord[];
  /** Replaced resources that are still to be deleted. */
  readonly replaced: readonly ResourceRecord[];
  /** URNs whose creation was begun: a run that was cut off leaves them here, and the next one adopts what it finds. */
  readonly pendingCreates: readonly string[];
  readonly outputs: Properties;
  /** Digest of everything the program was made from when it last ran to the end; absent when something is open. */
  readonly settledDigest?: string;
}

/** A state in which nothing is deployed. */
function emptyState(project: string, stack: string): StackState {
  return { version: 1, project, stack, resources: [], replaced: [], pendingCreates: [], outputs: {} };
}

/** Reads the state of a stack; a missing file is an empty state. Throws an Error with the cure when it cannot be read. */
export function readState(file: string, project: string, stack: string): StackState {
  if (!existsSync(file)) return emptyState(project, stack);
  const cure = `delete the folder that holds it to start the local stage anew (its events are lost), or put back a copy of the file`;
  let state: StackState;
  try {
    state = JSON.parse(readFileSync(file, "utf8")) as StackState;
  } catch {
    throw new Error(`The state file ${file} is not JSON: ${cure}.`);
  }
  if (
    state?.version !== 1 ||
    !Array.isArray(state.resources) ||
    !Array.isArray(state.pendingCreates) ||
    !Array.isArray(state.replaced)
  ) {
    throw new Error(`The state file ${file} must be of version 1, got ${JSON.stringify(state?.version)}: ${cure}.`);
  }
  if (state.project !== project || state.stack !== stack) {
    throw new Error(
      `The state file ${file} belongs to stack ${state.stack} of project ${state.project}, not to ${stack} of ${project}: ${cure}.`,
    );
  }
  return state;
}

/** Replaces the state file as a whole. */
export function writeState(file: string, state: StackState): void {
  writeFileAtomic(file, JSON.stringify(state, null, 1));
}
