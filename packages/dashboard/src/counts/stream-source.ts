import { setTimeout } from "node:timers/promises";
import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
} from "@aws-sdk/client-kinesis";
import type { Position } from "./position.ts";

/** What one read of a shard found: only where the records are; their bytes are dropped at once. */
export interface ShardRead {
  /** Sequence numbers in the shard's order. */
  readonly positions: readonly Position[];
  /** Nothing further at this moment, or ever. */
  readonly atTip: boolean;
}

/** The stream as the counter reads it, independent of the warehouse. */
export interface StreamSource {
  /** Ids of the shards that retention still holds, open and closed. */
  listShards(): Promise<readonly string[]>;
  /**
   * The next records of a shard after `after`; `undefined` means from the oldest that the stream still holds
   * (TRIM_HORIZON). May find none and still not be at the tip.
   */
  read(shardId: string, after: Position | undefined): Promise<ShardRead>;
}

/** The slice of `KinesisClient` that reading takes. */
export type StreamClient = Pick<KinesisClient, "send">;

/**
 * Reads a stream's positions through GetRecords.
 * A read that meets the shard's limits (5 GetRecords and 2 MB a second, shared with every other consumer; Kinesis developer
 * guide, service limits) waits `throttledMs` (default 250) and comes back empty and not at the tip. Other errors of the service are thrown.
 */
export function streamSource(client: StreamClient, streamName: string, throttledMs = 250): StreamSource {
  const iterators = new Map<string, { after: Position | undefined; iterator: string | undefined }>();

  async function iteratorFor(shardId: string, after: Position | undefined): Promise<string | undefined> {
    const known = iterators.get(shardId);
    if (known !== undefined && known.after === after) return known.iterator;
    const answer = await client.send(
      new GetShardIteratorCommand({
        StreamName: streamName,
        ShardId: shardId,
        ...(after === undefined
          ? { ShardIteratorType: "TRIM_HORIZON" }
          : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: after }),
      }),
    );
    return answer.ShardIterator;
  }

  return {
    async listShards() {
      const shardIds: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListShardsCommand(token === undefined ? { StreamName: streamName } : { NextToken: token }),
        );
        for (const shard of page.Shards ?? []) if (shard.ShardId !== undefined) shardIds.push(shard.ShardId);
        token = page.NextToken;
      } while (token !== undefined);
      return shardIds;
    },

    async read(shardId, after) {
      const iterator = await iteratorFor(shardId, after);
      if (iterator === undefined) return { positions: [], atTip: true };
      try {
        const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
        const positions = (page.Records ?? []).map((record) => record.SequenceNumber ?? "");
        iterators.set(shardId, { after: positions.at(-1) ?? after, iterator: page.NextShardIterator });
        return { positions, atTip: page.NextShardIterator === undefined || (page.MillisBehindLatest ?? 0) === 0 };
      } catch (error) {
        const isThrottled = error instanceof ProvisionedThroughputExceededException;
        if (!isThrottled && !(error instanceof ExpiredIteratorException)) throw error;
        iterators.delete(shardId);
        if (isThrottled) await setTimeout(throttledMs);
        return { positions: [], atTip: false };
      }
    },
  };
}
