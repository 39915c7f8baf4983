/** Error names that say: later. Sources: Kinesis API reference (PutRecords, common errors), the AWS SDK's own retry classification. */
const transientNames = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "Throttling",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "LimitExceededException",
  "KMSThrottlingException",
  "SlowDown",
  "InternalFailure",
  "InternalFailureException",
  "InternalServerError",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
]);

/** Codes of Node for a connection that could not be made or was lost. */
const transientCodes = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** What the SDK's HTTP/2 handler throws, without name or code, when a connection goes away. Observed in @smithy/node-http-handler, November 2026. */
const lostConnection = /http2 request did not get a response|HTTP\/2 stream is abnormally aborted|socket hang up/i;

/**
 * Tells whether a call that failed as a whole may succeed later: throttling, a fault of the service (5xx), a connection that was refused or lost,
 * a timeout, a clock that the SDK has just corrected. Everything else (no such stream, no permission, a refused request) fails for good.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message, code, $metadata, $response } = error as ServiceError;
  const status = $metadata?.httpStatusCode ?? 0;
  if (transientNames.has(name) || status >= 500 || status === 429) return true;
  if ($metadata?.clockSkewCorrected) return true;
  if (typeof code === "string" && (transientCodes.has(code) || code.startsWith("ERR_HTTP2_"))) return true;
  // An answer cut off in its middle: the connection was lost after the status line.
  if (error instanceof SyntaxError && $response !== undefined) return true;
  return lostConnection.test(message) || (error instanceof AggregateError && error.errors.some(isTransient));
}

/**
 * Full jitter: a wait drawn evenly from 0 to `baseDelayMs` doubled with each attempt, at most `maxDelayMs`. `attempt` counts from 1.
 * Source: AWS architecture blog, "Exponential backoff and jitter".
 */
export function backoffMs(
  attempt: number,
  {
    baseDelayMs,
    maxDelayMs,
    random,
  }: { readonly baseDelayMs: number; readonly maxDelayMs: number; readonly random: () => number },
): number {
  return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
}

interface ServiceError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
  readonly $response?: unknown;
}
