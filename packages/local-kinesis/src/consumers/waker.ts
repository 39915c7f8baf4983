/** Where one waits until others have something for it. What comes while nobody waits is not lost. */
export interface Waker {
  wake(): void;
  /** Resolves once woken: at once if that happened since the last time. */
  sleep(): Promise<void>;
}

/** A waker for one sleeper. */
export function createWaker(): Waker {
  let isAwake = false;
  let resolve = (): void => {};
  return {
    wake() {
      isAwake = true;
      resolve();
    },
    async sleep() {
      if (!isAwake) await new Promise<void>((woken) => (resolve = woken));
      isAwake = false;
    },
  };
}
