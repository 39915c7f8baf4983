import { DescribeStreamCommand, ListShardsCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient, Shard } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { ListedShard } from "./stream-model.ts";

/** The shards of a stream as ListShards shows them, with a check that DescribeStream shows the same. */
export async function listShards(client: Pick<KinesisClient, "send">, StreamName: string): Promise<ListedShard[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  expect(await describeShards(client, StreamName)).toEqual(Shards);
  return Shards.map(toListedShard);
}

async function describeShards(client: Pick<KinesisClient, "send">, StreamName: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  for (let hasMore = true; hasMore;) {
    const ExclusiveStartShardId = shards.at(-1)?.ShardId;
    const answer = await client.send(new DescribeStreamCommand({ StreamName, ExclusiveStartShardId }));
    shards.push(...(answer.StreamDescription?.Shards ?? []));
    hasMore = answer.StreamDescription?.HasMoreShards === true;
  }
  return shards;
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
