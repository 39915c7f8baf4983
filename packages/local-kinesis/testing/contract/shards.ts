import { ListShardsCommand } from "@aws-sdk/client-kinesis";
import type { Shard } from "@aws-sdk/client-kinesis";
import type { Target } from "./target.ts";

/** The middle of all hash keys. */
export const MIDDLE_HASH_KEY = (2n ** 127n).toString();

/** All shards of a stream, as `ListShards` answers them. */
export async function shardsOf({ client }: Target, StreamName: string): Promise<readonly Shard[]> {
  return (await client.send(new ListShardsCommand({ StreamName }))).Shards ?? [];
}

/** `3 of 0+1`, `0 closed`: the lineage of shards in few words. */
export function lineageOf(shards: readonly Shard[]): string[] {
  const number = (id: string | undefined): number => Number(id?.slice("shardId-".length));
  return shards.map(({ ShardId, ParentShardId, AdjacentParentShardId, SequenceNumberRange }) => {
    const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined).map(number);
    const origin = parents.length === 0 ? "" : ` of ${parents.join("+")}`;
    return `${number(ShardId)}${origin}${SequenceNumberRange?.EndingSequenceNumber === undefined ? "" : " closed"}`;
  });
}
