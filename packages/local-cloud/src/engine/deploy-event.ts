/** What is done to a resource. */
export type Operation = "create" | "update" | "replace" | "delete" | "same";

/** A step of a deployment, or something that the program or a plugin has to say. */
export interface DeployEvent {
  readonly kind: "resource" | "diagnostic";
  /** Empty for a diagnostic that is about no resource. */
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly operation: Operation | "log";
  /** A step is started, then done or failed; a diagnostic has `info`, `warning` or `error`. In a dry run `done` means planned. */
  readonly status: "started" | "done" | "failed" | "info" | "warning" | "error";
  /** What was said, or why the step failed. */
  readonly message?: string;
}

/** Where events go. */
export type OnEvent = (event: DeployEvent) => void;

/** A resource that could not be brought to what the program asks for. */
export interface StepFailure {
  readonly urn: string;
  readonly operation: Operation;
  readonly message: string;
}

/** A deployment that did not reach its end. What was done is in the state: the next one goes on from there. */
export class DeployError extends Error {
  override readonly name = "DeployError";
  readonly failures: readonly StepFailure[];
  readonly changes: Readonly<Record<Operation, number>>;
  constructor(message: string, failures: readonly StepFailure[], changes: Readonly<Record<Operation, number>>) {
    super(message);
    this.failures = failures;
    this.changes = changes;
  }
}
