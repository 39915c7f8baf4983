import { resolveChannel } from "../channels/channel-address.ts";
import { describeChannel as describe } from "../channels/channel.ts";
import { defineOperation } from "../operation.ts";
import { channelArn } from "../validation/shape.ts";

/** Describes a channel. */
export const describeChannel = defineOperation<{ readonly ChannelARN: string }>({
  name: "DescribeChannel",
  input: { ChannelARN: channelArn },
  run(context, input) {
    return { ChannelDescription: describe(context, resolveChannel(context, input.ChannelARN)) };
  },
});
