import { Queue } from "./queue.ts";

/** Room for events that are held and not settled. */
export interface Room {
  /** Takes a place, or says that there is none. */
  enter(byteLength: number): boolean;
  /** Gives a place back, and lets who waits have it. */
  leave(byteLength: number): void;
  /** Resolves when there is a place; it is kept for the caller until the next turn of the event loop. */
  ready(): Promise<void>;
  /** From now on nobody waits. */
  open(): void;
}

const atOnce = Promise.resolve();

/** Counts places; `maxBytes` may be exceeded by the last that entered. Callers of `ready` are served in their order. */
export function createRoom(maxEvents: number, maxBytes: number): Room {
  const waiting = new Queue<() => void>();
  let events = 0;
  let bytes = 0;
  /** Places promised by `ready` and not taken yet, so that many who wait at once do not all get the same one. */
  let promised = 0;
  let isOpen = false;
  let isSweeping = false;

  const hasPlaceToPromise = (): boolean => isOpen || (events + promised < maxEvents && bytes < maxBytes);

  function serve(): void {
    while (waiting.length > 0 && hasPlaceToPromise()) {
      promised++;
      waiting.shift()?.();
    }
    if (waiting.length > 0 && events === 0) sweep();
  }

  /** Nobody is left who could give a place back: promises that were not kept within this turn are void. */
  function sweep(): void {
    if (isSweeping) return;
    isSweeping = true;
    setImmediate(() => {
      isSweeping = false;
      promised = 0;
      serve();
    });
  }

  return {
    enter(byteLength) {
      if (events >= maxEvents || bytes >= maxBytes) return false;
      if (promised > 0) promised--;
      events++;
      bytes += byteLength;
      return true;
    },
    leave(byteLength) {
      events--;
      bytes -= byteLength;
      serve();
    },
    ready() {
      if (waiting.length === 0 && hasPlaceToPromise()) {
        promised++;
        return atOnce;
      }
      return new Promise((resolve) => {
        waiting.push(resolve);
        serve();
      });
    },
    open() {
      isOpen = true;
      serve();
    },
  };
}
