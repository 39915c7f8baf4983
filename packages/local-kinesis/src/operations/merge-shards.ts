import { requireMode } from "../streams/capacity-mode.ts";
import { invalidArgument } from "../errors.ts";
import { hashKeyBefore } from "../streams/hash-key.ts";
import { defineOperation } from "../operation.ts";
import { readShardId, resolveActiveStream, resolveOpenShard } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { shardId, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly ShardToMerge: string;
  readonly AdjacentShardToMerge: string;
}

/** Merges two neighbours, the one with the lower hash keys given first. */
export const mergeShards = defineOperation<Input>({
  name: "MergeShards",
  input: {
    ShardToMerge: { ...shardId, required: true },
    AdjacentShardToMerge: { ...shardId, required: true },
    ...streamAddress,
  },
  async run(context, input) {
    for (const id of [input.ShardToMerge, input.AdjacentShardToMerge]) readShardId(context, input, id);
    const stream = resolveActiveStream(context, input);
    requireMode(context, stream, "PROVISIONED");
    const left = resolveOpenShard(context, stream, input.ShardToMerge);
    const right = resolveOpenShard(context, stream, input.AdjacentShardToMerge);
    if (left === right || right.state.start <= left.state.end || hashKeyBefore(right.state.start) !== left.state.end) {
      throw invalidArgument(
        `Shards ${left.id} and ${right.id} in stream ${stream.state.name} under account ${context.accountId} ` +
          "are not an adjacent pair of shards eligible for merging",
      );
    }
    await context.lifecycle.reshard(stream.state, { kind: "merge", left: left.state.index, right: right.state.index });
    return undefined;
  },
});
