/** One server-sent event. */
export interface ServerSentEvent {
  /** Its type, one line. */
  readonly event: string;
  /** Kept by the browser and sent back as Last-Event-ID; one line. */
  readonly id?: string;
  /** Any text; line breaks of every kind arrive as `\n`. */
  readonly data: string;
}

/**
 * Writes one event as the wire has it (HTML standard, server-sent events).
 * Throws `TypeError` for a line break in `event` or `id`, or a NUL in `id`: a browser would read them as other fields.
 */
export function encodeEvent({ event, id, data }: ServerSentEvent): string {
  if (/[\r\n]/.test(event)) throw new TypeError("event must be one line (server-sent event)");
  if (id !== undefined && /[\r\n\0]/.test(id))
    throw new TypeError("id must be one line without NUL (server-sent event)");
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}${lines.join("")}\n`;
}

/** A line that says nothing, so that what lies between does not close a quiet connection. */
export const heartbeat = ":\n\n";
