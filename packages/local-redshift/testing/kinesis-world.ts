import {
  CreateStreamCommand,
  DeleteStreamCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
  type PutRecordsResultEntry,
} from "@aws-sdk/client-kinesis";
import { startLocalKinesis, type LocalKinesis, type LocalKinesisOptions } from "@millrace/local-kinesis";

export const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** A local Kinesis on a clock that a test moves. */
export interface KinesisWorld extends AsyncDisposable {
  readonly kinesis: LocalKinesis;
  /** Makes a stream of one shard, {@link firstShard}, unless told otherwise. */
  createStream(name: string, shardCount?: number): Promise<void>;
  deleteStream(name: string): Promise<void>;
  /** Puts texts, each with itself as its partition key unless told otherwise. */
  put(streamName: string, texts: readonly string[], partitionKey?: string): Promise<readonly PutRecordsResultEntry[]>;
  /** Puts records with their keys, and answers where each is. */
  putAll(
    streamName: string,
    records: readonly { readonly key: string; readonly text: string }[],
  ): Promise<readonly { readonly shardId: string; readonly sequenceNumber: string; readonly text: string }[]>;
  /** Shards that take records, in the order of their hash keys. */
  openShards(streamName: string): Promise<readonly OpenShard[]>;
  /** Splits a shard in the middle of its hash keys. */
  splitOf(streamName: string, shard: OpenShard): Promise<void>;
  /** Splits a shard that has all hash keys in the middle. */
  split(streamName: string, shardId: string): Promise<void>;
  merge(streamName: string, shardId: string, adjacentShardId: string): Promise<void>;
  /** Moves the clock on. */
  pass(ms: number): void;
}

/** A shard that takes records, and its first and last hash key. */
interface OpenShard {
  readonly shardId: string;
  readonly first: bigint;
  readonly last: bigint;
}

const middleHashKey = String(2n ** 127n);

/** Starts a Kinesis in a temporary directory. Its clock goes on by itself, and {@link KinesisWorld.pass} adds to it. */
export async function startKinesisWorld(options: LocalKinesisOptions = {}): Promise<KinesisWorld> {
  let passed = 0;
  const clock = {
    now: () => Date.now() + passed,
    schedule(at: number, task: () => unknown) {
      const timer = setTimeout(task, Math.max(0, Math.min(at - clock.now(), 2 ** 31 - 1)));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
  const kinesis = await startLocalKinesis({ limits: false, stateDelayMs: 0, clock, ...options });
  const client = new KinesisClient({ endpoint: kinesis.url, region: "eu-west-1", credentials });
  return {
    kinesis,
    async createStream(StreamName, ShardCount = 1) {
      await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
    },
    async deleteStream(StreamName) {
      await client.send(new DeleteStreamCommand({ StreamName }));
    },
    async put(StreamName, texts, partitionKey) {
      const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: partitionKey ?? text }));
      const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
      return answer.Records ?? [];
    },
    async putAll(StreamName, records) {
      const Records = records.map(({ key, text }) => ({ Data: Buffer.from(text), PartitionKey: key }));
      const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
      return records.map(({ text }, index) => {
        const { ShardId = "", SequenceNumber = "" } = answer.Records?.[index] ?? {};
        return { shardId: ShardId, sequenceNumber: SequenceNumber, text };
      });
    },
    async openShards(StreamName) {
      const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
      return Shards.filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber == null)
        .map(({ ShardId = "", HashKeyRange }) => ({
          shardId: ShardId,
          first: BigInt(HashKeyRange?.StartingHashKey ?? 0),
          last: BigInt(HashKeyRange?.EndingHashKey ?? 0),
        }))
        .toSorted((left, right) => (left.first < right.first ? -1 : 1));
    },
    async splitOf(StreamName, { shardId, first, last }) {
      const NewStartingHashKey = String((first + last) / 2n + 1n);
      await client.send(new SplitShardCommand({ StreamName, ShardToSplit: shardId, NewStartingHashKey }));
    },
    async split(StreamName, ShardToSplit) {
      await client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: middleHashKey }));
    },
    async merge(StreamName, ShardToMerge, AdjacentShardToMerge) {
      await client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
    },
    pass(ms) {
      passed += ms;
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await kinesis.close();
    },
  };
}
