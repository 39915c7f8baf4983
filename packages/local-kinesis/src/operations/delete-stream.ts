import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { streamAddress } from "../validation/shape.ts";

/** Removes a stream; its records leave the disk in the background. */
export const deleteStream = defineOperation<StreamAddress>({
  name: "DeleteStream",
  input: { ...streamAddress, EnforceConsumerDeletion: { type: "Boolean" } },
  async run(context, input) {
    await context.lifecycle.remove(resolveActiveStream(context, input));
    return undefined;
  },
});
