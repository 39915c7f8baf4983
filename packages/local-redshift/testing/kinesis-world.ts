import {
  CreateStreamCommand,
  DeleteStreamCommand,
  KinesisClient,
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
  /** Splits a shard that has all hash keys in the middle. */
  split(streamName: string, shardId: string): Promise<void>;
  merge(streamName: string, shardId: string, adjacentShardId: string): Promise<void>;
  /** Moves the clock on. */
  pass(ms: number): void;
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
