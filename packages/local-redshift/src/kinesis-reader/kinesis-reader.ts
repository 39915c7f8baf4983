import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  type GetRecordsOutput,
  type KinesisClientConfig,
  type Shard,
  type _Record,
} from "@aws-sdk/client-kinesis";
import {
  StreamPositionError,
  type StreamReader,
  type StreamRecord,
  type StreamShard,
} from "../database/streaming/stream-reader.ts";
import { KeptIterators, type KeptIterator } from "./kept-iterators.ts";
import { createReadRate } from "./read-rate.ts";
import { nameOf, whenThereIsRoom } from "./throttling.ts";

/** How to read streams; see {@link openKinesisReader}. */
export interface KinesisReaderOptions {
  /** Such as `http://127.0.0.1:4567`; default AWS's endpoint of the region. */
  readonly endpoint?: string;
  readonly region: string;
  /** Default: any, for an `endpoint` on this machine; without an `endpoint`, where AWS's clients look for them. */
  readonly credentials?: KinesisClientConfig["credentials"];
  /** How often a stream that is followed is looked at, in milliseconds; default 250. Each look is a GetRecords of each open shard. */
  readonly pollMs?: number;
  /** GetRecords of one shard in a second, by all views together; default 5, as much as AWS allows all readers of a shard. */
  readonly readsPerSecond?: number;
}

/** A reader with a client of its own. */
export interface KinesisReader extends StreamReader {
  /** Ends what is under way, which then fails. */
  close(): void;
}

/** Most records of one GetRecords. Source: Kinesis API reference. */
const maxRecordsPerCall = 10_000;
/** What is known of a stream is good for so long; a shard that ends and an error make it be asked for at once. */
const knownForMs = 10_000;
/** How often a shard without records in sight is asked for its oldest one: GetRecords may be empty on the way to a record. */
const maxSteps = 10;
/** Reads that fail since an iterator has expired, or since a stream is another, are begun anew so often. */
const maxBeginnings = 3;

const anyCredentials = { accessKeyId: "local", secretAccessKey: "local" };

interface KnownStream {
  readonly streamArn: string;
  readonly until: number;
  shards?: Promise<readonly StreamShard[]>;
}

interface Place {
  readonly streamName: string;
  readonly shardId: string;
  readonly afterSequenceNumber?: string;
}

/**
 * Reads streams through the Kinesis API, as any consumer: ListShards, GetShardIterator, GetRecords and DescribeStreamSummary, at any
 * endpoint. What is over the rates waits for its turn and never fails; iterators are kept, and renewed when they expire.
 */
export function openKinesisReader(options: KinesisReaderOptions): KinesisReader {
  const { endpoint, region, credentials, pollMs = 250, readsPerSecond = 5 } = options;
  const client = new KinesisClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint, credentials: anyCredentials }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const closing = new AbortController();
  const { signal } = closing;
  const takeTurn = createReadRate(readsPerSecond, signal);
  const iterators = new KeptIterators();
  const streams = new Map<string, KnownStream>();

  async function find(streamName: string): Promise<KnownStream | undefined> {
    const known = streams.get(streamName);
    if (known !== undefined && known.until > performance.now()) return known;
    streams.delete(streamName);
    try {
      const command = new DescribeStreamSummaryCommand({ StreamName: streamName });
      const answer = await whenThereIsRoom(signal, () => client.send(command, { abortSignal: signal }));
      const streamArn = answer.StreamDescriptionSummary?.StreamARN ?? "";
      const found: KnownStream = { streamArn, until: performance.now() + knownForMs };
      streams.set(streamName, found);
      return found;
    } catch (error) {
      if (nameOf(error) === "ResourceNotFoundException") return undefined;
      throw error;
    }
  }

  async function fetchShards(streamName: string): Promise<readonly StreamShard[]> {
    const shards: StreamShard[] = [];
    let token: string | undefined;
    do {
      const input = token === undefined ? { StreamName: streamName } : { NextToken: token };
      const command = new ListShardsCommand(input);
      const answer = await whenThereIsRoom(signal, () => client.send(command, { abortSignal: signal }));
      shards.push(...(answer.Shards ?? []).map(toStreamShard));
      token = answer.NextToken;
    } while (token !== undefined);
    return shards;
  }

  async function listShards(streamName: string): Promise<readonly StreamShard[]> {
    const known = await find(streamName);
    if (known === undefined) return [];
    known.shards ??= fetchShards(streamName);
    known.shards.catch(() => streams.delete(streamName));
    return known.shards;
  }

  async function openIterator({ streamName, shardId, afterSequenceNumber }: Place): Promise<KeptIterator> {
    const command = new GetShardIteratorCommand({
      StreamName: streamName,
      ShardId: shardId,
      ...(afterSequenceNumber === undefined
        ? { ShardIteratorType: "TRIM_HORIZON" }
        : // At the record that was read last, and not after it: whether it is there tells whether the shard is still the same.
          { ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: afterSequenceNumber }),
    });
    try {
      const answer = await whenThereIsRoom(signal, () => client.send(command, { abortSignal: signal }));
      const iterator = answer.ShardIterator ?? "";
      return afterSequenceNumber === undefined ? { iterator } : { iterator, standsAt: afterSequenceNumber };
    } catch (cause) {
      if (nameOf(cause) !== "InvalidArgumentException") throw cause;
      throw new StreamPositionError(streamName, shardId, afterSequenceNumber, { cause });
    }
  }

  async function getRecords(place: Place, iterator: string, limit: number): Promise<GetRecordsOutput> {
    const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, maxRecordsPerCall) });
    return whenThereIsRoom(signal, async () => {
      await takeTurn(keyOf(place));
      return client.send(command, { abortSignal: signal });
    });
  }

  /** The record that was read last is not where it was: it may be past its retention, but not missing among older ones. */
  async function checkTrimmed(place: Place, position: string): Promise<void> {
    let { iterator } = await openIterator({ streamName: place.streamName, shardId: place.shardId });
    for (let step = 0; step < maxSteps; step += 1) {
      const { Records = [], NextShardIterator, MillisBehindLatest = 0 } = await getRecords(place, iterator, 1);
      const oldest = Records[0]?.SequenceNumber;
      if (oldest !== undefined && BigInt(oldest) < BigInt(position))
        throw new StreamPositionError(place.streamName, place.shardId, position);
      if (oldest !== undefined || NextShardIterator == null || MillisBehindLatest === 0) return;
      iterator = NextShardIterator;
    }
  }

  async function readOn(place: Place, maxRecords: number) {
    const behind = place.afterSequenceNumber ?? "";
    const kept = iterators.find(keyOf(place), behind) ?? (await openIterator(place));
    const { standsAt } = kept;
    const limit = Math.min(maxRecords + (standsAt === undefined ? 0 : 1), maxRecordsPerCall);
    const answer = await getRecords(place, kept.iterator, limit);
    const { Records: found = [], NextShardIterator, MillisBehindLatest = 0 } = answer;
    const isBehind = MillisBehindLatest > 0 || found.length === limit;
    const hasPassed = found.length > 0 || !isBehind;
    const isWhereItWas = found[0]?.SequenceNumber === standsAt;
    if (standsAt !== undefined && hasPassed && !isWhereItWas) await checkTrimmed(place, standsAt);
    const records = (standsAt !== undefined && isWhereItWas ? found.slice(1) : found).map(toStreamRecord);
    const ended = NextShardIterator == null;
    if (ended) streams.delete(place.streamName);
    else {
      const next = records.at(-1)?.sequenceNumber ?? behind;
      const still = standsAt !== undefined && !hasPassed ? { standsAt } : {};
      iterators.keep(keyOf(place), next, { iterator: NextShardIterator, ...still });
    }
    return { records, atTip: ended || !isBehind, ended };
  }

  return {
    async describe(streamName) {
      const found = await find(streamName);
      return found && { streamName, streamArn: found.streamArn };
    },
    listShards,
    async read({ streamName, shardId, afterSequenceNumber, maxRecords }) {
      const place = { streamName, shardId, ...(afterSequenceNumber === undefined ? {} : { afterSequenceNumber }) };
      for (let beginning = 1; ; beginning += 1)
        try {
          return await readOn(place, maxRecords);
        } catch (error) {
          iterators.forget(keyOf(place));
          streams.delete(streamName);
          const name = nameOf(error);
          if (beginning === maxBeginnings) throw error;
          if (name === "ExpiredIteratorException") continue;
          if (name !== "ResourceNotFoundException") throw error;
          const shards = await listShards(streamName);
          if (shards.length === 0) throw error;
          // All records of the shard are past their retention.
          if (!shards.some((shard) => shard.shardId === shardId)) return { records: [], atTip: true, ended: true };
        }
    },
    onAppend(_streamName, listener) {
      const timer = setInterval(listener, pollMs);
      return () => clearInterval(timer);
    },
    close() {
      closing.abort(new Error("the reader of the streams is closed"));
      client.destroy();
    },
  };
}

const keyOf = ({ streamName, shardId }: Place) => `${streamName}/${shardId}`;

function toStreamShard(shard: Shard): StreamShard {
  return {
    shardId: shard.ShardId ?? "",
    ...(shard.ParentShardId == null ? {} : { parentShardId: shard.ParentShardId }),
    ...(shard.AdjacentParentShardId == null ? {} : { adjacentParentShardId: shard.AdjacentParentShardId }),
    closed: shard.SequenceNumberRange?.EndingSequenceNumber != null,
  };
}

function toStreamRecord(record: _Record): StreamRecord {
  return {
    sequenceNumber: record.SequenceNumber ?? "",
    partitionKey: record.PartitionKey ?? "",
    arrivedAt: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
    data: record.Data ?? new Uint8Array(),
  };
}
