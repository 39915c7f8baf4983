import type { BodyBytes } from "./body-bytes.ts";

/**
 * An answer that is already text or bytes in the protocol of its request (`WireRequest.protocol`): for operations
 * whose answers are too hot to be walked as objects. The server adds the headers and sends the body as it stands.
 */
export class SerializedAnswer {
  readonly body: BodyBytes;

  constructor(body: BodyBytes) {
    this.body = body;
  }
}
