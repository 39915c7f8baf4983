import { setTimeout as delay } from "node:timers/promises";

/** First pause between two looks, in milliseconds; each further one is half as long again. */
const firstPauseMs = 10;
/** Longest pause between two looks, in milliseconds. */
const longestPauseMs = 500;
/** How long a resource of the local cloud may take, in milliseconds. */
const timeoutMs = 120_000;

/** Looks until `isDone` holds for what is seen, and resolves to that. Throws an Error with `what` after two minutes. */
export async function waitUntil<T>(what: string, look: () => Promise<T>, isDone: (seen: T) => boolean): Promise<T> {
  const start = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const seen = await look();
    if (isDone(seen)) return seen;
    if (performance.now() - start > timeoutMs) throw new Error(`${what} took more than ${timeoutMs / 1000} s`);
    await delay(pauseMs);
  }
}
