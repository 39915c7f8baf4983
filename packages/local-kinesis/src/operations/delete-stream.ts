import { checkNoChannels } from "../channels/channel-address.ts";
import { resourceInUse, streamNotActive } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { resolveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { streamStatus } from "../streams/stream.ts";
import { streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly EnforceConsumerDeletion?: boolean | null;
}

/** Removes a stream, also one that is CREATING, and its consumers; its records leave the disk in the background. */
export const deleteStream = defineOperation<Input>({
  name: "DeleteStream",
  input: { ...streamAddress, EnforceConsumerDeletion: { type: "Boolean" } },
  async run(context, input) {
    const { accountId, consumers, lifecycle } = context;
    const stream = resolveStream(context, input);
    const status = streamStatus(stream.state);
    if (status !== "ACTIVE" && status !== "CREATING") throw streamNotActive(stream.state.name, accountId, status);
    const { id, name } = stream.state;
    checkNoChannels(context, stream.state);
    const registered = consumers.list(id);
    if (registered.length > 0 && input.EnforceConsumerDeletion !== true) {
      // Text: rebuy-de/aws-nuke#497 and hashicorp/terraform-provider-aws#8420.
      throw resourceInUse(
        `DeleteStream can’t delete ${accountId}:${name} because there are consumers associated with this data stream. ` +
          `To delete ${name} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the ` +
          "consumers that are associated with it.",
      );
    }
    await Promise.all([lifecycle.remove(stream), ...registered.map((consumer) => consumers.deregister(consumer))]);
    return undefined;
  },
});
