import type { KinesisContext } from "../context.ts";
import { limitExceeded } from "../errors.ts";
import type { Stream } from "../streams/stream.ts";

/** Consumers of a stream: of any, and of one with On-demand Advantage. Source: Kinesis API reference, RegisterStreamConsumer. */
const MAX_PER_STREAM = 20;
const MAX_WITH_ADVANTAGE = 50;
/** Consumers that are CREATING; that it counts those of all streams is not confirmed. Source: as above. */
const MAX_CREATING = 5;

/** Throws `LimitExceededException` if a stream, or the account, may have no further consumer now. Texts not confirmed on AWS. */
export function checkConsumerLimits(context: KinesisContext, { state }: Stream): void {
  const { account, accountId, region, consumers, enforcesLimits } = context;
  const limit = state.mode === "ON_DEMAND" && account.hasAdvantage() ? MAX_WITH_ADVANTAGE : MAX_PER_STREAM;
  if (consumers.list(state.id).length >= limit) {
    throw limitExceeded(
      `This request would exceed the consumer limit for stream ${state.name} under account ${accountId}. ` +
        `Limit: ${limit}.`,
    );
  }
  if (enforcesLimits && consumers.creatingCount() >= MAX_CREATING) {
    throw limitExceeded(
      "This request would exceed the limit on the number of consumers that can simultaneously be in CREATING for the " +
        `account ${accountId} in ${region}. Limit: ${MAX_CREATING}.`,
    );
  }
}
