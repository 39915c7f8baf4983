import { DescribeStreamCommand, ListShardsCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient, Shard } from "@aws-sdk/client-kinesis";
import type { ListedShard } from "./stream-model.ts";

/** The shards of a stream as ListShards shows them. */
export async function listShards(client: Pick<KinesisClient, "send">, StreamName: string): Promise<ListedShard[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  return Shards.map(toListedShard);
}

/** The shards of a stream as the pages of DescribeStream show them. */
export async function describeShards(client: Pick<KinesisClient, "send">, StreamName: string): Promise<ListedShard[]> {
  const shards: Shard[] = [];
  for (let hasMore = true; hasMore;) {
    const ExclusiveStartShardId = shards.at(-1)?.ShardId;
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName, ExclusiveStartShardId }));
    shards.push(...(StreamDescription?.Shards ?? []));
    hasMore = StreamDescription?.HasMoreShards === true;
  }
  return shards.map(toListedShard);
}

function toListedShard(shard: Shard): ListedShard {
  const { StartingSequenceNumber = "", EndingSequenceNumber } = shard.SequenceNumberRange ?? {};
  return {
    id: shard.ShardId ?? "",
    start: BigInt(shard.HashKeyRange?.StartingHashKey ?? ""),
    end: BigInt(shard.HashKeyRange?.EndingHashKey ?? ""),
    parent: shard.ParentShardId,
    adjacentParent: shard.AdjacentParentShardId,
    startingSequenceNumber: BigInt(StartingSequenceNumber),
    endingSequenceNumber: EndingSequenceNumber === undefined ? undefined : BigInt(EndingSequenceNumber),
  };
}
