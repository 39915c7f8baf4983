import { pause } from "./clock.ts";
import type { EventOutcome, FailedOutcome } from "./outcome.ts";
import { putBatch, type RecordAnswer } from "./put-batch.ts";
import { Queue } from "./queue.ts";
import { encodeRecord, type EncodedRecord } from "./record.ts";
import { backoffMs } from "./retry.ts";
import { createRoom } from "./room.ts";
import { parseProducerOptions, type ProducerOptions } from "./settings.ts";

/** What a producer has done so far. `received` is always `stored + rejected + failed + buffered`. */
export interface ProducerCounts {
  /** Values given to `send`. */
  readonly received: number;
  readonly stored: number;
  readonly rejected: number;
  readonly failed: number;
  /** Events held and not settled. */
  readonly buffered: number;
  /** Records sent again, each time counted. */
  readonly resent: number;
  /** `PutRecords` calls made. */
  readonly calls: number;
}

/** Sends events to one stream. */
export interface Producer {
  /**
   * Takes one event; the promise resolves when the event is settled and never rejects. What is no valid event is rejected at once. Without room
   * (see `ready`), or after `close`, the event is failed at once.
   */
  send(event: unknown): Promise<EventOutcome>;
  /** Back-pressure: resolves when there is room for an event. Call `send` right after it. */
  ready(): Promise<void>;
  /** Sends what is held without lingering; resolves when everything taken before this call is settled. */
  flush(): Promise<void>;
  /** Takes no further events and flushes. May be called more than once. */
  close(): Promise<void>;
  readonly counts: ProducerCounts;
}

/**
 * Makes a producer: it checks events, sends them in batches with `PutRecords`, reads each answer record by record, and sends only what failed again,
 * after a wait with full jitter, within `maxAttempts` and `maxElapsedMs`. A call that fails as a whole for a passing reason is repeated as a whole;
 * if it had reached the stream after all, its events are there twice, with the same `event_id`. Other failures end the events at once with the cause.
 *
 * ```ts
 * const producer = createProducer({ client: createKinesisClient(), streamName: "millrace-staging" });
 * for (const event of events) {
 *   await producer.ready();
 *   void producer.send(event).then((outcome) => { if (outcome.status !== "stored") report(outcome); });
 * }
 * await producer.close();
 * ```
 *
 * Throws `TypeError` for options out of bounds, all problems in one message.
 */
export function createProducer(options: ProducerOptions): Producer {
  const settings = parseProducerOptions(options);
  const { clock, signal } = settings;
  const room = createRoom(settings.maxBufferedEvents, settings.maxBufferedBytes);
  const pending = new Queue<HeldEvent>();
  const resends = new Queue<HeldEvent>();
  const unfinishedGroups = new Set<FlushGroup>();
  const counts = { received: 0, stored: 0, rejected: 0, failed: 0, buffered: 0, resent: 0, calls: 0 };
  let pendingBytes = 0;
  /** How many of `pending`, from its head, are to be sent without waiting for others. */
  let dueCount = 0;
  let inFlight = 0;
  let isClosed = false;
  let cancelLinger: (() => void) | undefined;
  let group = createFlushGroup();

  if (signal?.aborted) abandon();
  else signal?.addEventListener("abort", abandon, { once: true });

  return {
    send(event) {
      counts.received++;
      if (signal?.aborted) return refuse(abortError());
      if (isClosed) return refuse(new Error("the producer is closed: send before close()"));
      const encoded = encodeRecord(event, settings.partitionKeyOf);
      if ("status" in encoded) {
        counts[encoded.status]++;
        return Promise.resolve(encoded);
      }
      if (!room.enter(encoded.byteLength)) {
        return refuse(new Error("the producer holds as much as it may: await ready() before send()"));
      }
      return new Promise((resolve) => hold(encoded, resolve));
    },
    ready: () => room.ready(),
    flush,
    async close() {
      isClosed = true;
      room.open();
      await flush();
      signal?.removeEventListener("abort", abandon);
    },
    get counts() {
      return { ...counts };
    },
  };

  function refuse(cause: Error): Promise<FailedOutcome> {
    counts.failed++;
    return Promise.resolve({ status: "failed", cause });
  }

  function hold(record: EncodedRecord, resolve: (outcome: EventOutcome) => void): void {
    pending.push({ record, resolve, group, attempts: 0, firstSentAt: 0 });
    counts.buffered++;
    pendingBytes += record.byteLength;
    if (group.unsettled++ === 0) unfinishedGroups.add(group);
    pump();
  }

  async function flush(): Promise<void> {
    group = createFlushGroup();
    dueCount = pending.length;
    pump();
    await Promise.all([...unfinishedGroups].map(({ finished }) => finished));
  }

  function pump(): void {
    while (inFlight < settings.maxInFlight && isBatchDue()) void deliver(takeBatch());
    if (pending.length === 0) {
      cancelLinger?.();
      cancelLinger = undefined;
    } else if (cancelLinger === undefined && dueCount < pending.length) {
      cancelLinger = clock.after(settings.lingerMs, () => {
        cancelLinger = undefined;
        dueCount = pending.length;
        pump();
      });
    }
  }

  function isBatchDue(): boolean {
    return (
      resends.length > 0 ||
      dueCount > 0 ||
      pending.length >= settings.maxRecordCount ||
      pendingBytes >= settings.maxBatchBytes
    );
  }

  /** Events that are sent again come first; new ones fill the call. */
  function takeBatch(): readonly HeldEvent[] {
    const batch: HeldEvent[] = [];
    let byteLength = 0;
    for (const queue of [resends, pending]) {
      for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
        byteLength += next.record.byteLength;
        if (batch.length === settings.maxRecordCount || (batch.length > 0 && byteLength > settings.maxBatchBytes))
          return batch;
        batch.push(next);
        queue.shift();
        if (queue === resends) continue;
        pendingBytes -= next.record.byteLength;
        if (dueCount > 0) dueCount--;
      }
    }
    return batch;
  }

  /** Keeps its place in flight while it waits: what the stream refuses slows down what is sent next. */
  async function deliver(batch: readonly HeldEvent[]): Promise<void> {
    inFlight++;
    counts.calls++;
    for (const held of batch) {
      if (held.attempts++ === 0) held.firstSentAt = clock.now();
      else counts.resent++;
    }
    const answers = await putBatch(
      batch.map(({ record }) => record),
      settings,
    );
    const failed = batch.filter((held, index) => !settleIfFinal(held, answers[index]));
    if (failed.length > 0) await prepareResend(failed);
    inFlight--;
    pump();
  }

  /** Settles what has a final answer and says whether it did; notes the error of the rest. */
  function settleIfFinal(held: HeldEvent, answer: RecordAnswer | undefined): boolean {
    if (answer === undefined) return false;
    if ("error" in answer) {
      held.lastError = answer.error;
      if (!answer.isTransient) settle(held, { status: "failed", cause: answer.error });
      return !answer.isTransient;
    }
    settle(held, { status: "stored", ...answer, eventId: held.record.eventId });
    return true;
  }

  async function prepareResend(failed: readonly HeldEvent[]): Promise<void> {
    const waitMs = backoffMs(Math.max(...failed.map(({ attempts }) => attempts)), settings);
    const now = clock.now();
    const again = failed.filter((held) => {
      const isAllowed =
        held.attempts < settings.maxAttempts && now + waitMs - held.firstSentAt <= settings.maxElapsedMs;
      if (!isAllowed) settle(held, { status: "failed", cause: exhaustedError(held, now) });
      return isAllowed;
    });
    if (again.length === 0) return;
    await pause(clock, waitMs, signal);
    for (const held of again) {
      if (signal?.aborted) settle(held, { status: "failed", cause: abortError() });
      else resends.push(held);
    }
  }

  function settle(held: HeldEvent, outcome: EventOutcome): void {
    counts.buffered--;
    counts[outcome.status]++;
    room.leave(held.record.byteLength);
    held.resolve(outcome);
    if (--held.group.unsettled > 0) return;
    unfinishedGroups.delete(held.group);
    held.group.finish();
    // A group that is still open starts anew: its promise is spent.
    if (held.group === group) group = createFlushGroup();
  }

  function abandon(): void {
    room.open();
    cancelLinger?.();
    dueCount = 0;
    pendingBytes = 0;
    for (const queue of [resends, pending]) {
      for (let held = queue.shift(); held !== undefined; held = queue.shift()) {
        settle(held, { status: "failed", cause: abortError() });
      }
    }
  }

  function abortError(): Error {
    return new Error("the producer was aborted before the event was stored", { cause: signal?.reason });
  }
}

/** An event between `send` and its outcome. */
interface HeldEvent {
  readonly record: EncodedRecord;
  readonly resolve: (outcome: EventOutcome) => void;
  readonly group: FlushGroup;
  attempts: number;
  firstSentAt: number;
  lastError?: Error;
}

/** Events taken between two flushes. */
interface FlushGroup {
  unsettled: number;
  readonly finished: Promise<void>;
  readonly finish: () => void;
}

function createFlushGroup(): FlushGroup {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { unsettled: 0, finished: promise, finish: resolve };
}

function exhaustedError({ attempts, firstSentAt, lastError }: HeldEvent, now: number): Error {
  const last = lastError ? `: ${lastError.name}: ${lastError.message}` : "";
  const tries = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  return new Error(`the event was not stored after ${tries} in ${Math.round(now - firstSentAt)} ms${last}`, {
    cause: lastError,
  });
}
