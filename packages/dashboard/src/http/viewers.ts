import type { ServerResponse } from "node:http";
import { encodeEvent, heartbeat } from "./server-sent-events.ts";

/** The open pages. */
export interface Viewers {
  /** Takes over a response: writes the head, then a snapshot, then every update until the viewer leaves. */
  add(response: ServerResponse): void;
  /** Sends one change to everybody. */
  send(change: object): void;
  /** Sends everybody a snapshot, as to one who has just come: now there is something to see. */
  begin(): void;
  readonly count: number;
  close(): void;
}

/** Unsent bytes after which a viewer gets no updates, and a snapshot once it has read them. */
const maxUnsentBytes = 1_000_000;

/**
 * Viewers that each begin with `snapshot()`, also when they come back (Last-Event-ID is not needed then: a snapshot is all there is).
 * One that reads too slowly skips updates and begins again with a snapshot. A heartbeat goes out every `heartbeatMs` (15,000).
 */
export function createViewers(options: {
  /** Undefined while there is nothing to see; `begin` says when there is. */
  readonly snapshot: () => object | undefined;
  readonly onCount: (count: number) => void;
  readonly heartbeatMs?: number;
}): Viewers {
  const { snapshot, onCount, heartbeatMs = 15_000 } = options;
  const responses = new Set<ServerResponse>();
  const late = new Set<ServerResponse>();
  let nextId = 1;
  const timer = setInterval(() => {
    for (const response of responses) response.write(heartbeat);
  }, heartbeatMs);
  timer.unref();

  function write(response: ServerResponse, event: "snapshot" | "update", text: string): void {
    response.write(encodeEvent({ event, id: String(nextId), data: text }));
  }

  function writeSnapshot(response: ServerResponse): void {
    const seen = snapshot();
    if (seen !== undefined) write(response, "snapshot", JSON.stringify(seen));
  }

  return {
    add(response) {
      response.writeHead(200, {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
      });
      response.write("retry: 1000\n\n");
      responses.add(response);
      response.on("close", () => {
        responses.delete(response);
        late.delete(response);
        onCount(responses.size);
      });
      response.on("drain", () => {
        if (late.delete(response)) writeSnapshot(response);
      });
      writeSnapshot(response);
      onCount(responses.size);
    },
    send(change) {
      nextId += 1;
      const text = JSON.stringify(change);
      for (const response of responses) {
        if (response.writableLength > maxUnsentBytes) late.add(response);
        if (!late.has(response)) write(response, "update", text);
      }
    },
    begin() {
      for (const response of responses) writeSnapshot(response);
    },
    get count() {
      return responses.size;
    },
    close() {
      clearInterval(timer);
      for (const response of responses) response.end();
    },
  };
}
