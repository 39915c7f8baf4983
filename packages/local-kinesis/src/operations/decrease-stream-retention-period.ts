import { invalidArgument } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { checkRetentionHours } from "../streams/retention-period.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly RetentionPeriodHours: number;
}

/** Keeps records for less long. What is too old by the new period cannot be read from now on. */
export const decreaseStreamRetentionPeriod = defineOperation<Input>({
  name: "DecreaseStreamRetentionPeriod",
  input: { ...streamAddress, RetentionPeriodHours: { type: "Integer", required: true } },
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    const hours = input.RetentionPeriodHours;
    checkRetentionHours(hours);
    if (state.retentionHours < hours) {
      throw invalidArgument(
        `Requested retention period (${hours} hours) for stream ${state.name} can not be longer than existing ` +
          `retention period (${state.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
      );
    }
    await context.lifecycle.update({ ...state, retentionHours: hours });
    return undefined;
  },
});
