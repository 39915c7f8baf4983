import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isLoopbackHost, isOwnPage } from "./loopback.ts";
import { type PageFile } from "./page-files.ts";
import type { Viewers } from "./viewers.ts";

/** The address that the page is served on: this machine only. */
const loopback = "127.0.0.1";

/**
 * What every answer carries. Scripts, styles and connections come from the page's own address; nothing may be inline, nothing may
 * frame it.
 */
const safetyHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

/** A listening server. */
export interface PageServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the page and its stream of events on 127.0.0.1. `port` 0 takes any free one.
 * Throws an `Error` that names the port and the cure when it is in use.
 */
export async function startPageServer(options: {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly viewers: Viewers;
  readonly port: number;
}): Promise<PageServer> {
  const { files, viewers, port } = options;
  const server = createServer((request, response) => answer(request, response, files, viewers));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen(port, loopback, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${loopback}:${actualPort}`,
    port: actualPort,
    async close() {
      viewers.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, PageFile>,
  viewers: Viewers,
): void {
  for (const [name, value] of Object.entries(safetyHeaders)) response.setHeader(name, value);
  if (!isLoopbackHost(request.headers.host) || !isOwnPage(request.headers)) {
    return refuse(
      response,
      403,
      "This page answers on this machine only: open it as http://127.0.0.1 or http://localhost.",
    );
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "Only GET and HEAD are answered.");
  }
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (path === "/events" && request.method === "GET") return viewers.add(response);
  const file = files.get(path);
  if (file === undefined) return refuse(response, 404, "There is nothing here.");
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("ETag", file.etag);
  if (request.headers["if-none-match"] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { "Content-Type": file.type, "Content-Length": file.bytes.byteLength });
  response.end(request.method === "HEAD" ? undefined : file.bytes);
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${sentence}\n`);
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new Error(
      `port ${port} is in use: end what listens there, or give the page another port (0 takes any free one)`,
      {
        cause: error,
      },
    );
  }
  return new Error(`the page cannot listen on port ${port}: ${error.message}`, { cause: error });
}
