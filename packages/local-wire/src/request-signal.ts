import { CLIENT_GONE } from "./no-answer.ts";

/**
 * Tells whoever asks that nobody waits for the answer to a request any more. The signal is made when it is first asked for: few operations
 * ask, and making and aborting one takes longer than many a request. A class, because a getter in a literal would give each request a hidden class.
 */
export class RequestSignal {
  readonly #closing: AbortSignal;
  #own: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #hasEnded = false;

  /** `closing` aborts when the server closes. */
  constructor(closing: AbortSignal) {
    this.#closing = closing;
  }

  /** Aborts when the client goes away or has its answer, or the server closes. */
  get signal(): AbortSignal {
    if (this.#signal) return this.#signal;
    this.#own = new AbortController();
    this.#signal = AbortSignal.any([this.#own.signal, this.#closing]);
    if (this.#hasEnded) this.#own.abort(CLIENT_GONE);
    return this.#signal;
  }

  /** The client went away or has its answer. */
  end(): void {
    this.#hasEnded = true;
    this.#own?.abort(CLIENT_GONE);
  }
}
