import { checkLimits } from "../account/account-limits.ts";
import { checkNoChannels } from "../channels/channel-address.ts";
import type { KinesisContext } from "../context.ts";
import { countChange } from "../streams/daily-allowance.ts";
import { invalidArgument } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { checkDistribution } from "../streams/record-distribution.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { Stream, StreamMode } from "../streams/stream.ts";
import { streamArn, streamId, streamModeDetails, warmThroughputMiBps } from "../validation/shape.ts";
import { checkWarmThroughput, warmStream } from "../streams/warm-throughput.ts";

interface Input {
  readonly StreamARN: string;
  readonly StreamModeDetails: { readonly StreamMode: StreamMode };
  readonly WarmThroughputMiBps?: number | null;
}

/** Changes the capacity mode; the shards stay as they are. That the mode a stream has already is no error is not confirmed on AWS. */
export const updateStreamMode = defineOperation<Input>({
  name: "UpdateStreamMode",
  input: {
    StreamARN: { ...streamArn, required: true },
    StreamId: streamId,
    StreamModeDetails: { ...streamModeDetails, required: true },
    WarmThroughputMiBps: warmThroughputMiBps,
  },
  async run(context, input) {
    const stream = resolveActiveStream(context, { StreamARN: input.StreamARN });
    const mode = input.StreamModeDetails.StreamMode;
    const warm = input.WarmThroughputMiBps ?? undefined;
    if (mode === "PROVISIONED") checkProvisionable(context, stream, warm);
    else if (warm !== undefined) checkWarmThroughput(context, warm);
    const { state, openShards } = stream;
    if (mode !== state.mode) checkLimits(context, mode, openShards.length, { isNewStream: true });
    const changed =
      mode === state.mode
        ? state
        : { ...countChange(context, state, "updateMode"), mode, warmThroughputMiBps: undefined };
    if (warm !== undefined) await warmStream(context, changed, stream, warm);
    else if (changed !== state) await context.lifecycle.update(changed);
    return undefined;
  },
});

/** What an on-demand stream has that a provisioned one cannot keep. Neither the errors nor their texts are confirmed on AWS. */
function checkProvisionable(context: KinesisContext, { state }: Stream, warm: number | undefined): void {
  if (warm !== undefined) throw invalidArgument("WarmThroughputMiBps can only be set for On-Demand StreamMode");
  checkDistribution(context, { ...state, mode: "PROVISIONED" }, state.recordDistribution ?? "USER_PARTITION_KEY");
  checkNoChannels(context, state);
}
