import { invalidArgument } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { checkRetentionHours } from "../streams/retention-period.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { retentionStart } from "../streams/stream.ts";
import { streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly RetentionPeriodHours: number;
}

/** Keeps records for longer, those that have not yet left. The period a stream has already is no error. */
export const increaseStreamRetentionPeriod = defineOperation<Input>({
  name: "IncreaseStreamRetentionPeriod",
  input: { ...streamAddress, RetentionPeriodHours: { type: "Integer", required: true } },
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    const hours = input.RetentionPeriodHours;
    checkRetentionHours(hours);
    if (state.retentionHours > hours) {
      throw invalidArgument(
        `Requested retention period (${hours} hours) for stream ${state.name} can not be shorter than existing ` +
          `retention period (${state.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      );
    }
    const trimmedBefore = retentionStart(state, context.now());
    await context.lifecycle.update({ ...state, retentionHours: hours, trimmedBefore });
    return undefined;
  },
});
