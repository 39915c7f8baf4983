import { defineOperation } from "../operation.ts";
import { expandMetrics, setShardLevelMetrics } from "../streams/shard-level-metrics.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamAndMetrics } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly ShardLevelMetrics: readonly string[];
}

/** Turns shard-level metrics of a stream off. */
export const disableEnhancedMonitoring = defineOperation<Input>({
  name: "DisableEnhancedMonitoring",
  input: streamAndMetrics,
  run(context, input) {
    const { state } = resolveActiveStream(context, input);
    const disabled = expandMetrics(input.ShardLevelMetrics);
    const desired = (state.shardLevelMetrics ?? []).filter((metric) => !disabled.includes(metric));
    return setShardLevelMetrics(context, state, desired);
  },
});
