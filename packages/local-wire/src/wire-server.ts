import { createServer as createHttp1Server } from "node:http";
import { constants, createServer as createHttp2Server } from "node:http2";
import type { ServerHttp2Session } from "node:http2";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createExchange } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { NoAnswer } from "./no-answer.ts";
import { sniffHttp2 } from "./preface.ts";
import type { HttpRoute, WireService } from "./wire-service.ts";

/** Options of {@link startWireServer}. */
export interface WireServerOptions {
  readonly services: readonly WireService[];
  /** Tried in order for requests without `X-Amz-Target`. Default none. */
  readonly routes?: readonly HttpRoute[];
  /** 0 for any free port. */
  readonly port: number;
  /** Hears of faults, never of payloads. Default silent. */
  readonly log?: (line: string) => void;
}

/** A running server. */
export interface WireServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, aborts what is under way and ends every connection within about a second. May be called twice. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** How long answers under way may take to leave once the server closes. */
const CLOSE_GRACE_MS = 500;
/** HTTP/2 flow-control window, so that a request of several MiB needs no round trips of window updates. */
const WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * Serves AWS services on one loopback port, over HTTP/1.1 and over HTTP/2 with prior knowledge.
 *
 * @example
 * const server = await startWireServer({ services: [kinesis.service], port: 0 });
 * const client = new KinesisClient({ endpoint: server.url, region: "eu-west-1", credentials });
 *
 * Throws an `Error` that names the port and the cure if the port is in use.
 */
export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const { services, routes = [], port, log = () => {} } = options;
  const exchange = createExchange({ services, routes, log });
  const closing = new AbortController();
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();

  const http1 = createHttp1(exchange, closing.signal);
  const http2 = createHttp2(exchange, closing.signal, sessions);
  const listener = createServer({ noDelay: true, pauseOnConnect: false }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    sniffHttp2(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit("connection", socket));
  });
  await listen(listener, port);

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const stopped = new Promise<void>((resolve) => listener.close(() => resolve()));
    closing.abort(new Error("the server is closing"));
    for (const session of sessions) session.close();
    http1.close();
    http1.closeIdleConnections();
    const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), CLOSE_GRACE_MS);
    await stopped;
    clearTimeout(timer);
  };

  const actualPort = (listener.address() as AddressInfo).port;
  return { url: `http://${HOST}:${actualPort}`, port: actualPort, close: () => (closed ??= close()) };
}

function listen(listener: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is in use on ${HOST}; stop what uses it, or choose another port (0 for any)`, {
              cause: error,
            })
          : new Error(`cannot listen on ${HOST}:${port}: ${error.message}`, { cause: error }),
      );
    });
    listener.listen(port, HOST, () => resolve());
  });
}

function createHttp1(exchange: Exchange, closing: AbortSignal) {
  return createHttp1Server({ keepAliveTimeout: 60_000 }, (request, response) => {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const { method = "GET", url = "/", headers } = request;
    void exchange({ method, url, headers, body: request, signal: AbortSignal.any([gone.signal, closing]) }).then(
      (answer) => {
        if (response.destroyed) return;
        if (answer instanceof NoAnswer) return leaveWithout(answer, request.socket);
        if (closing.aborted) response.setHeader("connection", "close");
        const { status, headers, body } = answer;
        if (typeof body === "function") {
          response.writeHead(status, headers);
          void body(response);
          return;
        }
        response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) });
        response.end(body);
      },
    );
  });
}

function createHttp2(exchange: Exchange, closing: AbortSignal, sessions: Set<ServerHttp2Session>) {
  const server = createHttp2Server({ settings: { initialWindowSize: WINDOW_BYTES }, maxSessionMemory: 256 });
  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  server.on("stream", (stream, headers) => {
    const gone = new AbortController();
    stream.on("close", () => gone.abort());
    stream.on("error", () => gone.abort());
    const method = String(headers[constants.HTTP2_HEADER_METHOD]);
    const url = String(headers[constants.HTTP2_HEADER_PATH]);
    void exchange({ method, url, headers, body: stream, signal: AbortSignal.any([gone.signal, closing]) }).then(
      (answer) => {
        if (stream.destroyed || !stream.session) return;
        if (answer instanceof NoAnswer) return leaveWithout(answer, stream.session.socket);
        const { status, headers, body } = answer;
        stream.respond({ ":status": status, ...headers });
        if (typeof body === "function") void body(stream);
        else stream.end(body);
      },
    );
  });
  return server;
}

/** A silent connection ends with its client, or when the server closes. */
function leaveWithout({ manner }: NoAnswer, socket: Socket): void {
  if (manner === "reset") socket.resetAndDestroy();
}
