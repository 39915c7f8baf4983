import type { KinesisContext } from "../context.ts";
import { limitExceeded } from "../errors.ts";
import type { Stream } from "../stream.ts";

/** Consumers of a stream, and of all streams in CREATING. Source: Kinesis API reference, RegisterStreamConsumer. */
const MAX_PER_STREAM = 20;
const MAX_CREATING = 5;

/** Throws `LimitExceededException` if a stream, or the account, may have no further consumer now. Texts not confirmed on AWS. */
export function checkConsumerLimits(context: KinesisContext, { state }: Stream): void {
  const { accountId, region, consumers } = context;
  if (consumers.list(state.id).length >= MAX_PER_STREAM) {
    throw limitExceeded(
      `This request would exceed the consumer limit for stream ${state.name} under account ${accountId}. ` +
        `Limit: ${MAX_PER_STREAM}.`,
    );
  }
  if (consumers.creatingCount() >= MAX_CREATING) {
    throw limitExceeded(
      "This request would exceed the limit on the number of consumers that can simultaneously be in CREATING for the " +
        `account ${accountId} in ${region}. Limit: ${MAX_CREATING}.`,
    );
  }
}
