import type { Writable } from "node:stream";
import type { EventStreamCodec } from "@smithy/eventstream-codec";
import type { WireEvent } from "./event-stream-answer.ts";
import { encodeOutput } from "./protocols.ts";
import type { Protocol } from "./protocols.ts";
import { WireError } from "./wire-error.ts";

export const EVENT_STREAM_CONTENT_TYPE = "application/vnd.amazon.eventstream";

/** What the payload of one message is, as the JSON-RPC protocols name it. Not confirmed on AWS for CBOR. */
const PAYLOAD_CONTENT_TYPES = { json: "application/json", cbor: "application/cbor" } as const;

/** Writes events to a client until they end, the client goes away or the server closes. */
export async function writeEvents(
  events: AsyncIterable<WireEvent>,
  options: {
    readonly codec: EventStreamCodec;
    readonly protocol: Protocol;
    readonly sink: Writable;
    readonly signal: AbortSignal;
    readonly log: (error: unknown) => void;
  },
): Promise<void> {
  const { codec, protocol, sink, signal, log } = options;
  const iterator = events[Symbol.asyncIterator]();
  const stop = (): void => void returnQuietly(iterator);
  const encode = (kind: "event" | "exception", type: string, payload: unknown): Uint8Array =>
    codec.encode({
      headers: {
        [`:${kind}-type`]: { type: "string", value: type },
        ":content-type": { type: "string", value: PAYLOAD_CONTENT_TYPES[protocol.name] },
        ":message-type": { type: "string", value: kind },
      },
      body: Buffer.from(encodeOutput(protocol, payload)),
    });

  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  try {
    let message = encode("event", "initial-response", {});
    while (!signal.aborted) {
      if (!sink.write(message)) await roomIn(sink);
      const next = await iterator.next();
      if (next.done === true) break;
      message = encode("event", next.value.type, next.value.payload);
    }
  } catch (error) {
    stop(); // what fails may be the encoding of an event
    if (!signal.aborted) {
      if (!(error instanceof WireError)) log(error);
      const { type, message } = error instanceof WireError ? error : INTERNAL_FAILURE;
      sink.write(encode("exception", type, { message }));
    }
  } finally {
    signal.removeEventListener("abort", stop);
    sink.end();
  }
}

/** The text is not confirmed on AWS. */
const INTERNAL_FAILURE = new WireError("InternalFailureException", "The service failed; its log says why.");

let loaded: EventStreamCodec | undefined;

/** What messages are encoded with: loaded for the first event stream, so that a server's start does not wait for it. */
export async function loadEventStreamCodec(): Promise<EventStreamCodec> {
  if (!loaded) {
    const { EventStreamCodec } = await import("@smithy/eventstream-codec");
    loaded = new EventStreamCodec(
      (bytes) => Buffer.from(bytes as Uint8Array).toString("utf8"),
      (text) => Buffer.from(text, "utf8"),
    );
  }
  return loaded;
}

/** Waits until what was written has left, or nobody is there to take it. */
function roomIn(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      sink.off("drain", settle);
      sink.off("close", settle);
      resolve();
    };
    if (sink.destroyed) return resolve();
    sink.on("drain", settle);
    sink.on("close", settle);
  });
}

/** The client that would hear of a failing `return()` is gone. */
async function returnQuietly(iterator: AsyncIterator<WireEvent>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // as above
  }
}
