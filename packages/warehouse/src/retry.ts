const firstPauseMs = 100;
const maxPauseMs = 5_000;

/** Calls of the service that it asks to repeat later. Source: Data API quotas (30 ExecuteStatement a second and so on, HTTP 400). */
const busyNames = new Set(["ThrottlingException", "TooManyRequestsException", "ActiveStatementsExceededException"]);
const faultNames = new Set(["InternalServerException", "ServiceUnavailable", "TimeoutError"]);
const networkCodes = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"]);

/** One call of the service, repeated while that may help. */
export type Call = <T>(send: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Repeats `send` while the service throttles, has a fault of its own or drops the connection, after a pause that doubles from 100 ms to 5 s
 * and is shortened by chance by up to one half, so that many callers do not come back together.
 * Everything sent through it must be safe to repeat. Throws the last error.
 */
export async function callWithRetry<T>(
  send: () => Promise<T>,
  options: {
    readonly maxAttempts: number;
    readonly delay: (ms: number, signal?: AbortSignal) => Promise<unknown>;
    readonly random: () => number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<T> {
  const { maxAttempts, delay, random, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (attempt >= maxAttempts || signal?.aborted || !isWorthRepeating(error)) throw error;
      const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** (attempt - 1));
      await delay(pauseMs * (1 - random() / 2), signal);
    }
  }
}

/** A refused connection is not repeated: nobody listens there, and the caller learns it at once. */
function isWorthRepeating(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code, $fault } = error as Error & { code?: unknown; $fault?: unknown };
  if (busyNames.has(name) || faultNames.has(name)) return true;
  if (typeof code === "string" && networkCodes.has(code)) return true;
  return $fault === "server" && !name.endsWith("StatementException") && name !== "DatabaseConnectionException";
}
