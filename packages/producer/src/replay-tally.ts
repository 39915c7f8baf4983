import type { EventOutcome, RejectionProblem } from "./outcome.ts";
import type { ReplayProgress, ReplayResult } from "./replay.ts";

/** Most rejected and most failed lines whose details are kept. */
export const maxDetails = 10_000;

/** Counts what becomes of the lines of a replay. */
export interface Tally {
  countBytes(count: number): void;
  /** One more line that is not blank. */
  read(): void;
  settle(line: number, outcome: EventOutcome): void;
  /** Settles the line when its outcome is there. */
  await(line: number, outcome: Promise<EventOutcome>): void;
  /** Resolves when nothing is awaited. */
  settled(): Promise<void>;
  progress(): ReplayProgress;
  result(): Omit<ReplayResult, "aborted">;
}

export function createTally(): Tally {
  const counts = { bytesRead: 0, read: 0, stored: 0, rejected: 0, failed: 0 };
  const rejectedLines: { readonly line: number; readonly problems: readonly RejectionProblem[] }[] = [];
  const failedLines: { readonly line: number; readonly cause: Error }[] = [];
  const last = new Map<string, string>();
  const idle: (() => void)[] = [];
  let awaited = 0;

  function settle(line: number, outcome: EventOutcome): void {
    counts[outcome.status]++;
    if (outcome.status === "stored") {
      const known = last.get(outcome.shardId);
      if (known === undefined || isLater(outcome.sequenceNumber, known))
        last.set(outcome.shardId, outcome.sequenceNumber);
    } else if (outcome.status === "rejected") {
      if (rejectedLines.length < maxDetails) rejectedLines.push({ line, problems: outcome.problems });
    } else if (failedLines.length < maxDetails) {
      failedLines.push({ line, cause: outcome.cause });
    }
  }

  const progress = (): ReplayProgress => ({ ...counts, sent: counts.read - counts.rejected });

  return {
    countBytes(count) {
      counts.bytesRead += count;
    },
    read() {
      counts.read++;
    },
    settle,
    await(line, outcome) {
      awaited++;
      void outcome.then((settled) => {
        settle(line, settled);
        if (--awaited === 0) for (const resolve of idle.splice(0)) resolve();
      });
    },
    settled() {
      return awaited === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
    },
    progress,
    result: () => ({
      ...progress(),
      rejectedLines: rejectedLines.toSorted((a, b) => a.line - b.line),
      failedLines: failedLines.toSorted((a, b) => a.line - b.line),
      lastSequenceNumbers: Object.fromEntries(last),
    }),
  };
}

/** Sequence numbers are decimal integers without leading zeros, too large for a double. */
function isLater(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}
