import { tooManyActive } from "./errors.ts";
import type { DataApiLimits } from "./limits.ts";
import { isSettled, type Statement } from "./statement.ts";

/** Rule of the member `WaitTimeSeconds`. */
export const waitTimeSeconds = { type: "integer", min: 1, max: 30 } as const;

/**
 * Waits until the statement has settled, the seconds are over or the caller has gone. Returns at once without seconds.
 * Throws `ActiveWaitingRequestsExceededException` when too many wait for the same statement.
 */
export async function waitForStatement(
  statement: Statement,
  options: { readonly seconds: number | undefined; readonly signal: AbortSignal; readonly limits: DataApiLimits },
): Promise<void> {
  const { seconds, signal, limits } = options;
  if (seconds === undefined || isSettled(statement.status) || signal.aborted) return;
  if (statement.waitingCount >= limits.maxWaitingRequests) {
    throw tooManyActive("WaitingRequests", limits.maxWaitingRequests);
  }
  statement.waitingCount += 1;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    await Promise.race([statement.settled, over]);
  } finally {
    clearTimeout(timer);
    statement.waitingCount -= 1;
  }
}
