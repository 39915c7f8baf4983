import { randomBytes, randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import type { BodyBytes } from "./body-bytes.ts";
import { readBody } from "./body.ts";
import type { Body } from "./body.ts";
import { refuseForeignCaller } from "./caller.ts";
import { CborError } from "./cbor-decoder.ts";
import { readCredential } from "./credential.ts";
import type { ReadHeader } from "./credential.ts";
import { EventStreamAnswer } from "./event-stream-answer.ts";
import { EVENT_STREAM_CONTENT_TYPE, loadEventStreamCodec, writeEvents } from "./event-stream.ts";
import { NoAnswer } from "./no-answer.ts";
import { CBOR_PROTOCOL, JSON_PROTOCOL, decodeInput, encodeOutput, findProtocol, mediaTypeOf } from "./protocols.ts";
import type { Protocol } from "./protocols.ts";
import { renderError } from "./render-error.ts";
import type { ErrorForm } from "./render-error.ts";
import type { RequestSignal } from "./request-signal.ts";
import { SerializedAnswer } from "./serialized-answer.ts";
import { ServiceRequest } from "./service-request.ts";
import { WireError } from "./wire-error.ts";
import type { HttpRoute, WireRequest, WireService } from "./wire-service.ts";

/** A request of either HTTP version. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Readable;
  readonly gone: RequestSignal;
}

/** What goes back, in either HTTP version. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** All of it, or what writes it and ends the sink. */
  readonly body: BodyBytes | ((sink: Writable) => Promise<void>);
}

/** Turns one request into its answer; never rejects. */
export type Exchange = (request: RawRequest) => Promise<RawAnswer | NoAnswer>;

/** What {@link createExchange} works on. */
interface ExchangeOptions {
  readonly services: readonly WireService[];
  readonly routes: readonly HttpRoute[];
  readonly log: (line: string) => void;
}

/** A request whose body is there. */
interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly header: ReadHeader;
  readonly target: string | undefined;
  readonly body: Body;
  readonly requestId: string;
  readonly gone: RequestSignal;
}

/**
 * The exchange over these services and routes: targets to services, everything else to the first route that takes it.
 * What is refused, in which order, with which status and in which form is as kinesalite's tests recorded it on AWS.
 */
export function createExchange({ services, routes, log }: ExchangeOptions): Exchange {
  const byPrefix = new Map(services.map((service) => [service.targetPrefix, service]));

  return async (request) => {
    const { method, url, gone } = request;
    const header: ReadHeader = (name) => headerOf(request, name);
    const mediaType = mediaTypeOf(header("content-type"));
    const target = header("x-amz-target");
    const requestId = randomUUID();
    const fail = (error: unknown): void =>
      log(`${target ?? pathOf(url)} failed: ${error instanceof Error ? error.stack : String(error)}`);
    let form: ErrorForm = findProtocol(mediaType) ?? JSON_PROTOCOL;
    try {
      refuseForeignCaller(header);
      const body = await readBody(request.body, header("content-encoding"));
      form = formOf(method, mediaType, body.bytes);
      const received: ReceivedRequest = { method, url, header, target, body, requestId, gone };
      const routed = target === undefined ? await callRoutes(routes, received, request.headers) : undefined;
      return routed ?? (await callService(byPrefix, form, received, fail));
    } catch (error) {
      if (error instanceof WireError) return renderRefusal(form, requestId, error);
      if (!gone.signal.aborted) fail(error);
      const message = error instanceof Error ? error.message : String(error);
      return renderRefusal(form, requestId, new WireError("InternalFailure", message, { status: 500 }));
    }
  };
}

function formOf(method: string, mediaType: string, body: Buffer): ErrorForm {
  if (method !== "POST") return "xml";
  const protocol = findProtocol(mediaType);
  if (body.length === 0) return protocol ?? CBOR_PROTOCOL;
  return protocol ?? (mediaType === "application/json" ? "enveloped" : "xml");
}

async function callService(
  services: ReadonlyMap<string, WireService>,
  form: ErrorForm,
  request: ReceivedRequest,
  fail: (error: unknown) => void,
): Promise<RawAnswer | NoAnswer> {
  const { method, url, header, target = "", body, requestId, gone } = request;
  const [, prefix = "", operation = ""] = /^([^.]+)\.(.+)$/s.exec(target) ?? [];
  if (form === "xml") throw method === "POST" && operation !== "" ? unknownElsewhere() : namesNothing();
  const service = services.get(prefix);
  const isKnown = service !== undefined && (service.operations?.has(operation) ?? true);
  if (!isKnown && body.bytes.length === 0) throw unknownOperation(services, service, target);
  const protocol = form === "enveloped" ? JSON_PROTOCOL : form;
  const read = form === JSON_PROTOCOL ? service?.readJson?.(operation, body.bytes) : undefined;
  const input = read ?? decodeBody(protocol, body.bytes);
  if (form === "enveloped") throw unknownElsewhere();
  if (!isKnown) throw unknownOperation(services, service, target);
  const { region, accessKeyId } = readCredential(header, queryOf(url));

  const fields = { operation, input, protocol: protocol.name, requestId, region, accessKeyId };
  const output = await handle(service, new ServiceRequest(fields, gone), body);
  if (output instanceof NoAnswer) return output;
  if (output instanceof EventStreamAnswer) {
    const codec = await loadEventStreamCodec();
    const write = (sink: Writable) =>
      writeEvents(output.events, { codec, protocol, sink, signal: gone.signal, log: fail });
    return { status: 200, headers: answerHeaders(EVENT_STREAM_CONTENT_TYPE, requestId), body: write };
  }
  const answer = output instanceof SerializedAnswer ? output.body : encodeOutput(protocol, output);
  return { status: 200, headers: answerHeaders(protocol.contentType, requestId), body: answer };
}

async function handle(service: WireService, request: WireRequest, body: Body): Promise<unknown> {
  try {
    return await service.handle(request);
  } finally {
    // Blobs of CBOR are views of the body, which somebody may still hold.
    if (request.protocol === "json") body.release();
  }
}

function decodeBody(protocol: Protocol, body: Buffer): Record<string, unknown> {
  try {
    return decodeInput(protocol, body);
  } catch (error) {
    // AWS sends the type alone; the reason is ours and quotes nothing of the body.
    throw new WireError("SerializationException", reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof CborError) return `the body is not CBOR that is taken here: ${error.message}`;
  return error instanceof TypeError ? error.message : "the body is not JSON";
}

async function callRoutes(
  routes: readonly HttpRoute[],
  { method, url, header, body, requestId }: ReceivedRequest,
  given: RawRequest["headers"],
): Promise<RawAnswer | undefined> {
  if (routes.length === 0) return undefined;
  const headers = Object.fromEntries(
    Object.keys(given)
      .filter((name) => !name.startsWith(":"))
      .map((name) => [name, header(name) ?? ""]),
  );
  const query = queryOf(url) ?? new URLSearchParams();
  for (const route of routes) {
    const answer = await route({ method, path: pathOf(url), query, headers, body: body.bytes });
    if (answer) return { ...answer, headers: { "x-amzn-requestid": requestId, ...answer.headers } };
  }
  return undefined;
}

function renderRefusal(form: ErrorForm, requestId: string, error: WireError): RawAnswer {
  const { contentType, body } = renderError(form, error);
  const headers = { ...answerHeaders(contentType, requestId), "x-amzn-ErrorType": error.type };
  return { status: error.status, headers, body };
}

/** AWS sends the type alone; the text is ours, because what is missing here has a cure. */
function unknownOperation(
  services: ReadonlyMap<string, WireService>,
  service: WireService | undefined,
  target: string,
): WireError {
  const reason = service
    ? `the local ${service.targetPrefix} has no such operation`
    : `known prefixes: ${[...services.keys()].join(", ")}`;
  return new WireError(
    "UnknownOperationException",
    `nothing here answers the target ${JSON.stringify(target)}; ${reason}`,
  );
}

/** What names an operation, but in no protocol that it is answered in. */
function unknownElsewhere(): WireError {
  return new WireError("UnknownOperationException", "", { status: 404 });
}

function namesNothing(): WireError {
  return new WireError("AccessDeniedException", "Unable to determine service/operation name to be authorized", {
    status: 403,
  });
}

/** What `x-amz-id-2` spells: 72 bytes, as Kinesis sends them. Random once and counted then, since new ones for each answer take long. */
const extendedId = randomBytes(72);

function answerHeaders(contentType: string | undefined, requestId: string): Record<string, string> {
  extendedId.writeUInt32BE((extendedId.readUInt32BE() + 1) >>> 0);
  const ids = { "x-amzn-RequestId": requestId, "x-amz-id-2": extendedId.toString("base64") };
  return contentType === undefined ? ids : { ...ids, "Content-Type": contentType };
}

function headerOf(request: RawRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** By hand, because a request may name what is no URL. */
function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}

function queryOf(url: string): URLSearchParams | undefined {
  const mark = url.indexOf("?");
  return mark < 0 ? undefined : new URLSearchParams(url.slice(mark + 1));
}
