import { defineOperation } from "../operation.ts";
import { checkDistribution } from "../streams/record-distribution.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { RecordDistribution } from "../streams/stream.ts";
import { recordDistributionStrategy, streamArn, streamId } from "../validation/shape.ts";

interface Input {
  readonly StreamARN: string;
  readonly RecordDistributionStrategy: RecordDistribution;
}

/** Changes who chooses the shard of a record. It holds at once; that the stream stays ACTIVE is not confirmed on AWS. */
export const updateStreamRecordDistributionStrategy = defineOperation<Input>({
  name: "UpdateStreamRecordDistributionStrategy",
  input: {
    StreamARN: { ...streamArn, required: true },
    StreamId: streamId,
    RecordDistributionStrategy: { ...recordDistributionStrategy, required: true },
  },
  async run(context, input) {
    const { state } = resolveActiveStream(context, { StreamARN: input.StreamARN });
    checkDistribution(context, state, input.RecordDistributionStrategy);
    await context.catalogue.update({ ...state, recordDistribution: input.RecordDistributionStrategy });
    return undefined;
  },
});
