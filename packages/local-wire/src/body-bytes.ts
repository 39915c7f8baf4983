import type { Writable } from "node:stream";

/** The body of an answer: text (UTF-8), bytes, or chunks of bytes in their order. */
export type BodyBytes = string | Uint8Array | readonly Uint8Array[];

/** How long a body is, in bytes. */
export function lengthOf(body: BodyBytes): number {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.length : body.reduce((length, chunk) => length + chunk.length, 0);
}

/** Writes a body and ends the sink. What the client takes slowly waits in memory: the body is there in any case. */
export function endWith(sink: Writable, body: BodyBytes): void {
  if (typeof body === "string" || body instanceof Uint8Array) return void sink.end(body);
  for (const chunk of body) sink.write(chunk);
  sink.end();
}
