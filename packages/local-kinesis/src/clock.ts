/** What tells the time. The limits, delays and lifetimes of AWS run on it, so tests hold it and move it by hand. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls a task once, at a time (epoch ms) or soon after. Answers how to call that off. */
  schedule(at: number, task: () => unknown): () => void;
}

/** The longest wait of `setTimeout`; anything longer would run at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The time of this machine. What is scheduled does not keep the process alive. */
export const systemClock: Clock = {
  now: Date.now,
  schedule(at, task) {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const rest = at - Date.now();
      timer = rest > MAX_TIMEOUT_MS ? setTimeout(wait, MAX_TIMEOUT_MS) : setTimeout(task, Math.max(0, rest));
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};
