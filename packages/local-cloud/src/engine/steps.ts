import { nameOfUrn } from "../pulumi/urn.ts";
import type { OnEvent, Operation, StepFailure } from "./deploy-event.ts";

/** The run was stopped, by a failure elsewhere or by its caller. */
class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** What was done in a run: every step is announced, counted when it is done, and its failure kept. */
export interface Steps {
  /** Does one step; rejects with its failure, which is kept. */
  run<T>(operation: Operation, about: { urn: string; type: string }, act: () => Promise<T> | T): Promise<T>;
  /** Keeps a failure; the first one of each resource counts. */
  fail(operation: Operation, about: { urn: string; type: string }, error: unknown): void;
  /** Throws StoppedError after a failure, or once the caller has asked to stop. */
  stopIfOver(): void;
  /** Calls the listener at every failure; returns what ends that. */
  onFailure(listener: () => void): () => void;
  readonly failures: readonly StepFailure[];
  readonly changes: Readonly<Record<Operation, number>>;
  readonly operations: readonly { urn: string; operation: string }[];
}

/** Starts the account of a run. */
export function makeSteps(onEvent: OnEvent, signal?: AbortSignal): Steps {
  const failures: StepFailure[] = [];
  const changes: Record<Operation, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  const operations: { urn: string; operation: string }[] = [];
  const listeners = new Set<() => void>();

  const fail: Steps["fail"] = (operation, { urn, type }, error) => {
    if (error instanceof StoppedError || failures.some((failure) => failure.urn === urn)) return;
    // A gRPC error carries the other side's words in `details`, without a code before them.
    const { details, message: ownMessage } = error as { details?: string; message: string };
    const message = details ?? ownMessage;
    failures.push({ urn, operation, message });
    onEvent({ kind: "resource", urn, type, name: nameOfUrn(urn), operation, status: "failed", message });
    for (const listener of listeners) listener();
  };

  return {
    failures,
    changes,
    operations,
    fail,
    async run(operation, about, act) {
      const { urn, type } = about;
      const event = { kind: "resource", urn, type, name: nameOfUrn(urn), operation } as const;
      onEvent({ ...event, status: "started" });
      try {
        const result = await act();
        changes[operation] += 1;
        operations.push({ urn, operation });
        onEvent({ ...event, status: "done" });
        return result;
      } catch (error) {
        fail(operation, about, error);
        throw error;
      }
    },
    stopIfOver() {
      if (failures.length > 0) throw new StoppedError("The deployment stopped at a failure");
      if (signal?.aborted) throw new StoppedError("The deployment was stopped");
    },
    onFailure(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
