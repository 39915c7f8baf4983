import type { KinesisContext } from "../context.ts";
import { limitExceeded, validationFailed } from "../errors.ts";
import { maxOnDemandThroughput, shardCountForThroughput } from "../physics/on-demand.ts";
import type { Stream, StreamState } from "./stream.ts";

/**
 * Throws unless the account may ask for so much warm throughput: `ValidationException` without On-demand Advantage,
 * `LimitExceededException` above what a stream of the region takes. Texts not confirmed on AWS.
 */
export function checkWarmThroughput({ account, accountId, region }: KinesisContext, mibps: number): void {
  if (!account.hasAdvantage()) {
    throw validationFailed(
      `Warm throughput is only supported with MinimumThroughputBillingCommitment, which account ${accountId} has not enabled.`,
    );
  }
  const most = maxOnDemandThroughput(region);
  if (mibps > most) {
    throw limitExceeded(`WarmThroughputMiBps ${mibps} exceeds the limit of ${most} MiBps in ${region}.`);
  }
}

/** Scales an on-demand stream to as many shards as the throughput takes, up or down. */
export async function warmStream(
  { lifecycle }: KinesisContext,
  state: StreamState,
  { openShards }: Stream,
  mibps: number,
): Promise<void> {
  const warm = { ...state, warmThroughputMiBps: mibps };
  const count = shardCountForThroughput(mibps);
  if (count === openShards.length) await lifecycle.update(warm);
  else await lifecycle.reshard(warm, { kind: "rescale", count });
}

/**
 * `WarmThroughput` of the API, which on-demand streams of accounts with On-demand Advantage have: what the stream takes
 * now, 1 MiB/s a shard, and what it was last asked to take. What AWS shows of a stream that was never asked is not confirmed.
 */
export function describeWarmThroughput({ account }: KinesisContext, { state, openShards }: Stream) {
  if (state.mode !== "ON_DEMAND" || !account.hasAdvantage()) return undefined;
  return { TargetMiBps: state.warmThroughputMiBps, CurrentMiBps: openShards.length };
}
