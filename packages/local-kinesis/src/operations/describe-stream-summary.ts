import { describeStreamState, shownShards } from "../streams/descriptions.ts";
import { defineOperation } from "../operation.ts";
import { resolveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamAddress } from "../validation/shape.ts";
import { describeWarmThroughput } from "../streams/warm-throughput.ts";

/** Describes a stream without its shards. */
export const describeStreamSummary = defineOperation<StreamAddress>({
  name: "DescribeStreamSummary",
  input: streamAddress,
  run(context, input) {
    const stream = resolveStream(context, input);
    return {
      StreamDescriptionSummary: {
        ...describeStreamState(context, stream),
        OpenShardCount: shownShards(context, stream).filter(({ state }) => state.closed === undefined).length,
        ConsumerCount: context.consumers.list(stream.state.id).length,
        ChannelCount: context.channels.ofStream(stream.state.id).length,
        MaxRecordSizeInKiB: stream.state.maxRecordSizeKiB,
        WarmThroughput: describeWarmThroughput(context, stream),
        RecordDistributionStrategy:
          stream.state.mode === "ON_DEMAND" ? (stream.state.recordDistribution ?? "USER_PARTITION_KEY") : undefined,
      },
    };
  },
});
