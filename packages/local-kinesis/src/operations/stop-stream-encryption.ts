import { countChange } from "../streams/daily-allowance.ts";
import { checkKey } from "../streams/kms-key.ts";
import type { KeyInput } from "../streams/kms-key.ts";
import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamAndKey } from "../validation/shape.ts";

/** Forgets the key of a stream. */
export const stopStreamEncryption = defineOperation<StreamAddress & KeyInput>({
  name: "StopStreamEncryption",
  input: streamAndKey,
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    checkKey(input);
    await context.lifecycle.update({ ...countChange(context, state, "stopEncryption"), keyId: undefined });
    return undefined;
  },
});
