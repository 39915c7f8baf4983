import { resolveChannel } from "../channels/channel-address.ts";
import { defineOperation } from "../operation.ts";
import { channelArn } from "../validation/shape.ts";

/** Removes a channel, whatever its state: `ResourceInUseException` is no error of this operation. */
export const deleteChannel = defineOperation<{ readonly ChannelARN: string }>({
  name: "DeleteChannel",
  input: { ChannelARN: channelArn },
  async run(context, input) {
    await context.channels.remove(resolveChannel(context, input.ChannelARN));
    return undefined;
  },
});
