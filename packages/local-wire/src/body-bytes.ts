import type { Writable } from "node:stream";

/** The body of an answer: text (UTF-8), bytes, or bytes in chunks. */
export type BodyBytes = string | Uint8Array | ChunkedBytes;

/** Bytes in chunks, in their order. */
export interface ChunkedBytes {
  readonly chunks: readonly Uint8Array[];
  /** Is called with each chunk that has left this process, so that its memory may be used again. Of a connection that breaks, some never do. */
  readonly onSent: (chunk: Uint8Array) => void;
}

/** How long a body is, in bytes. */
export function lengthOf(body: BodyBytes): number {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.length : body.chunks.reduce((length, chunk) => length + chunk.length, 0);
}

/** Writes a body and ends the sink. What the client takes slowly waits in memory: the body is there in any case. */
export function endWith(sink: Writable, body: BodyBytes): void {
  if (typeof body === "string" || body instanceof Uint8Array) return void sink.end(body);
  const { chunks, onSent } = body;
  for (const chunk of chunks) {
    sink.write(chunk, (error) => {
      if (!error) onSent(chunk);
    });
  }
  sink.end();
}
