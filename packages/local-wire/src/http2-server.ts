import { constants, createServer } from "node:http2";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import { endWith } from "./body-bytes.ts";
import type { HttpServerOptions } from "./http1-server.ts";
import { NoAnswer, leaveWithoutAnswer } from "./no-answer.ts";
import { RequestSignal } from "./request-signal.ts";

/** Flow-control window, so that a request of several MiB needs no round trips of window updates. */
const WINDOW_BYTES = 16 * 1024 * 1024;
/** Most streams of one connection at a time; clients let further requests wait. AWS's own number is not known. */
const MAX_CONCURRENT_STREAMS = 1000;
/** What one connection may keep in Node's own buffers; it refuses streams beyond. */
const MAX_SESSION_MIB = 256;

/**
 * A server for connections that are handed to it with its event `connection`; it listens nowhere itself. `sessions`
 * holds what is open. Floods of resets, pings, settings and broken frames end in Node's own limits, which end the session.
 */
export function createHttp2Server(
  { exchange, closing, requestTimeoutMs, log }: HttpServerOptions,
  sessions: Set<ServerHttp2Session>,
): Http2Server {
  const server = createServer({
    settings: { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: MAX_CONCURRENT_STREAMS },
    maxSessionMemory: MAX_SESSION_MIB,
  });
  server.on("session", (session) => {
    let streams = 0;
    sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES);
    session.setTimeout(requestTimeoutMs, () => {
      if (streams === 0) session.close();
    });
    session.on("stream", (stream) => {
      streams += 1;
      stream.on("close", () => (streams -= 1));
    });
    session.on("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  server.on("stream", (stream, received) => {
    const gone = new RequestSignal(closing);
    const slow = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), requestTimeoutMs);
    stream.on("end", () => clearTimeout(slow));
    stream.on("close", () => {
      clearTimeout(slow);
      gone.end();
    });
    stream.on("error", () => gone.end());
    const method = String(received[constants.HTTP2_HEADER_METHOD]);
    const url = String(received[constants.HTTP2_HEADER_PATH]);
    const send = async (): Promise<void> => {
      const answer = await exchange({ method, url, headers: received, body: stream, gone });
      if (stream.destroyed || stream.closed || !stream.session) return;
      if (answer instanceof NoAnswer) return leaveWithoutAnswer(answer, stream.session.socket);
      const { status, headers, body } = answer;
      stream.respond({ ":status": status, ...headers });
      if (typeof body === "function") return body(stream);
      endWith(stream, body);
    };
    send().catch((error: unknown) => {
      log(`an answer could not be sent: ${String(error)}`);
      stream.destroy(new Error("no answer could be sent"));
    });
  });
  return server;
}
