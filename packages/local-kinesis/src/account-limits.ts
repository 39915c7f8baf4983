import type { KinesisContext } from "./context.ts";
import { limitExceeded } from "./errors.ts";
import type { StreamMode } from "./stream.ts";

/** Open shards of provisioned streams in an account, eu-west-1. Source: Kinesis developer guide, quotas and limits. */
const SHARD_LIMIT = 20_000;
/** On-demand streams in an account. Source: as above. */
const ON_DEMAND_STREAM_LIMIT = 50;

/** Throws `LimitExceededException` if a new stream, or more shards of one, would exceed what an account may have. */
export function checkLimits(
  context: KinesisContext,
  mode: StreamMode,
  shardCount: number,
  { isNewStream }: { readonly isNewStream: boolean },
): void {
  const streams = context.catalogue.list().filter(({ state }) => state.mode === mode);
  if (mode === "ON_DEMAND") {
    if (!isNewStream || streams.length < ON_DEMAND_STREAM_LIMIT) return;
    // Text not confirmed on AWS.
    throw limitExceeded(
      `This request would exceed the on-demand stream limit for the account ${context.accountId} in ${context.region}. ` +
        `Limit: ${ON_DEMAND_STREAM_LIMIT}.`,
    );
  }
  const current = streams.reduce((sum, stream) => sum + stream.openShards.length, 0);
  if (current + shardCount <= SHARD_LIMIT) return;
  throw limitExceeded(
    `This request would exceed the shard limit for the account ${context.accountId} in ${context.region}. ` +
      `Current shard count for the account: ${current}. Limit: ${SHARD_LIMIT}. Number of additional shards that would ` +
      `have resulted from this request: ${shardCount}. Refer to the AWS Service Limits page ` +
      "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request " +
      "higher limits.",
  );
}
