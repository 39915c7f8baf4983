/** A pause that can be cut short. */
export interface Sleeper {
  /** Resolves after `ms` (at once for 0 or less), when woken, or when the signal is aborted; never rejects. */
  sleep(ms: number): Promise<void>;
  /** Ends the current pause, if there is one. */
  wake(): void;
}

export function createSleeper(signal: AbortSignal): Sleeper {
  let end: () => void = () => undefined;
  signal.addEventListener("abort", () => end());
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const timer = setTimeout(() => end(), Math.max(0, ms));
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => end(),
  };
}
