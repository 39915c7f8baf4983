import { checkConsumerLimits } from "../consumers/consumer-limits.ts";
import { describeConsumer } from "../consumers/consumer.ts";
import { resourceInUse } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { resolveStream } from "../streams/stream-address.ts";
import { streamStatus } from "../streams/stream.ts";
import { addTags } from "../resources/tags.ts";
import type { Tags } from "../resources/tags.ts";
import { consumerName, streamArn, streamId, tagMap } from "../validation/shape.ts";

interface Input {
  readonly StreamARN: string;
  readonly ConsumerName: string;
  readonly Tags?: Tags | null;
}

/** Registers a consumer with enhanced fan-out. */
export const registerStreamConsumer = defineOperation<Input>({
  name: "RegisterStreamConsumer",
  input: {
    StreamARN: { ...streamArn, required: true },
    ConsumerName: { ...consumerName, required: true },
    StreamId: streamId,
    Tags: tagMap,
  },
  async run(context, input) {
    const { accountId, consumers } = context;
    const name = input.ConsumerName;
    const stream = resolveStream(context, { StreamARN: input.StreamARN });
    const { id: streamId, name: streamName } = stream.state;
    const status = streamStatus(stream.state);
    if (status === "CREATING" || status === "DELETING") {
      // Text: aws/aws-sdk-java-v2#5949.
      throw resourceInUse(
        `Stream ${streamName} under account ${accountId} not ACTIVE or UPDATING, instead in state ${status}`,
      );
    }
    if (consumers.find(streamId, name)) {
      // Text not confirmed on AWS.
      throw resourceInUse(`Consumer ${name} under stream ${streamName} and account ${accountId} already exists.`);
    }
    checkConsumerLimits(context, stream);
    const tags = addTags(context, { name, tags: {}, kind: "consumer" }, input.Tags ?? {});
    return { Consumer: describeConsumer(context, stream, await consumers.register({ streamId, name, tags })) };
  },
});
