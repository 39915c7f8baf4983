import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** DuckDB's threads for queries over many rows: one for each core. */
export const mostThreads = availableParallelism();
/**
 * DuckDB's threads otherwise. A thread of DuckDB that waits for another's part of a statement does so busily (seen with 1.5.6), so that on two cores
 * it takes the one on which records are received and read: with one thread, refreshes of packed events took a third less processor time.
 */
export const leastThreads = Math.max(1, mostThreads - 1);
/** From so many rows in the streaming views on, a query may get all threads. Changing their number takes about a millisecond. */
const manyRows = 1_000_000;
/** So long a query waits for its threads at most: taking them from others first may take as long as a statement of theirs. */
const mostWaitMs = 20;

/** Gives queries over many rows all cores, and takes them back when none of them is left. */
export class QueryThreads {
  readonly #set: (threads: number) => Promise<unknown>;
  readonly #countRows: () => number;
  #running = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `set` changes the number of threads; `countRows` estimates the rows that queries may read. */
  constructor(set: (threads: number) => Promise<unknown>, countRows: () => number) {
    this.#set = set;
    this.#countRows = countRows;
  }

  async during<Result>(query: () => Promise<Result>): Promise<Result> {
    if (mostThreads === leastThreads || this.#countRows() < manyRows) return query();
    this.#running += 1;
    if (this.#running === 1) this.#change(mostThreads);
    try {
      await Promise.race([this.#last, sleep(mostWaitMs)]);
      return await query();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#change(leastThreads);
    }
  }

  /** One after the other: taking threads back waits for what they are at. */
  #change(threads: number): void {
    // A number that stays as it is slows a query and does nothing else.
    this.#last = this.#last.then(() => this.#set(threads)).catch(() => undefined);
  }

  /** Waits for the last change. */
  async settle(): Promise<void> {
    await this.#last;
  }
}
