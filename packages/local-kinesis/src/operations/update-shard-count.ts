import { checkLimits } from "../account/account-limits.ts";
import { requireMode } from "../streams/capacity-mode.ts";
import type { KinesisContext } from "../context.ts";
import { countChange } from "../streams/daily-allowance.ts";
import { limitExceeded } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { formatStreamArn, resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import type { Stream } from "../streams/stream.ts";
import { streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly TargetShardCount: number;
}

/** Source: Kinesis API reference, UpdateShardCount. */
const MAX_SHARDS = 10_000;

/** Splits and merges to so many shards of even ranges. */
export const updateShardCount = defineOperation<Input>({
  name: "UpdateShardCount",
  input: {
    ScalingType: { type: "String", required: true, values: ["UNIFORM_SCALING"] },
    ...streamAddress,
    TargetShardCount: { type: "Integer", required: true, min: 1 },
  },
  async run(context, input) {
    const stream = resolveActiveStream(context, input);
    requireMode(context, stream, "PROVISIONED");
    const target = input.TargetShardCount;
    const current = stream.openShards.length;
    checkTarget(context, stream, target);
    if (target !== current) {
      const state = countChange(context, stream.state, "updateShardCount");
      await context.lifecycle.reshard(state, { kind: "rescale", count: target });
    }
    return {
      StreamName: stream.state.name,
      StreamARN: formatStreamArn(context, stream.state.name),
      CurrentShardCount: current,
      TargetShardCount: target,
    };
  },
});

/** The rules are the API reference's (UpdateShardCount); the texts are not confirmed on AWS. */
function checkTarget(context: KinesisContext, { state, openShards }: Stream, target: number): void {
  const current = openShards.length;
  if (target > current * 2 || target < current / 2) {
    throw limitExceeded(
      `UpdateShardCount cannot scale ${target > current ? "up over double" : "down below half"} your current open shard ` +
        `count. Current open shard count: ${current} Target shard count: ${target}`,
    );
  }
  if (target > MAX_SHARDS || (current > MAX_SHARDS && target === MAX_SHARDS)) {
    throw limitExceeded(`UpdateShardCount cannot scale a stream to more than ${MAX_SHARDS} shards.`);
  }
  checkLimits(context, state.mode, target - current, { isNewStream: false });
}
