import { formatStreamArn } from "./stream-address.ts";
import type { KinesisContext } from "../context.ts";
import type { StreamState } from "./stream.ts";
import { streamAndMetrics } from "../validation/shape.ts";

const ALL = "ALL";
const METRICS = streamAndMetrics.ShardLevelMetrics.member.values.filter((name) => name !== ALL);

/** The metrics that names stand for, in the order of the API reference: `ALL` is each of them. */
export function expandMetrics(names: readonly string[]): readonly string[] {
  return METRICS.filter((metric) => names.includes(metric) || names.includes(ALL));
}

/** Changes which metrics a stream has, and answers what it had and has. Nothing is measured here. */
export async function setShardLevelMetrics(
  context: KinesisContext,
  state: StreamState,
  desired: readonly string[],
): Promise<object> {
  const current = state.shardLevelMetrics ?? [];
  if (desired.length !== current.length) await context.lifecycle.update({ ...state, shardLevelMetrics: desired });
  return {
    StreamName: state.name,
    StreamARN: formatStreamArn(context, state.name),
    CurrentShardLevelMetrics: current,
    DesiredShardLevelMetrics: desired,
  };
}
