import { requireMode } from "../streams/capacity-mode.ts";
import { defineOperation } from "../operation.ts";
import { formatStreamArn, resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamAddress, warmThroughputMiBps } from "../validation/shape.ts";
import { checkWarmThroughput, describeWarmThroughput, warmStream } from "../streams/warm-throughput.ts";

interface Input extends StreamAddress {
  readonly WarmThroughputMiBps: number;
}

/** Scales an on-demand stream ahead of its traffic. */
export const updateStreamWarmThroughput = defineOperation<Input>({
  name: "UpdateStreamWarmThroughput",
  input: { ...streamAddress, WarmThroughputMiBps: { ...warmThroughputMiBps, required: true } },
  async run(context, input) {
    const stream = resolveActiveStream(context, input);
    requireMode(context, stream, "ON_DEMAND");
    checkWarmThroughput(context, input.WarmThroughputMiBps);
    await warmStream(context, stream.state, stream, input.WarmThroughputMiBps);
    return {
      StreamName: stream.state.name,
      StreamARN: formatStreamArn(context, stream.state.name),
      WarmThroughput: { ...describeWarmThroughput(context, stream), TargetMiBps: input.WarmThroughputMiBps },
    };
  },
});
