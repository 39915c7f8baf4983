import { defineOperation } from "../operation.ts";
import { resolveStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { streamAddress } from "../validation/shape.ts";

/** Removes a stream at once, its records in the background. */
export const deleteStream = defineOperation<StreamAddress>({
  name: "DeleteStream",
  input: { ...streamAddress, EnforceConsumerDeletion: { type: "Boolean" } },
  async run(context, input) {
    const { catalogue, writer } = context;
    await catalogue.remove(resolveStream(context, input), () => writer.settled());
    return undefined;
  },
});
