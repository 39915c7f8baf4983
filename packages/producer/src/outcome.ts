import type { EventProblem } from "@millrace/events";

/** What keeps an event off the stream: a problem of the contract, or one of what surrounds the event. */
export type RejectionRule = EventProblem["rule"] | "not-json" | "too-large";

/** One thing that is wrong with an event. Messages never repeat its values. */
export interface RejectionProblem {
  readonly rule: RejectionRule;
  /** JSON Pointer into the event, empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** The event is on the stream: the service answered with its shard and sequence number. */
export interface StoredOutcome {
  readonly status: "stored";
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly eventId: string;
}

/** The event is not valid and was never sent. */
export interface RejectedOutcome {
  readonly status: "rejected";
  readonly problems: readonly RejectionProblem[];
}

/**
 * The event was given up. After a failure without an answer (a timeout, a lost connection) it may be on the stream all the same; `cause` says what
 * happened last.
 */
export interface FailedOutcome {
  readonly status: "failed";
  readonly cause: Error;
}

/** How an event ended: exactly one of three ways, exactly once. */
export type EventOutcome = StoredOutcome | RejectedOutcome | FailedOutcome;
