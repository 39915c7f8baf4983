import type { Clock } from "../src/clock.ts";

/** A clock that moves only when it is told to. */
export interface HandClock extends Clock {
  /** Moves on by `ms`, running what falls due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Moves on to each next timer until `isDone`; throws when nothing is left to wait for. */
  runUntil(isDone: () => boolean): Promise<void>;
}

export function createHandClock(): HandClock {
  let time = 0;
  let timers: { readonly at: number; readonly task: () => void }[] = [];

  async function step(limit: number): Promise<boolean> {
    await new Promise(setImmediate);
    const next = timers.filter(({ at }) => at <= limit).toSorted((a, b) => a.at - b.at)[0];
    if (next === undefined) return false;
    timers = timers.filter((timer) => timer !== next);
    time = Math.max(time, next.at);
    next.task();
    return true;
  }

  return {
    now: () => time,
    after(ms, task) {
      const timer = { at: time + ms, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const end = time + ms;
      while (await step(end));
      time = end;
      await new Promise(setImmediate);
    },
    async runUntil(isDone) {
      while (!isDone()) {
        if (!(await step(Number.POSITIVE_INFINITY)) && !isDone()) throw new Error("nothing is left to wait for");
      }
    },
  };
}
