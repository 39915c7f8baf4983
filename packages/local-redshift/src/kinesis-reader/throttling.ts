import { setTimeout as wait } from "node:timers/promises";

/** Answers to a caller that asks for more than there is at the moment. Source: Kinesis API reference, GetRecords and ListShards. */
const throttled: ReadonlySet<string> = new Set([
  "KMSThrottlingException",
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
]);
const firstWaitMs = 100;
const longestWaitMs = 2_000;

/** Calls again, after longer and longer waits, for as long as the service has no room; other errors are the caller's. */
export async function whenThereIsRoom<Answer>(signal: AbortSignal, call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1)
    try {
      return await call();
    } catch (error) {
      if (!throttled.has(nameOf(error))) throw error;
      // Half of each wait is random, so that readers which met once do not meet again.
      const most = Math.min(firstWaitMs * 2 ** attempt, longestWaitMs);
      await wait(most * (0.5 + Math.random() / 2), undefined, { signal });
    }
}

/** The name of an error, which for AWS's clients is the service's code. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
