import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { streamAndKey } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly KeyId: string;
}

/** Notes the key of a stream. Nothing is encrypted, and whether the key exists is not asked. */
export const startStreamEncryption = defineOperation<Input>({
  name: "StartStreamEncryption",
  input: streamAndKey,
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    await context.lifecycle.update({ ...state, keyId: input.KeyId });
    return undefined;
  },
});
