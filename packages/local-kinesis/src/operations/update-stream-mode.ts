import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../stream-address.ts";
import type { StreamMode } from "../stream.ts";
import { streamArn, streamModeDetails } from "../validation/shape.ts";

interface Input {
  readonly StreamARN: string;
  readonly StreamModeDetails: { readonly StreamMode: StreamMode };
}

/** Changes the capacity mode; the shards stay as they are. AWS allows two changes in 24 hours, here there is no such limit. */
export const updateStreamMode = defineOperation<Input>({
  name: "UpdateStreamMode",
  input: {
    StreamARN: { ...streamArn, required: true },
    StreamModeDetails: { ...streamModeDetails, required: true },
  },
  async run(context, input) {
    const { state } = resolveActiveStream(context, { StreamARN: input.StreamARN });
    await context.lifecycle.update({ ...state, mode: input.StreamModeDetails.StreamMode });
    return undefined;
  },
});
