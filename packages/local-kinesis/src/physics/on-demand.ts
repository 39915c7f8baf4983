import { ON_DEMAND_SHARD_COUNT } from "../stream.ts";

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
