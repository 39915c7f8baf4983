import type { WireRequest } from "@millrace/local-wire";
import type { KinesisContext } from "./context.ts";
import { REQUEST_RATES } from "./physics/request-rates.ts";
import { inAwsOrder } from "./validation/aws-order.ts";
import { checkConstraints } from "./validation/check-constraints.ts";
import { checkTypes } from "./validation/check-types.ts";
import type { Members } from "./validation/shape.ts";

/** One operation of the API. */
export interface Operation {
  readonly name: string;
  /** In the order of AWS's errors. */
  readonly input: Members;
  /** As of `WireService`. */
  readJson(body: Buffer): Record<string, unknown> | undefined;
  run(context: KinesisContext, request: WireRequest): Promise<unknown>;
}

/**
 * An operation whose input has this shape: `run` sees it only after types and constraints hold, so `Input` may be
 * taken at its word. `isOrdinary` recognises inputs that need no such check, for operations that are called often. `readJson`
 * reads bodies faster than `JSON.parse`, with blobs that only such inputs may have; what it cannot read it leaves.
 * A call counts towards the rate of the operation once its input has passed; that AWS does it in this order is not
 * confirmed.
 */
export function defineOperation<Input>(definition: {
  readonly name: string;
  readonly input: Members;
  readonly readJson?: (body: Buffer) => Record<string, unknown> | undefined;
  readonly isOrdinary?: (input: Record<string, unknown>) => boolean;
  readonly run: (context: KinesisContext, input: Input, request: WireRequest) => Promise<unknown> | unknown;
}): Operation {
  const input = inAwsOrder(definition.input);
  const { name } = definition;
  const isRated = name in REQUEST_RATES;
  return {
    name,
    input,
    readJson(body) {
      const read = definition.readJson?.(body);
      return read && definition.isOrdinary?.(read) ? read : undefined;
    },
    async run(context, request) {
      if (!definition.isOrdinary?.(request.input)) {
        checkTypes(request.input, input);
        checkConstraints(request.input, input);
      }
      if (isRated) context.limits.requests.admit(context, name, request.input);
      return definition.run(context, request.input as Input, request);
    },
  };
}
