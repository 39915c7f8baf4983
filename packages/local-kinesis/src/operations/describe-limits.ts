import {
  CHANNEL_LIMIT,
  ON_DEMAND_STREAM_LIMIT,
  SHARD_LIMIT,
  countProvisionedShards,
} from "../account/account-limits.ts";
import { defineOperation } from "../operation.ts";

/** Describes what the account may have, and has. */
export const describeLimits = defineOperation<object>({
  name: "DescribeLimits",
  input: {},
  run(context) {
    return {
      ShardLimit: SHARD_LIMIT,
      OpenShardCount: countProvisionedShards(context),
      OnDemandStreamCount: context.catalogue.list().filter(({ state }) => state.mode === "ON_DEMAND").length,
      OnDemandStreamCountLimit: ON_DEMAND_STREAM_LIMIT,
      ChannelCount: context.channels.list().length,
      ChannelCountLimit: CHANNEL_LIMIT,
    };
  },
});
