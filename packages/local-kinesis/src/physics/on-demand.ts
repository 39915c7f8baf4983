import type { KinesisContext } from "../context.ts";
import { ON_DEMAND_SHARD_COUNT } from "../streams/stream.ts";
import type { Stream } from "../streams/stream.ts";

/** Where on-demand streams grow to 10 GB/s, elsewhere to 200 MB/s. Source: Kinesis developer guide, quotas and limits. */
const LARGE_REGIONS: readonly string[] = ["us-east-1", "us-west-2", "eu-west-1"];
const LARGE_REGION_MIBPS = 10 * 1024;
const OTHER_REGION_MIBPS = 200;

/** The most MiB/s that an on-demand stream of a region takes without a raised quota; it has a shard for each. */
export function maxOnDemandThroughput(region: string): number {
  return LARGE_REGIONS.includes(region) ? LARGE_REGION_MIBPS : OTHER_REGION_MIBPS;
}

/** The shards of an on-demand stream that is to take so many MiB/s: one for each, no fewer than a new stream has. */
export function shardCountForThroughput(mibps: number): number {
  return Math.max(ON_DEMAND_SHARD_COUNT, Math.ceil(mibps));
}

/**
 * Splits the shards of an on-demand stream that are due for it, as far as its region allows, and puts it through UPDATING
 * meanwhile. A stream in another mode or state is left alone.
 *
 * Nothing else grows a stream and nothing shrinks it: its shards themselves are the memory of the peak it has seen. AWS
 * promises to keep capacity for twice the peak of 30 days and does not say when it takes the rest away.
 */
export async function scaleOnDemand(
  { lifecycle, region }: KinesisContext,
  { state, openShards }: Stream,
  now: number,
): Promise<void> {
  if (state.mode !== "ON_DEMAND" || state.transition) return;
  const room = Math.max(0, maxOnDemandThroughput(region) - openShards.length);
  const due = openShards.filter(({ limits }) => limits.traffic.isDueForSplit(now)).slice(0, room);
  if (due.length === 0) return;
  await lifecycle.reshard(state, { kind: "halve", shardIndexes: due.map((shard) => shard.state.index) });
}
