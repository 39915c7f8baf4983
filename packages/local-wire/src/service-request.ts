import type { RequestSignal } from "./request-signal.ts";
import type { WireRequest } from "./wire-service.ts";

/** A request as a service gets it, with a signal that is made only if the service looks at it. */
export class ServiceRequest implements WireRequest {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly protocol: "json" | "cbor";
  readonly requestId: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly #gone: RequestSignal;

  constructor(fields: Omit<WireRequest, "signal">, gone: RequestSignal) {
    this.operation = fields.operation;
    this.input = fields.input;
    this.protocol = fields.protocol;
    this.requestId = fields.requestId;
    this.region = fields.region;
    this.accessKeyId = fields.accessKeyId;
    this.#gone = gone;
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }
}
