import type { Socket } from "node:net";

/**
 * What a service answers so that its client hears nothing, as when a network fails.
 *
 * - `silence` leaves the connection open without a byte, until the client or the server ends it.
 * - `reset` resets the connection (RST) in both HTTP versions, which clients report as `ECONNRESET`. Over HTTP/2 the other
 *   requests of the same connection fail with it, as they do when a network fails. (A reset of the one HTTP/2 stream
 *   would be an answer of the server, and AWS SDKs do not retry it.)
 */
export class NoAnswer {
  readonly manner: "silence" | "reset";

  constructor(manner: "silence" | "reset") {
    this.manner = manner;
  }
}

/** Why the signal of a request aborts once its client has the answer, or left before. Made once: an error is dear to make. */
export const CLIENT_GONE = new Error("the client went away");

/** Does so. A silent connection ends with its client, or when the server closes. */
export function leaveWithoutAnswer({ manner }: NoAnswer, socket: Socket): void {
  if (manner === "reset") socket.resetAndDestroy();
}
