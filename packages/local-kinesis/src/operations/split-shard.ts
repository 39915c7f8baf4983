import { checkLimits } from "../account/account-limits.ts";
import { requireMode } from "../streams/capacity-mode.ts";
import { invalidArgument } from "../errors.ts";
import { formatHashKey, parseHashKey } from "../streams/hash-key.ts";
import { defineOperation } from "../operation.ts";
import { readShardId, resolveActiveStream, resolveOpenShard } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { hashKey, shardId, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly ShardToSplit: string;
  readonly NewStartingHashKey: string;
}

/** Splits a shard in two. */
export const splitShard = defineOperation<Input>({
  name: "SplitShard",
  input: {
    NewStartingHashKey: { ...hashKey, required: true },
    ...streamAddress,
    ShardToSplit: { ...shardId, required: true },
  },
  async run(context, input) {
    readShardId(context, input, input.ShardToSplit);
    const stream = resolveActiveStream(context, input);
    requireMode(context, stream, "PROVISIONED");
    const shard = resolveOpenShard(context, stream, input.ShardToSplit);
    checkLimits(context, stream.state.mode, 1, { isNewStream: false });
    const { start, end } = shard.state;
    const decimal = input.NewStartingHashKey;
    const key = parseHashKey(decimal);
    if (key === undefined || BigInt(decimal) <= BigInt(`0x${start}`) + 1n || key >= end) {
      throw invalidArgument(
        `NewStartingHashKey ${decimal} used in SplitShard() on shard ${shard.id} in stream ${stream.state.name} under ` +
          `account ${context.accountId} is not both greater than one plus the shard's StartingHashKey ` +
          `${formatHashKey(start)} and less than the shard's EndingHashKey ${formatHashKey(end)}.`,
      );
    }
    await context.lifecycle.reshard(stream.state, { kind: "split", shardIndex: shard.state.index, secondStart: key });
    return undefined;
  },
});
