import { Readable } from "node:stream";
import { pause, systemClock, type Clock } from "./clock.ts";
import { readLines, type Line } from "./lines.ts";
import type { RejectionProblem } from "./outcome.ts";
import type { Producer } from "./producer.ts";
import { createTally } from "./replay-tally.ts";
import { createTokenBucket } from "./token-bucket.ts";

/** Least time in ms between two reports of progress. */
const progressEveryMs = 100;

/** What to replay, through which producer. */
export interface ReplayOptions {
  /** One event as JSON a line: lines as strings, or the bytes of a file, plain or gzip. */
  readonly lines: AsyncIterable<string> | AsyncIterable<Uint8Array>;
  /** Stays open: whoever made it closes it. */
  readonly producer: Producer;
  /** Most lines sent a second, a number above 0; without it as fast as the stream takes them. */
  readonly rate?: number;
  /** Stops reading; what was sent is waited for. */
  readonly signal?: AbortSignal;
  /** Called at most ten times a second, and once at the end. */
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly clock?: Clock;
}

/** How far a replay is. */
export interface ReplayProgress {
  /** Bytes taken from the input, of a gzip file the packed ones. */
  readonly bytesRead: number;
  /** Lines that are not blank. */
  readonly read: number;
  /** Lines that were valid events: `read - rejected`. */
  readonly sent: number;
  readonly stored: number;
  readonly rejected: number;
  readonly failed: number;
}

/** How a replay ended: `read` is `stored + rejected + failed`. Counts are exact; of the details the first 10,000 are kept. */
export interface ReplayResult extends ReplayProgress {
  /** Lines that are no valid event, by line number. A line of broken JSON has the rule `not-json`. */
  readonly rejectedLines: readonly { readonly line: number; readonly problems: readonly RejectionProblem[] }[];
  /** Lines whose event was given up, by line number. */
  readonly failedLines: readonly { readonly line: number; readonly cause: Error }[];
  /** For each shard id the highest sequence number stored. */
  readonly lastSequenceNumbers: Readonly<Record<string, string>>;
  /** Whether `signal` ended it before the input did. */
  readonly aborted: boolean;
}

/** The input could not be read to its end. What had been sent by then is settled and is in `result`. */
export class ReplayInputError extends Error {
  override readonly name = "ReplayInputError";
  readonly result: ReplayResult;

  constructor(result: ReplayResult, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`the input could not be read to its end (${result.read} events read): ${why}`, { cause });
    this.result = result;
  }
}

/**
 * Sends every line of an input as an event and accounts for each. A bad line stops nothing. Events are not waited for one by one; the producer's
 * room bounds what is held. Throws `TypeError` for a bad `rate` and {@link ReplayInputError} when the input fails; anything else is in the result.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { lines, producer, rate, signal, onProgress, clock = systemClock } = options;
  if (rate !== undefined && !(rate > 0 && Number.isFinite(rate))) {
    throw new TypeError(`rate must be a number above 0, got ${String(rate)} (replay options)`);
  }
  const tally = createTally();
  const bucket = rate === undefined ? undefined : createTokenBucket(rate, clock);
  let reportedAt = Number.NEGATIVE_INFINITY;

  const report = (): void => {
    if (onProgress === undefined || clock.now() - reportedAt < progressEveryMs) return;
    reportedAt = clock.now();
    onProgress(tally.progress());
  };

  let inputError: { readonly cause: unknown } | undefined;
  const batches = readLines(lines, tally.countBytes);
  try {
    for (let batch = await nextOf(batches, signal); batch !== undefined; batch = await nextOf(batches, signal)) {
      for (const line of batch) {
        for (let waitMs = bucket?.take() ?? 0; waitMs > 0 && !signal?.aborted; waitMs = bucket?.take() ?? 0) {
          report();
          await pause(clock, waitMs, signal);
        }
        const event = parse(line);
        if (!("problems" in event)) await untilAborted(producer.ready(), signal);
        if (signal?.aborted) break;
        tally.read();
        if ("problems" in event) tally.settle(line.number, { status: "rejected", problems: event.problems });
        else tally.await(line.number, producer.send(event.value));
        report();
      }
    }
  } catch (cause) {
    inputError = { cause };
  } finally {
    // Not awaited: an input that waits for its next bytes would never return. Left open it would keep the process alive.
    void batches.return(undefined).catch(() => {});
    if (signal?.aborted && lines instanceof Readable) lines.destroy();
  }
  await flushWithProgress();
  const result = { ...tally.result(), aborted: signal?.aborted ?? false };
  onProgress?.(tally.progress());
  if (inputError) throw new ReplayInputError(result, inputError.cause);
  return result;

  /** The last events take as long as the stream needs: whoever watches sees them settle. */
  async function flushWithProgress(): Promise<void> {
    const ended = new AbortController();
    const flushed = producer
      .flush()
      .then(() => tally.settled())
      .finally(() => ended.abort());
    while (onProgress !== undefined && !ended.signal.aborted) {
      await pause(clock, progressEveryMs, ended.signal);
      if (!ended.signal.aborted) report();
    }
    await flushed;
  }
}

function parse(line: Line): { readonly value: unknown } | { readonly problems: readonly RejectionProblem[] } {
  if ("fault" in line) return { problems: [{ rule: "not-json", path: "", message: line.fault }] };
  try {
    return { value: JSON.parse(line.text) };
  } catch {
    // The parser's own message quotes the line, which may be private.
    const message = `expected a line of JSON, got ${line.text.length} characters that are none`;
    return { problems: [{ rule: "not-json", path: "", message }] };
  }
}

async function nextOf(
  batches: AsyncGenerator<readonly Line[]>,
  signal: AbortSignal | undefined,
): Promise<readonly Line[] | undefined> {
  const next = await untilAborted(batches.next(), signal);
  return next === undefined || next.done ? undefined : next.value;
}

/** The value of a promise, or undefined as soon as the signal aborts. */
async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | undefined> {
  if (signal === undefined) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    return undefined;
  }
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
