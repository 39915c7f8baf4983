import { families } from "@millrace/events";
import { createKinesisClient } from "../kinesis-client.ts";
import { createProducer } from "../producer.ts";
import { streamNamePattern, type PutRecordsClient } from "../settings.ts";

const defaultCount = 5;
const maxCount = 500;
/** Longest time in ms that resending may take, where Lambda does not say how much is left. */
const maxElapsedMs = 10_000;
/** Kept of Lambda's time, in ms, for the answer and the log. */
const reserveMs = 500;

/** What an invocation may ask for; other fields, such as those of a schedule, are ignored. */
export interface HandlerEvent {
  /** How many events to send: an integer from 1 to 500, default 5. */
  readonly count?: number;
}

/** The slice of Lambda's context that is used. */
export interface HandlerContext {
  getRemainingTimeInMillis?(): number;
}

/** The answer of an invocation that stored all its events. */
export interface HandlerAnswer {
  readonly statusCode: 200;
  readonly body: { readonly lambdaResult: string };
}

/** What the handler works with. */
export interface HandlerOptions {
  readonly client: PutRecordsClient;
  readonly streamName: string;
  /** Answers from 0 (included) to 1 (excluded), default `Math.random`. */
  readonly random?: () => number;
  /** Time of day in epoch milliseconds, default `Date.now`. */
  readonly now?: () => number;
  /** Gets one line of JSON an invocation, default `console.log`. */
  readonly log?: (line: string) => void;
}

/**
 * Makes the handler: each invocation sends `count` random activity events and answers when all are stored. Otherwise it throws an `Error` with the counts, so
 * that Lambda's retries and alarms see it; a retry sends new events. Throws `TypeError` for a `count` out of bounds.
 */
export function createHandler(
  options: HandlerOptions,
): (event: HandlerEvent | null | undefined, context?: HandlerContext) => Promise<HandlerAnswer> {
  const { client, streamName, random = Math.random, now = Date.now, log = console.log } = options;
  return async (event, context) => {
    const count = parseCount(event);
    const startedAt = now();
    const remainingMs = context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
    const limitMs = Math.max(1, Math.floor(Math.min(maxElapsedMs, remainingMs - reserveMs)));
    const signal = AbortSignal.timeout(limitMs);
    const producer = createProducer({ client, streamName, random, lingerMs: 0, maxElapsedMs: limitMs, signal });
    const sending = Array.from({ length: count }, () => producer.send(activity().sample(random, now())));
    await producer.close();
    const { stored, rejected, failed, calls } = producer.counts;
    const message = stored === count ? "events stored" : "not all events stored";
    log(JSON.stringify({ message, requested: count, stored, rejected, failed, calls, durationMs: now() - startedAt }));
    if (stored < count) throw await incompleteError(sending, count, stored);
    return { statusCode: 200, body: { lambdaResult: `Successfully processed ${stored} events.` } };
  };
}

let environmentHandler: ReturnType<typeof createHandler> | undefined;

/**
 * The entry point for AWS Lambda. The environment variable `STREAM_NAME` names the stream; without it each invocation throws a `TypeError`
 * that says so.
 */
export async function handler(
  event: HandlerEvent | null | undefined,
  context?: HandlerContext,
): Promise<HandlerAnswer> {
  environmentHandler ??= createHandler({
    streamName: parseStreamName(process.env["STREAM_NAME"]),
    client: createKinesisClient(),
  });
  return environmentHandler(event, context);
}

function activity() {
  const family = families.find(({ name }) => name === "activity");
  if (family === undefined) throw new Error("the contract has no family activity");
  return family;
}

function parseCount(event: HandlerEvent | null | undefined): number {
  const count: unknown = event?.count ?? defaultCount;
  if (typeof count === "number" && Number.isInteger(count) && count >= 1 && count <= maxCount) return count;
  const got = typeof count === "number" ? String(count) : `a ${typeof count}`;
  throw new TypeError(`count must be an integer from 1 to ${maxCount}, got ${got} (event of the producer Lambda)`);
}

function parseStreamName(name: string | undefined): string {
  if (name !== undefined && streamNamePattern.test(name)) return name;
  const got = name === undefined ? "none" : JSON.stringify(name);
  throw new TypeError(
    `STREAM_NAME must name the Kinesis stream, ${streamNamePattern.source}, got ${got} (environment of the producer Lambda)`,
  );
}

async function incompleteError(
  sending: readonly Promise<{ readonly status: string; readonly cause?: Error }>[],
  count: number,
  stored: number,
) {
  const cause = (await Promise.all(sending)).find(({ status }) => status === "failed")?.cause;
  return new Error(
    `${stored} of ${count} events were stored, ${count - stored} were not${cause ? `: ${cause.message}` : ""}`,
    { cause },
  );
}
