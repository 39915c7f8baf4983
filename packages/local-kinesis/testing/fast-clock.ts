import type { Clock } from "../src/clock.ts";

/** A clock that runs `factor` times as fast as that of the machine, from a time (epoch ms) on. */
export function createFastClock(start: number, factor: number): Clock {
  const startedAt = performance.now();
  const now = (): number => Math.floor(start + (performance.now() - startedAt) * factor);
  return {
    now,
    schedule(at, task) {
      const timer = setTimeout(task, Math.max(0, (at - now()) / factor));
      return () => clearTimeout(timer);
    },
  };
}
