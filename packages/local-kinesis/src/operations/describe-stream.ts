import { describeShard, describeStreamState, shownShards } from "../streams/descriptions.ts";
import { defineOperation } from "../operation.ts";
import { resolveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { pageSize, shardId, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly Limit?: number | null;
  readonly ExclusiveStartShardId?: string | null;
}

/** The most shards of a page, and how many there are unless fewer are asked for. Source: Kinesis API reference, DescribeStream. */
const MAX_LIMIT = 100;

/** Describes a stream and a page of its shards. */
export const describeStream = defineOperation<Input>({
  name: "DescribeStream",
  input: {
    ...streamAddress,
    Limit: pageSize,
    ExclusiveStartShardId: shardId,
  },
  run(context, input) {
    const stream = resolveStream(context, input);
    const shards = shownShards(context, stream).filter(({ id }) => id > (input.ExclusiveStartShardId ?? ""));
    const limit = Math.min(input.Limit ?? MAX_LIMIT, MAX_LIMIT);
    return {
      StreamDescription: {
        ...describeStreamState(context, stream),
        Shards: shards.slice(0, limit).map(describeShard),
        HasMoreShards: shards.length > limit,
      },
    };
  },
});
