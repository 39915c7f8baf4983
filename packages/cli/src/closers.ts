/** What was opened, to be closed in turn. */
export interface Closers {
  add(close: () => Promise<void> | void): void;
  /** Closes the last added first, each once; one that fails leaves none of the others open, and is thrown in the end. */
  closeAll(): Promise<void>;
}

/** Nothing opened yet. */
export function createClosers(): Closers {
  const closers: (() => Promise<void> | void)[] = [];
  return {
    add: (close) => void closers.push(close),
    async closeAll() {
      const faults: unknown[] = [];
      for (const close of closers.splice(0).reverse()) {
        try {
          await close();
        } catch (fault) {
          faults.push(fault);
        }
      }
      if (faults.length > 0) throw faults.length === 1 ? faults[0] : new AggregateError(faults, "Closing failed");
    },
  };
}
