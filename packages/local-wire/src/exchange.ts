import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { BodyTooLargeError, MAX_BODY_BYTES, readBody } from "./body.ts";
import { refuseForeignCaller } from "./caller.ts";
import { readCredential } from "./credential.ts";
import { EventStreamAnswer } from "./event-stream-answer.ts";
import { EVENT_STREAM_CONTENT_TYPE, writeEvents } from "./event-stream.ts";
import { NoAnswer } from "./no-answer.ts";
import { decodeInput, encodeOutput, findProtocol } from "./protocols.ts";
import type { Protocol } from "./protocols.ts";
import { SerializedAnswer } from "./serialized-answer.ts";
import { WireError } from "./wire-error.ts";
import type { HttpRoute, WireService } from "./wire-service.ts";

/** A request of either HTTP version. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Readable;
  readonly signal: AbortSignal;
}

/** What goes back, in either HTTP version. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** All of it, or what writes it and ends the sink. */
  readonly body: string | Uint8Array | ((sink: Writable) => Promise<void>);
}

/** Turns one request into its answer; never rejects unless the client went away. */
export type Exchange = (request: RawRequest) => Promise<RawAnswer | NoAnswer>;

const DEFAULT_PROTOCOL: Protocol = { name: "json", contentType: "application/x-amz-json-1.1" };

/** The exchange over these services and routes: targets to services, everything else to the first route that takes it. */
export function createExchange(options: {
  readonly services: readonly WireService[];
  readonly routes: readonly HttpRoute[];
  readonly log: (line: string) => void;
}): Exchange {
  const services = new Map(options.services.map((service) => [service.targetPrefix, service]));

  return async (request) => {
    const requestId = randomUUID();
    const target = header(request, "x-amz-target");
    const protocol = findProtocol(header(request, "content-type")) ?? DEFAULT_PROTOCOL;
    const fail = (error: unknown): void =>
      options.log(`${target ?? request.url} failed: ${error instanceof Error ? error.stack : String(error)}`);
    try {
      refuseForeignCaller((name) => header(request, name));
      if (target === undefined) return await callRoutes(options.routes, request, requestId);
      const output = await callService(services, protocol, target, request, requestId);
      if (output instanceof NoAnswer) return output;
      if (output instanceof EventStreamAnswer) return renderEvents(output, protocol, request.signal, requestId, fail);
      const body = output instanceof SerializedAnswer ? output.body : encodeOutput(protocol, output);
      return { status: 200, headers: answerHeaders(protocol, requestId), body };
    } catch (error) {
      if (error instanceof WireError) return renderError(protocol, requestId, error);
      if (error instanceof BodyTooLargeError) return renderError(protocol, requestId, bodyTooLarge());
      if (!request.signal.aborted) fail(error);
      const message = error instanceof Error ? error.message : String(error);
      return renderError(protocol, requestId, new WireError("InternalFailure", message, { status: 500 }));
    }
  };
}

async function callService(
  services: ReadonlyMap<string, WireService>,
  protocol: Protocol,
  target: string,
  request: RawRequest,
  requestId: string,
): Promise<unknown> {
  const body = await readBody(request.body, header(request, "content-encoding"));
  const dot = target.indexOf(".");
  const service = services.get(target.slice(0, dot));
  const operation = target.slice(dot + 1);
  if (!service || operation === "") {
    // AWS sends the type alone; the text is ours, because a missing service here has a cure.
    throw new WireError(
      "UnknownOperationException",
      `no service here answers the target ${target}; known prefixes: ${[...services.keys()].join(", ")}`,
    );
  }
  const input = decodeBody(protocol, body);
  const credential = readCredential(header(request, "authorization"), queryOf(request.url));
  if (!credential) throw new WireError("MissingAuthenticationTokenException", "Missing Authentication Token");
  return service.handle({
    operation,
    input,
    protocol: protocol.name,
    requestId,
    region: credential.region,
    accessKeyId: credential.accessKeyId,
    signal: request.signal,
  });
}

function decodeBody(protocol: Protocol, body: Buffer): Record<string, unknown> {
  try {
    return decodeInput(protocol, body);
  } catch (error) {
    // AWS sends the type alone; the reason is ours and quotes nothing of the body.
    const reason = error instanceof TypeError ? error.message : `the body is not ${protocol.name.toUpperCase()}`;
    throw new WireError("SerializationException", reason);
  }
}

async function callRoutes(routes: readonly HttpRoute[], request: RawRequest, requestId: string): Promise<RawAnswer> {
  const body = await readBody(request.body, header(request, "content-encoding"));
  const url = new URL(request.url, "http://localhost");
  const headers = Object.fromEntries(
    Object.keys(request.headers)
      .filter((name) => !name.startsWith(":"))
      .map((name) => [name, header(request, name) ?? ""]),
  );
  for (const route of routes) {
    const answer = await route({ method: request.method, path: url.pathname, query: url.searchParams, headers, body });
    if (answer) return { ...answer, headers: { "x-amzn-requestid": requestId, ...answer.headers } };
  }
  throw new WireError("UnknownOperationException", `nothing here answers ${request.method} ${url.pathname}`, {
    status: 404,
  });
}

function renderEvents(
  { events }: EventStreamAnswer,
  protocol: Protocol,
  signal: AbortSignal,
  requestId: string,
  log: (error: unknown) => void,
): RawAnswer {
  return {
    status: 200,
    headers: { ...answerHeaders(protocol, requestId), "content-type": EVENT_STREAM_CONTENT_TYPE },
    body: (sink) => writeEvents(events, { protocol, sink, signal, log }),
  };
}

function renderError(protocol: Protocol, requestId: string, error: WireError): RawAnswer {
  const body = encodeOutput(protocol, { __type: error.type, [error.member]: error.message, ...error.fields });
  return {
    status: error.status,
    headers: { ...answerHeaders(protocol, requestId), "x-amzn-errortype": error.type },
    body,
  };
}

/** Not confirmed on AWS: kinesalite answers 413 without a body; a type and a text let a client say what happened. */
function bodyTooLarge(): WireError {
  return new WireError("RequestEntityTooLargeException", `the request is larger than ${MAX_BODY_BYTES} bytes`, {
    status: 413,
  });
}

function answerHeaders(protocol: Protocol, requestId: string): Record<string, string> {
  return { "content-type": protocol.contentType, "x-amzn-requestid": requestId };
}

function header(request: RawRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

function queryOf(url: string): URLSearchParams | undefined {
  const mark = url.indexOf("?");
  return mark < 0 ? undefined : new URLSearchParams(url.slice(mark + 1));
}
