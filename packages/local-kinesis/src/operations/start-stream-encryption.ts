import { countChange } from "../streams/daily-allowance.ts";
import { checkKey } from "../streams/kms-key.ts";
import type { KeyInput } from "../streams/kms-key.ts";
import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamAndKey } from "../validation/shape.ts";

/** Notes the key of a stream. Nothing is encrypted, and whether the key exists is not asked. */
export const startStreamEncryption = defineOperation<StreamAddress & KeyInput>({
  name: "StartStreamEncryption",
  input: streamAndKey,
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    checkKey(input);
    await context.lifecycle.update({ ...countChange(context, state, "startEncryption"), keyId: input.KeyId });
    return undefined;
  },
});
