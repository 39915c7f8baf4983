import { defineOperation } from "../operation.ts";
import { resolveStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { streamAndKey } from "../validation/shape.ts";

/** Forgets the key of a stream. */
export const stopStreamEncryption = defineOperation<StreamAddress>({
  name: "StopStreamEncryption",
  input: streamAndKey,
  async run(context, input) {
    const { state } = resolveStream(context, input);
    await context.catalogue.update({ ...state, keyId: undefined });
    return undefined;
  },
});
