import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { setTimeout as sleep } from "node:timers/promises";

/** Shards of every stream that is measured. */
export const SHARD_COUNT = 4;

/** Creates a stream and waits until it is active. */
export async function createStream(client: KinesisClient, streamName: string): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: SHARD_COUNT }));
  for (;;) {
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName: streamName }));
    if (summary.StreamDescriptionSummary?.StreamStatus === "ACTIVE") return;
    await sleep(20);
  }
}

/** An iterator for the first record of each shard. */
export async function startIterators(client: KinesisClient, streamName: string): Promise<string[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  const answers = await Promise.all(
    Shards.map(({ ShardId }) =>
      client.send(new GetShardIteratorCommand({ StreamName: streamName, ShardId, ShardIteratorType: "TRIM_HORIZON" })),
    ),
  );
  return answers.map(({ ShardIterator = "" }) => ShardIterator);
}
