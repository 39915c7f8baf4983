import { defineOperation } from "../operation.ts";
import { expandMetrics, setShardLevelMetrics } from "../streams/shard-level-metrics.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamAndMetrics } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly ShardLevelMetrics: readonly string[];
}

/** Turns shard-level metrics of a stream on. */
export const enableEnhancedMonitoring = defineOperation<Input>({
  name: "EnableEnhancedMonitoring",
  input: streamAndMetrics,
  run(context, input) {
    const { state } = resolveActiveStream(context, input);
    const desired = expandMetrics([...(state.shardLevelMetrics ?? []), ...input.ShardLevelMetrics]);
    return setShardLevelMetrics(context, state, desired);
  },
});
