import type { Clock } from "./clock.ts";

/** When the states of things end, each thing by its key, at one time at most. */
export interface Timetable<Key> {
  /** Ends the state of a thing at a time (epoch ms); what was scheduled for it before is called off. */
  schedule(key: Key, at: number, end: () => Promise<void>): void;
  callOff(key: Key): void;
  /** Lets a write go on in the background: a failure goes to the log, and `close` waits. */
  track(key: Key, write: Promise<void>): Promise<void>;
  /** Calls off what is scheduled and waits for what is under way. */
  close(): Promise<void>;
}

/** An empty timetable. `kind` is what the log calls the things. */
export function createTimetable<Key extends string | number>(options: {
  readonly kind: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}): Timetable<Key> {
  const { kind, clock, log } = options;
  const scheduled = new Map<Key, () => void>();
  const underWay = new Set<Promise<void>>();

  const callOff = (key: Key): void => {
    scheduled.get(key)?.();
    scheduled.delete(key);
  };
  const track = (key: Key, write: Promise<void>): Promise<void> => {
    const promise = write
      .catch((error: unknown) => log(`${kind} ${key} could not leave its state: ${String(error)}`))
      .then(() => void underWay.delete(promise));
    underWay.add(promise);
    return promise;
  };
  return {
    schedule(key, at, end) {
      callOff(key);
      const task = (): Promise<void> => {
        scheduled.delete(key);
        return track(key, end());
      };
      scheduled.set(key, clock.schedule(at, task));
    },
    callOff,
    track,
    async close() {
      for (const stop of scheduled.values()) stop();
      scheduled.clear();
      await Promise.all(underWay);
    },
  };
}
