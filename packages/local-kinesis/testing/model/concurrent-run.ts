import {
  CreateStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import fc from "fast-check";
import { expect } from "vitest";
import { createConsumer } from "./consumer.ts";
import { findLineageFaults } from "./lineage.ts";
import { listShards } from "./listing.ts";
import type { ModelWorld } from "./model-world.ts";
import { createStreamModel, withShards } from "./stream-model.ts";

/** What goes on at once. */
export interface ConcurrentLoad {
  /** For each writer, how many records each of its calls holds. */
  readonly writers: readonly (readonly number[])[];
  /** Splits and merges, one after the other, of the shard or pair that is chosen around those open. */
  readonly changes: readonly { readonly kind: "split" | "merge"; readonly choice: number }[];
  /** Records of a page of the consumer. */
  readonly pageSize: number;
}

export const concurrentLoad: fc.Arbitrary<ConcurrentLoad> = fc.record({
  writers: fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 5, maxLength: 25 }), {
    minLength: 2,
    maxLength: 6,
  }),
  changes: fc.array(fc.record({ kind: fc.constantFrom("split", "merge"), choice: fc.nat({ max: 20 }) }), {
    minLength: 3,
    maxLength: 12,
  }),
  pageSize: fc.integer({ min: 1, max: 8 }),
});

const StreamName = "stream";

/** Puts, reshards and consumes at once, then compares what was confirmed with what was consumed. Throws the assertion that failed. */
export async function runConcurrently(
  world: ModelWorld,
  { writers, changes, pageSize }: ConcurrentLoad,
): Promise<void> {
  const { client } = world;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  const confirmed = new Map<string, string>();
  let texts = 0;

  const write = async (counts: readonly number[]): Promise<void> => {
    for (const count of counts) {
      const entries = Array.from({ length: count }, () => {
        const text = `text ${(texts += 1)}`;
        return { PartitionKey: text, Data: Buffer.from(text) };
      });
      const [first] = entries;
      const answers =
        count === 1 && first
          ? [await client.send(new PutRecordCommand({ StreamName, ...first }))]
          : ((await client.send(new PutRecordsCommand({ StreamName, Records: entries }))).Records ?? []);
      entries.forEach(({ PartitionKey }, index) =>
        confirmed.set(PartitionKey, `${answers[index]?.ShardId} ${answers[index]?.SequenceNumber}`),
      );
    }
  };

  const reshard = async (): Promise<void> => {
    let model = createStreamModel(await listShards(client, StreamName));
    for (const { kind, choice } of changes) {
      const open = (await listShards(client, StreamName))
        .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined)
        .sort((left, right) => (left.start < right.start ? -1 : 1));
      const index = choice % open.length;
      const [shard, neighbour] = [open[index], open[index + 1]];
      if (!shard) return;
      if (kind === "merge" && neighbour) {
        await client.send(
          new MergeShardsCommand({ StreamName, ShardToMerge: shard.id, AdjacentShardToMerge: neighbour.id }),
        );
      } else {
        const NewStartingHashKey = ((shard.start + shard.end) / 2n).toString();
        await client.send(new SplitShardCommand({ StreamName, ShardToSplit: shard.id, NewStartingHashKey }));
      }
      const listed = await listShards(client, StreamName);
      expect(findLineageFaults(model, listed)).toEqual([]);
      model = withShards(model, listed, world.clock.now());
    }
  };

  const consumer = createConsumer(world, StreamName);
  let isOver = false;
  const consume = async (): Promise<void> => {
    for (let choice = 0; !isOver; choice += 1) {
      await consumer.consume(choice, pageSize);
      // Without a wire nothing else would get its turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const consuming = consume();
  await Promise.all([...writers.map(write), reshard()]).finally(() => (isOver = true));
  await consuming;
  await consumer.drain();

  const consumed = consumer.records.map(
    ({ text, shardId, sequenceNumber }) => [text, `${shardId} ${sequenceNumber}`] as const,
  );
  expect(consumed).toHaveLength(confirmed.size);
  expect(new Map(consumed)).toEqual(confirmed);
  const last = new Map<string, string>();
  for (const { shardId, sequenceNumber } of consumer.records) {
    expect(sequenceNumber > (last.get(shardId) ?? "")).toBe(true);
    last.set(shardId, sequenceNumber);
  }
}
