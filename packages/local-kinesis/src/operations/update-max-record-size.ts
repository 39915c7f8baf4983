import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { maxRecordSizeInKiB, streamArn, streamId } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly MaxRecordSizeInKiB: number;
}

/** Changes how large a record may be. Larger ones that are there already stay. */
export const updateMaxRecordSize = defineOperation<Input>({
  name: "UpdateMaxRecordSize",
  input: { StreamARN: streamArn, StreamId: streamId, MaxRecordSizeInKiB: { ...maxRecordSizeInKiB, required: true } },
  async run(context, input) {
    const { state } = resolveActiveStream(context, { StreamARN: input.StreamARN });
    await context.lifecycle.update({ ...state, maxRecordSizeKiB: input.MaxRecordSizeInKiB });
    return undefined;
  },
});
