import type { EventFamily } from "@millrace/events";
import { pause, systemClock, type Clock } from "./clock.ts";
import type { EventOutcome } from "./outcome.ts";
import type { Producer } from "./producer.ts";

/** Shortest time in ms between two groups of events; above 50 events/s a group holds more than one. */
const leastTickMs = 20;
/** Arrears beyond this many ms (a laptop that slept) are let go instead of being sent in one burst. */
const maxArrearsMs = 1_000;

/** What to send, how fast, until when. */
export interface SampleOptions {
  /** Stays open: whoever made it closes it. */
  readonly producer: Producer;
  /** Events a second over all families, a number above 0, default 50. */
  readonly ratePerSecond?: number;
  /** At least one; each event is of one of them, drawn evenly. */
  readonly families: readonly EventFamily[];
  /** Answers from 0 (included) to 1 (excluded), default `Math.random`. */
  readonly random?: () => number;
  /** Time of day in epoch milliseconds for the events, default `Date.now`. */
  readonly now?: () => number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told of every event that ended as rejected or failed. */
  readonly onProblem?: (outcome: Exclude<EventOutcome, { status: "stored" }>) => void;
  readonly clock?: Clock;
}

/**
 * Sends sample events at a steady rate until `signal` aborts, then resolves with how many it sent; `producer.flush()` waits for the last of them. The rate
 * does not drift: how many are due follows from the time since the start. A producer without room slows it down. Throws `TypeError` for a bad
 * rate or no families.
 */
export async function produceSamples(options: SampleOptions): Promise<{ readonly sent: number }> {
  const {
    producer,
    ratePerSecond = 50,
    families,
    random = Math.random,
    now = Date.now,
    signal,
    onProblem,
    clock = systemClock,
  } = options;
  if (!(ratePerSecond > 0 && Number.isFinite(ratePerSecond))) {
    throw new TypeError(`ratePerSecond must be a number above 0, got ${String(ratePerSecond)} (sample options)`);
  }
  if (families.length === 0) throw new TypeError("families must hold at least one family, got none (sample options)");
  const tickMs = Math.max(leastTickMs, 1000 / ratePerSecond);
  let sent = 0;
  let due = 0;
  let countedAt = clock.now();
  for (;;) {
    await pause(clock, tickMs, signal);
    const at = clock.now();
    due = Math.min(due + ((at - countedAt) * ratePerSecond) / 1000, Math.max(1, (maxArrearsMs * ratePerSecond) / 1000));
    countedAt = at;
    for (; due >= 1 && !signal.aborted; due--) {
      if (!(await hasRoom(producer, signal))) break;
      const family = families[Math.floor(random() * families.length)];
      const outcome = producer.send(family?.sample(random, now()));
      sent++;
      if (onProblem) void outcome.then((settled) => settled.status !== "stored" && onProblem(settled));
    }
    if (signal.aborted) return { sent };
  }
}

/** Waits for room; false when the signal aborts first. */
async function hasRoom(producer: Producer, signal: AbortSignal): Promise<boolean> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  await Promise.race([producer.ready(), aborted]);
  signal.removeEventListener("abort", onAbort);
  return !signal.aborted;
}
