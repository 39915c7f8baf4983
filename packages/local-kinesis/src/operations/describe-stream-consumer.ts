import { resolveConsumer } from "../consumers/consumer-address.ts";
import type { ConsumerAddress } from "../consumers/consumer-address.ts";
import { describeConsumer } from "../consumers/consumer.ts";
import { defineOperation } from "../operation.ts";
import { formatStreamArn } from "../streams/stream-address.ts";
import { consumerAddress } from "../validation/shape.ts";

/** Describes a consumer. */
export const describeStreamConsumer = defineOperation<ConsumerAddress>({
  name: "DescribeStreamConsumer",
  input: consumerAddress,
  run(context, input) {
    const { stream, consumer } = resolveConsumer(context, input);
    return {
      ConsumerDescription: {
        ...describeConsumer(context, stream, consumer),
        StreamARN: formatStreamArn(context, stream.state.name),
      },
    };
  },
});
