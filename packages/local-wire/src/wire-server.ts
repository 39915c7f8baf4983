import type { ServerHttp2Session } from "node:http2";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createExchange } from "./exchange.ts";
import { createHttp1Server } from "./http1-server.ts";
import { createHttp2Server } from "./http2-server.ts";
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
  /**
   * Most ms that a request may take from its first byte to its last, and that a connection may stay idle. What is
   * slower hears status 408 over HTTP/1.1, and has its stream cancelled over HTTP/2. Default 60,000.
   */
  readonly requestTimeoutMs?: number;
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
const REQUEST_TIMEOUT_MS = 60_000;

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
  const { services, routes = [], port, log = () => {}, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const exchange = createExchange({ services, routes, log });
  const closing = new AbortController();
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();

  const serving = { exchange, closing: closing.signal, requestTimeoutMs, log };
  const http1 = createHttp1Server(serving);
  const http2 = createHttp2Server(serving, sessions);
  const listener = createServer({ noDelay: true, pauseOnConnect: false }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    sniffHttp2(socket, requestTimeoutMs, (isHttp2) => (isHttp2 ? http2 : http1).emit("connection", socket));
  });
  await listen(listener, port);
  http1.emit("listening");

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
