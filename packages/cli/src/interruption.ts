import { exitCodes } from "./errors.ts";

/**
 * Signals within this many milliseconds of the first are the same wish: on Ctrl-C the terminal signals npm and this process, and npm
 * passes its own on, so that a shell which replaced itself by this process hears of one Ctrl-C twice.
 */
const sameWishMs = 500;

/** Why a command's signal was aborted. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  readonly signalName: NodeJS.Signals;

  constructor(signalName: NodeJS.Signals) {
    super(`Interrupted by ${signalName}`);
    this.signalName = signalName;
  }
}

/** A command's end before its time. */
export interface Interruption {
  /** Aborted by the first signal, with an `InterruptedError`. */
  readonly signal: AbortSignal;
  /** Takes a signal of the operating system: the first one asks for an orderly end, a later one ends the process at once. */
  receive(name: NodeJS.Signals): void;
  /** Asks for an orderly end because nobody reads the output any more; never ends the process. */
  outputClosed(): void;
}

/** `exit` ends the process, `now` is a clock in milliseconds. */
export function createInterruption({
  exit = (code: number): void => process.exit(code),
  now = (): number => performance.now(),
} = {}): Interruption {
  const controller = new AbortController();
  let firstAt: number | undefined;
  return {
    signal: controller.signal,
    receive(name) {
      if (firstAt !== undefined) {
        if (now() - firstAt > sameWishMs) exit(exitCodes.interrupted);
        return;
      }
      firstAt = now();
      controller.abort(new InterruptedError(name));
    },
    outputClosed: () => controller.abort(new InterruptedError("SIGPIPE")),
  };
}
