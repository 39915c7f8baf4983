import type { Clock } from "../src/clock.ts";

/** A clock that stands until it is moved. */
export interface HeldClock extends Clock {
  /** Moves on by so many ms. What is scheduled on the way runs at its time, in order, and is waited for. */
  advance(ms: number): Promise<void>;
  /** Moves on at once: what was due on the way runs once, at the end. For days and years. */
  jump(ms: number): Promise<void>;
}

interface Task {
  readonly at: number;
  readonly run: () => unknown;
}

/** A clock held at a time, epoch ms. */
export function createHeldClock(start = Date.UTC(2026, 0, 1)): HeldClock {
  let time = start;
  const tasks = new Set<Task>();
  const nextUpTo = (end: number): Task | undefined =>
    [...tasks].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
  const run = async (task: Task): Promise<void> => {
    tasks.delete(task);
    time = Math.max(time, task.at);
    await task.run();
  };
  return {
    now: () => time,
    schedule(at, task) {
      const entry = { at, run: task };
      tasks.add(entry);
      return () => void tasks.delete(entry);
    },
    async advance(ms) {
      const end = time + ms;
      for (let task = nextUpTo(end); task; task = nextUpTo(end)) await run(task);
      time = end;
    },
    async jump(ms) {
      time += ms;
      const due = [...tasks].filter(({ at }) => at <= time).sort((left, right) => left.at - right.at);
      for (const task of due) if (tasks.has(task)) await run(task);
    },
  };
}
