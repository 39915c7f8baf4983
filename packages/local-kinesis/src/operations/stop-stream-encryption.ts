import { defineOperation } from "../operation.ts";
import { resolveStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { streamAddress } from "../validation/shape.ts";

/** Forgets the key of a stream. */
export const stopStreamEncryption = defineOperation<StreamAddress>({
  name: "StopStreamEncryption",
  input: {
    ...streamAddress,
    EncryptionType: { type: "String", required: true, values: ["NONE", "KMS"] },
    KeyId: { type: "String", required: true, minLength: 1, maxLength: 2048 },
  },
  async run(context, input) {
    const { state } = resolveStream(context, input);
    await context.catalogue.update({ ...state, keyId: undefined });
    return undefined;
  },
});
