import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { endWith, lengthOf } from "./body-bytes.ts";
import type { Exchange } from "./exchange.ts";
import { NoAnswer, leaveWithoutAnswer } from "./no-answer.ts";
import { RequestSignal } from "./request-signal.ts";

/** What a refused connection hears, by the error's code; 400 for all others. Source: Node's own answers. */
const REFUSALS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
};

/** What a server of either HTTP version works with. */
export interface HttpServerOptions {
  readonly exchange: Exchange;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  readonly requestTimeoutMs: number;
  /** Hears why an answer could not be sent. */
  readonly log: (line: string) => void;
}

/**
 * A server for connections that are handed to it with its event `connection`; it listens nowhere itself. From its event
 * `listening` on it looks for connections that are too slow.
 */
export function createHttp1Server({ exchange, closing, requestTimeoutMs, log }: HttpServerOptions): Server {
  const latest = new WeakMap<Duplex, { readonly request: IncomingMessage; readonly response: ServerResponse }>();
  const server = createServer({
    keepAliveTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 4,
  });
  server.on("request", (request, response) => {
    latest.set(request.socket, { request, response });
    const gone = new RequestSignal(closing);
    response.on("close", () => gone.end());
    const { method = "GET", url = "/" } = request;
    const send = async (): Promise<void> => {
      const answer = await exchange({ method, url, headers: request.headers, body: request, gone });
      if (response.destroyed) return;
      if (answer instanceof NoAnswer) return leaveWithoutAnswer(answer, request.socket);
      if (closing.aborted) response.setHeader("Connection", "close");
      const { status, headers, body } = answer;
      if (typeof body === "function") {
        response.writeHead(status, headers);
        return body(response);
      }
      response.writeHead(status, { ...headers, "Content-Length": String(lengthOf(body)) });
      endWith(response, body);
    };
    send().catch((error: unknown) => {
      log(`an answer could not be sent: ${String(error)}`);
      response.destroy();
    });
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const refuse = (): void => {
      if (socket.writable)
        socket.end(`HTTP/1.1 ${REFUSALS[error.code ?? ""] ?? "400 Bad Request"}\r\nConnection: close\r\n\r\n`);
      else socket.destroy();
    };
    // Bytes behind a request that is whole refuse the connection, not that request: what is done for it is also answered.
    const { request, response } = latest.get(socket) ?? {};
    if (request?.complete && response && !response.writableFinished) response.on("close", refuse);
    else refuse();
  });
  return server;
}
