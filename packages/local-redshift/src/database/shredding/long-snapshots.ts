/**
 * Transactions of several statements that have their snapshot. DuckDB refuses their changes of a table that has got a column since
 * ("another transaction has altered this table", DuckDB 1.5.6), so columns that nobody asked for by DDL are added only while there is none.
 * A statement by itself takes its locks before its snapshot, and needs no more than those.
 */
export class LongSnapshots {
  readonly #holders = new Set<object>();
  #without: Promise<unknown> | undefined;

  /** To be awaited before the snapshot is taken. */
  async take(holder: object): Promise<void> {
    while (this.#without !== undefined) await this.#without;
    this.#holders.add(holder);
  }

  release(holder: object): void {
    this.#holders.delete(holder);
  }

  /** Does `work`, which has to be short, while nobody holds a snapshot; false when somebody does, and then nothing is done. */
  async without(work: () => Promise<void>): Promise<boolean> {
    if (this.#holders.size > 0 || this.#without !== undefined) return false;
    const run = work();
    this.#without = run.catch(() => undefined);
    try {
      await run;
      return true;
    } finally {
      this.#without = undefined;
    }
  }
}
