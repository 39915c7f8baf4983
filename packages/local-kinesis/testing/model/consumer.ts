import { GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-kinesis";
import { listShards } from "./listing.ts";
import type { ModelWorld } from "./model-world.ts";

/** A consumer as KCL is one: it reads parents before their children and goes on after the last sequence number it has. */
export interface Consumer {
  /** All records it has read, in that order. */
  readonly records: readonly ConsumedRecord[];
  /** Reads a page of one of the shards that may be read: `choose` counts around them. Answers whether it got further. */
  consume(choose: number, limit: number): Promise<boolean>;
  /** Reads until there is nothing more. */
  drain(): Promise<void>;
}

/** A record as a consumer got it. */
export interface ConsumedRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly text: string;
}

interface Progress {
  readonly after?: string | undefined;
  readonly isEnded: boolean;
}

/** A consumer of a stream that has read nothing yet. */
export function createConsumer(world: ModelWorld, StreamName: string): Consumer {
  const records: ConsumedRecord[] = [];
  const progress = new Map<string, Progress>();
  const isRead = (id: string | undefined): boolean => id === undefined || progress.get(id)?.isEnded === true;

  const listReady = async (): Promise<string[]> => {
    const shards = await listShards(world.client, StreamName);
    return shards
      .filter(({ id, parent, adjacentParent }) => !isRead(id) && isRead(parent) && isRead(adjacentParent))
      .map(({ id }) => id);
  };

  const readPage = async (ShardId: string, Limit: number): Promise<boolean> => {
    const after = progress.get(ShardId)?.after;
    const { ShardIterator } = await world.client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId,
        ShardIteratorType: after === undefined ? "TRIM_HORIZON" : "AFTER_SEQUENCE_NUMBER",
        StartingSequenceNumber: after,
      }),
    );
    const { Records = [], NextShardIterator } = await world.client.send(
      new GetRecordsCommand({ ShardIterator, Limit }),
    );
    for (const { SequenceNumber = "", Data } of Records) {
      records.push({ shardId: ShardId, sequenceNumber: SequenceNumber, text: Buffer.from(Data ?? []).toString() });
    }
    const isEnded = NextShardIterator === undefined;
    progress.set(ShardId, { after: Records.at(-1)?.SequenceNumber ?? after, isEnded });
    return isEnded || Records.length > 0;
  };

  return {
    records,
    async consume(choose, limit) {
      const ready = await listReady();
      const id = ready[choose % ready.length];
      return id !== undefined && readPage(id, limit);
    },
    async drain() {
      for (let gotFurther = true; gotFurther;) {
        gotFurther = false;
        for (const id of await listReady()) gotFurther = (await readPage(id, 100)) || gotFurther;
      }
    },
  };
}
