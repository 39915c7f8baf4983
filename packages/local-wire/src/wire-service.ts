/** One AWS service as functions: what {@link startWireServer} calls for each request whose `X-Amz-Target` bears its prefix. */
export interface WireService {
  /** The part of `X-Amz-Target` before the dot, for example `Kinesis_20131202`. */
  readonly targetPrefix: string;
  /** The names of its operations, if others are to be refused before the caller's credential is looked at, as AWS does. */
  readonly operations?: { has(operation: string): boolean };
  /**
   * Reads the JSON of an operation where that takes less than `JSON.parse` of the whole, to which `undefined` leaves it. What it answers may
   * refer to the body until `handle` has settled, and not after.
   */
  readJson?(operation: string, body: Buffer): Record<string, unknown> | undefined;
  /**
   * Answers one operation. The output is a plain object: a `Uint8Array` is a blob, a `Date` a timestamp, `undefined`
   * members are left out. A `SerializedAnswer` is sent as it stands, an `EventStreamAnswer` event by event, a `NoAnswer`
   * not at all; `undefined` is an empty body.
   * Throws `WireError` for an error of the service; anything else thrown becomes `InternalFailure`, status 500.
   */
  handle(request: WireRequest): Promise<unknown>;
}

/** One decoded request for an operation. */
export interface WireRequest {
  /** The part of `X-Amz-Target` after the dot, for example `PutRecords`. */
  readonly operation: string;
  /** The decoded body. Blobs are base64 strings (JSON, unless `readJson` says otherwise) or `Uint8Array` (CBOR); timestamps are epoch seconds, with a fraction. */
  readonly input: Record<string, unknown>;
  /** How the body came and how the answer leaves. */
  readonly protocol: "json" | "cbor";
  /** Sent back as `x-amzn-requestid`. */
  readonly requestId: string;
  /** The region of the SigV4 credential scope. */
  readonly region: string;
  /** The access key of the SigV4 credential. The signature is not verified. */
  readonly accessKeyId: string;
  /** Aborts when the client goes away or the server closes. */
  readonly signal: AbortSignal;
}

/** A request that names no target, as a route sees it. */
export interface HttpRouteRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** After gzip is undone. */
  readonly body: Uint8Array;
}

/** What a route sends back. */
export interface HttpRouteAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** Answers requests without `X-Amz-Target` (query protocols, control pages), or `undefined` to leave one to the next route. */
export interface HttpRoute {
  (request: HttpRouteRequest): Promise<HttpRouteAnswer | undefined>;
}
