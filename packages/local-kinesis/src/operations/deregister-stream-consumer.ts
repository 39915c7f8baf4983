import { resolveConsumer } from "../consumers/consumer-address.ts";
import type { ConsumerAddress } from "../consumers/consumer-address.ts";
import { defineOperation } from "../operation.ts";
import { consumerAddress } from "../validation/shape.ts";

/** Removes a consumer; subscriptions of it end. */
export const deregisterStreamConsumer = defineOperation<ConsumerAddress>({
  name: "DeregisterStreamConsumer",
  input: consumerAddress,
  async run(context, input) {
    await context.consumers.deregister(resolveConsumer(context, input).consumer);
    return undefined;
  },
});
