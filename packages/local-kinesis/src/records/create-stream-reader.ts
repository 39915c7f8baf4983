import type { KinesisContext } from "../context.ts";
import { readLog } from "../log/log-reader.ts";
import { FIRST_INDEX } from "../log/shard-log.ts";
import { parseSequenceNumber } from "./sequence-number.ts";
import { formatStreamArn } from "../streams/stream-address.ts";
import { formatShardId, parseShardId, retentionStart } from "../streams/stream.ts";
import type { Shard, Stream } from "../streams/stream.ts";
import type { ReaderShard, StreamReader } from "./stream-reader.ts";

/** The reader, and how the writer tells it of commits. */
export function createStreamReader(context: KinesisContext): StreamReader & { notify(streamName: string): void } {
  const listeners = new Map<string, Set<() => void>>();
  return {
    async describe(streamName) {
      const stream = context.catalogue.find(streamName);
      return stream && { streamName, streamArn: formatStreamArn(context, streamName) };
    },
    async listShards(streamName) {
      return (context.catalogue.find(streamName)?.shards ?? []).map(toReaderShard);
    },
    async read({ streamName, shardId, afterSequenceNumber, maxRecords, maxBytes }) {
      const { stream, shard } = findShard(context, streamName, shardId);
      const { records, atTip } = readLog(context.blocks, shard.log, {
        from: afterSequenceNumber === undefined ? FIRST_INDEX : indexAfter(stream, shard, afterSequenceNumber),
        notBefore: retentionStart(stream.state, context.now()),
        maxRecords,
        maxBytes,
      });
      return {
        records: records.map(({ index, arrivedAt, partitionKey, data }) => ({
          sequenceNumber: shard.sequenceNumber(index, arrivedAt),
          partitionKey,
          arrivedAt,
          data,
        })),
        atTip,
        ended: atTip && shard.state.closed !== undefined,
      };
    },
    onAppend(streamName, listener) {
      const set = listeners.get(streamName) ?? new Set();
      listeners.set(streamName, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(streamName) === set) listeners.delete(streamName);
      };
    },
    notify(streamName) {
      for (const listener of listeners.get(streamName) ?? []) listener();
    },
  };
}

function findShard({ catalogue }: KinesisContext, streamName: string, shardId: string) {
  const stream = catalogue.find(streamName);
  if (!stream) throw new Error(`there is no stream ${streamName}`);
  const index = parseShardId(shardId);
  const shard = index === undefined ? undefined : stream.shards[index];
  if (!shard) throw new Error(`stream ${streamName} has no shard ${shardId}`);
  return { stream, shard };
}

function indexAfter(stream: Stream, shard: Shard, sequenceNumber: string): number {
  const parsed = parseSequenceNumber(sequenceNumber);
  if (parsed?.shardIndex === shard.state.index && parsed.createdSecond === shard.state.createdSecond) {
    return parsed.index + 1;
  }
  throw new Error(
    `sequence number ${sequenceNumber} is none of ${shard.id} of stream ${stream.state.name}; ` +
      "a stream that was deleted and made again has new ones and is read from its start",
  );
}

function toReaderShard({ id, state }: Shard): ReaderShard {
  return {
    shardId: id,
    ...(state.parentIndex === undefined ? {} : { parentShardId: formatShardId(state.parentIndex) }),
    ...(state.adjacentParentIndex === undefined
      ? {}
      : { adjacentParentShardId: formatShardId(state.adjacentParentIndex) }),
    closed: state.closed !== undefined,
  };
}
