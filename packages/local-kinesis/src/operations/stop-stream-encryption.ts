import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { streamAndKey } from "../validation/shape.ts";

/** Forgets the key of a stream. */
export const stopStreamEncryption = defineOperation<StreamAddress>({
  name: "StopStreamEncryption",
  input: streamAndKey,
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    await context.lifecycle.update({ ...state, keyId: undefined });
    return undefined;
  },
});
