import type { KinesisContext } from "../context.ts";
import { limitExceeded } from "../errors.ts";
import { streamStatus } from "../streams/stream.ts";
import type { StreamMode } from "../streams/stream.ts";

/** Open shards of provisioned streams in an account, eu-west-1. Source: Kinesis developer guide, quotas and limits. */
export const SHARD_LIMIT = 20_000;
/** On-demand streams in an account. Source: as above. */
export const ON_DEMAND_STREAM_LIMIT = 50;
/** Channels of a stream: one to S3, one to S3 Tables. Source: Kinesis developer guide, delivery quotas and limits. */
const CHANNELS_OF_A_STREAM = 2;
/** Channels in an account: no limit of its own, but those of its on-demand streams. Source: as above. */
export const CHANNEL_LIMIT = ON_DEMAND_STREAM_LIMIT * CHANNELS_OF_A_STREAM;
/** Streams that are CREATING or DELETING. Source: as the text below. */
const TRANSIENT_STREAM_LIMIT = 5;

/** Open shards of the account's provisioned streams. That those of on-demand streams do not count is not confirmed on AWS. */
export function countProvisionedShards({ catalogue }: KinesisContext): number {
  return catalogue
    .list()
    .filter(({ state }) => state.mode === "PROVISIONED")
    .reduce((sum, stream) => sum + stream.openShards.length, 0);
}

/** Throws `LimitExceededException` if a stream that is new in its mode, or more shards of one, would exceed what an account may have. */
export function checkLimits(
  context: KinesisContext,
  mode: StreamMode,
  shardCount: number,
  { isNewStream }: { readonly isNewStream: boolean },
): void {
  const { accountId, region } = context;
  if (mode === "ON_DEMAND") {
    const count = context.catalogue.list().filter(({ state }) => state.mode === mode).length;
    if (!isNewStream || count < ON_DEMAND_STREAM_LIMIT) return;
    // Text not confirmed on AWS.
    throw limitExceeded(
      `This request would exceed the on-demand stream limit for the account ${accountId} in ${region}. ` +
        `Limit: ${ON_DEMAND_STREAM_LIMIT}.`,
    );
  }
  const current = countProvisionedShards(context);
  if (current + shardCount <= SHARD_LIMIT) return;
  throw limitExceeded(
    `This request would exceed the shard limit for the account ${accountId} in ${region}. ` +
      `Current shard count for the account: ${current}. Limit: ${SHARD_LIMIT}. Number of additional shards that would ` +
      `have resulted from this request: ${shardCount}. Refer to the AWS Service Limits page ` +
      "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request " +
      "higher limits.",
  );
}

/** Throws `LimitExceededException` if as many streams are CREATING or DELETING as may be, unless limits are off. */
export function checkTransientStreams({ catalogue, accountId, enforcesLimits }: KinesisContext): void {
  if (!enforcesLimits) return;
  const transient = catalogue.list().filter(({ state }) => /^(CREATING|DELETING)$/.test(streamStatus(state)));
  if (transient.length < TRANSIENT_STREAM_LIMIT) return;
  // Text with its two spaces: hashicorp/terraform-provider-aws#1339.
  throw limitExceeded(
    "This request would have exceed the limit on the number  of streams that can simultaneously be in CREATING or " +
      `DELETING for the account ${accountId}. Limit: ${TRANSIENT_STREAM_LIMIT}.`,
  );
}
