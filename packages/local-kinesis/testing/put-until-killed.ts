import {
  CreateStreamCommand,
  DeleteStreamCommand,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import { clientOf } from "./client-of.ts";
import { startLocalKinesis } from "../src/index.ts";
import type { KinesisOptions } from "../src/index.ts";
import { createFastClock } from "./fast-clock.ts";
import { RECORDS_PER_CALL } from "./kill-run.ts";

/** What a process of this script does beside its puts, over and over. */
export type Upheaval = "nothing" | "resharding" | "trimming" | "deleting streams";

/** The argument of the script, as JSON. */
export interface PutUntilKilled {
  readonly directory: string;
  readonly streamName: string;
  readonly upheaval: Upheaval;
  readonly durability: NonNullable<KinesisOptions["durability"]>;
  /** What the clock shows at first, epoch ms. When trimming, a millisecond is a minute on it. */
  readonly startAt: number;
  /** The number of the first record. */
  readonly firstNumber: number;
}

const WRITERS = 8;
/** In ms of real time. */
const STATE_DELAY_MS = 15;
const MINUTE_MS = 60_000;

/*
 * Puts numbered records into a stream until it is killed, and prints a line for each that was confirmed: shard, sequence number, number,
 * the time on its clock.
 */
const options = JSON.parse(process.argv[2] ?? "{}") as PutUntilKilled;
const { directory, streamName: StreamName, upheaval, durability } = options;
const factor = upheaval === "trimming" ? MINUTE_MS : 1;
const clock = createFastClock(options.startAt, factor);
const kinesis = await startLocalKinesis({
  directory,
  port: 0,
  clock,
  durability,
  limits: false,
  stateDelayMs: STATE_DELAY_MS * factor,
});
const client = clientOf(kinesis.url, { maxAttempts: 1 });

let next = options.firstNumber;
const put = async (): Promise<void> => {
  const numbers = Array.from({ length: RECORDS_PER_CALL }, () => next++);
  // Most are small, some fill blocks of their own.
  const entries = numbers.map((number) => ({
    PartitionKey: `key-${number}`,
    Data: Buffer.from(`${number}`.padEnd(number % 997 === 0 ? 200_000 : number % 300)),
  }));
  const { Records = [] } = await client.send(new PutRecordsCommand({ StreamName, Records: entries }));
  const lines = Records.map(
    ({ ShardId, SequenceNumber }, index) => `${ShardId} ${SequenceNumber} ${numbers[index]} ${clock.now()}\n`,
  );
  process.stdout.write(lines.join(""));
};

const reshard = async (): Promise<void> => {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: "AT_LATEST" } }));
  const [first, second] = Shards.map(({ ShardId, HashKeyRange }) => ({
    ShardId,
    start: BigInt(HashKeyRange?.StartingHashKey ?? ""),
    end: BigInt(HashKeyRange?.EndingHashKey ?? ""),
  })).sort((left, right) => (left.start < right.start ? -1 : 1));
  if (!first) return;
  const change =
    second && Shards.length > 3
      ? new MergeShardsCommand({ StreamName, ShardToMerge: first.ShardId, AdjacentShardToMerge: second.ShardId })
      : new SplitShardCommand({
          StreamName,
          ShardToSplit: first.ShardId,
          NewStartingHashKey: ((first.start + first.end) / 2n).toString(),
        });
  // A stream that is UPDATING refuses the next change.
  await client.send(change as SplitShardCommand).catch(() => new Promise((resolve) => setTimeout(resolve, 1)));
};

let streams = options.firstNumber;
const createAndDelete = async (): Promise<void> => {
  const name = `other-${(streams += 1)}`;
  await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 2 }));
  await new Promise((resolve) => setTimeout(resolve, STATE_DELAY_MS * 2));
  const Records = Array.from({ length: 100 }, (_, key) => ({ PartitionKey: `${key}`, Data: Buffer.alloc(1000) }));
  await client.send(new PutRecordsCommand({ StreamName: name, Records }));
  await client.send(new DeleteStreamCommand({ StreamName: name }));
};

const repeat = async (work: () => Promise<void>): Promise<never> => {
  for (;;) await work();
};
const upheavals: Record<Upheaval, () => Promise<void>> = {
  nothing: put,
  trimming: put,
  resharding: reshard,
  "deleting streams": createAndDelete,
};
await Promise.all([...Array.from({ length: WRITERS }, () => repeat(put)), repeat(upheavals[upheaval])]);
