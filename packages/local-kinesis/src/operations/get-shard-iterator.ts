import { endDryRun } from "../dry-run.ts";
import { defineOperation } from "../operation.ts";
import { iteratorRateExceeded } from "../physics/rate-exceeded.ts";
import { formatShardIterator } from "../records/shard-iterator.ts";
import { POSITION_TYPES, findStart } from "../records/starting-position.ts";
import type { StartingPosition } from "../records/starting-position.ts";
import { resolveReadyShard } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { dryRun, sequenceNumber, shardId, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly ShardId: string;
  readonly ShardIteratorType: StartingPosition["type"];
  readonly StartingSequenceNumber?: string | null;
  /** Epoch seconds. */
  readonly Timestamp?: number | null;
  readonly DryRun?: boolean | null;
}

/** Answers a place in a shard as an iterator. */
export const getShardIterator = defineOperation<Input>({
  name: "GetShardIterator",
  input: {
    ShardId: { ...shardId, required: true },
    ShardIteratorType: { type: "String", required: true, values: POSITION_TYPES },
    StartingSequenceNumber: sequenceNumber,
    ...streamAddress,
    Timestamp: { type: "Timestamp" },
    DryRun: dryRun,
  },
  run(context, input) {
    const { stream, shard } = resolveReadyShard(context, input, input.ShardId);
    const now = context.now();
    if (!shard.limits.admitIterator(now)) {
      throw iteratorRateExceeded({ shardId: shard.id, streamName: stream.state.name, accountId: context.accountId });
    }
    const wanted = {
      type: input.ShardIteratorType,
      sequenceNumber: input.StartingSequenceNumber,
      timestamp: input.Timestamp,
    };
    const index = findStart(context, stream, shard, wanted, "GetShardIterator");
    endDryRun(input);
    const { id: streamId, name: streamName } = stream.state;
    const position = { streamId, streamName, shardIndex: shard.state.index, index };
    return { ShardIterator: formatShardIterator(context.seal, now, position) };
  },
});
