import type { StreamReader, StreamRecord } from "../src/database/streaming/stream-reader.ts";

/** A stream in memory, for tests of whatever reads streams. */
export interface MemoryStream {
  /** Appends a record to a shard and wakes whoever listens; an object is sent as JSON. */
  put(data: unknown, shardId?: string): StreamRecord;
  /** Closes a shard; what comes after goes to its children. */
  split(shardId: string, children: readonly string[]): void;
}

/** Streams in memory by name; each starts with one shard, {@link firstShard}. */
export interface MemoryStreams {
  readonly reader: StreamReader;
  stream(name: string): MemoryStream;
}

export const firstShard = "shardId-000000000000";

interface Shard {
  readonly records: StreamRecord[];
  readonly parentShardId?: string;
  closed: boolean;
}

/** Makes streams in memory. `now` is the arrival time of records, in epoch milliseconds. */
export function memoryStreams(now: () => number = Date.now): MemoryStreams {
  const streams = new Map<string, { shards: Map<string, Shard>; listeners: Set<() => void> }>();
  let sequence = 0;
  const shardOf = (streamName: string, shardId: string) => {
    const shard = streams.get(streamName)?.shards.get(shardId);
    if (shard === undefined) throw new Error(`no shard ${shardId} in stream ${streamName}`);
    return shard;
  };
  return {
    reader: {
      describe: (streamName) =>
        Promise.resolve(streams.has(streamName) ? { streamName, streamArn: `arn:${streamName}` } : undefined),
      listShards: (streamName) =>
        Promise.resolve(
          [...(streams.get(streamName)?.shards ?? [])].map(([shardId, { parentShardId, closed }]) => ({
            shardId,
            closed,
            ...(parentShardId === undefined ? {} : { parentShardId }),
          })),
        ),
      read({ streamName, shardId, afterSequenceNumber = "", maxRecords }) {
        const shard = shardOf(streamName, shardId);
        const rest = shard.records.filter((record) => record.sequenceNumber > afterSequenceNumber);
        const records = rest.slice(0, maxRecords);
        const atTip = records.length === rest.length;
        return Promise.resolve({ records, atTip, ended: atTip && shard.closed });
      },
      onAppend(streamName, listener) {
        const { listeners } = streams.get(streamName) ?? { listeners: new Set() };
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    stream(name) {
      const stream = streams.get(name) ?? { shards: new Map<string, Shard>(), listeners: new Set<() => void>() };
      if (!streams.has(name)) stream.shards.set(firstShard, { records: [], closed: false });
      streams.set(name, stream);
      return {
        put(data, shardId = firstShard) {
          const bytes =
            data instanceof Uint8Array ? data : Buffer.from(typeof data === "string" ? data : JSON.stringify(data));
          sequence += 1;
          const sequenceNumber = String(sequence).padStart(56, "0");
          const record = { sequenceNumber, partitionKey: "key", arrivedAt: now(), data: bytes };
          shardOf(name, shardId).records.push(record);
          for (const listener of stream.listeners) listener();
          return record;
        },
        split(shardId, children) {
          shardOf(name, shardId).closed = true;
          for (const child of children)
            stream.shards.set(child, { records: [], closed: false, parentShardId: shardId });
          for (const listener of stream.listeners) listener();
        },
      };
    },
  };
}
