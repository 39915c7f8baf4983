/** Pause between two tries while a session is at a statement, in milliseconds. */
const pollMs = 250;
/** How long a statement whose answer was lost is waited for, in milliseconds. */
const patienceMs = 60_000;

/** What a run says when its session has ended. */
export const sessionGone =
  "the session of this run has ended, and with it the lock: another run took it over, or no statement ran for ten minutes; nothing more was written";

/** Whether the service says that the session has ended: it timed out, or was ended by another. Source: the Data API's error catalogue. */
export function isSessionGone(error: unknown): boolean {
  return isValidation(error) && /session is not available|is invalid/i.test((error as Error).message);
}

/**
 * Asks in a session that may still be at a statement whose answer was lost; it takes no other before that one is over (Data API: one statement at a time,
 * no queue; the text with which it refuses is not confirmed). Resolves to undefined when it cannot be asked.
 */
export async function whenFree<Answer>(
  ask: () => Promise<Answer>,
  delay: (ms: number) => Promise<unknown>,
): Promise<Answer | undefined> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    try {
      return await ask();
    } catch (error) {
      if (!isValidation(error) || isSessionGone(error) || waitedMs >= patienceMs) return undefined;
    }
    await delay(pollMs);
  }
}

const isValidation = (error: unknown) => error instanceof Error && error.name === "ValidationException";
